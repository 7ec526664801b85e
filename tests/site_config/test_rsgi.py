import asyncio
import os
import sys
import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from site_config import pages, rsgi
from site_config.lib import session_keys
from site_config.operations import gateway
from site_config.pages.kept import Answer
from tests.site_config.operations.rsgi import Headers, Protocol, Scope

HOST = ("host", "127.0.0.1")


def boom(request):
    raise RuntimeError("secret words")


@csrf_exempt
def echo(request):
    return HttpResponse(f"{request.method} {request.POST.get('name')}")


urlpatterns = [
    path("echo/", echo),
    path("stream/", lambda request: StreamingHttpResponse([b"one ", b"two"])),
    path("empty/", lambda request: HttpResponse(status=204)),
    path("boom/", boom),
    path("", include("site_config.urls")),
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr(rsgi, "OPENED_AFTER", 0.0)
    app = rsgi.Application()
    yield app
    app.threads.shutdown()


def ask(app, *chunks, **scope):
    async def asking():
        await app.__rsgi__(Scope(**scope), protocol)
        await asyncio.sleep(0.01)

    protocol = Protocol(*chunks)
    asyncio.run(asking())
    return protocol


def form(length):
    return Headers(HOST, ("content-type", "application/x-www-form-urlencoded"), ("content-length", str(length)))


def test_it_works(app):
    answer = ask(app, b"name=", b"Ada", method="POST", path="/echo/", headers=form(8))
    assert (answer.status, answer.body) == (200, b"POST Ada")


def test_a_kept_page_is_answered_without_django(app, monkeypatch):
    monkeypatch.setattr(app, "django", None)
    monkeypatch.setattr(pages, "answer", lambda *request: Answer(200, [("X-Asked", " ".join(request[:4]))], b"kept"))
    answer = ask(app, path="/a/", query_string="b=c")
    assert (answer.status, answer.body) == (200, b"kept")
    assert answer.headers == {"X-Asked": "GET 127.0.0.1 /a/ b=c"}


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux gives threads priorities of their own.")
def test_django_leaves_the_processor_to_the_loop(app):
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    assert app.threads.submit(priority).result() == before + rsgi.NICE
    assert priority() == before


def test_a_picture_is_answered_without_django(app, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / f"{'ab' * 32}.gif").write_bytes(b"GIF89a")
    monkeypatch.setattr(app, "django", None)
    assert ask(app, path=f"/media/{'ab' * 32}.gif").body == b"GIF89a"
    head = ask(app, method="HEAD", path=f"/media/{'ab' * 32}.gif")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "6")


def test_a_streamed_answer_comes_whole_and_with_its_length(app):
    answer = ask(app, path="/stream/")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"one two", "7")


def test_an_answer_without_a_body(app):
    assert ask(app, path="/empty/").status == 204


@pytest.mark.parametrize(
    "scope",
    [
        {"path": "*", "method": "OPTIONS"},
        {"path": "", "method": "CONNECT"},
        {"path": "/", "method": "CONNECT"},
        {"headers": Headers(("host", "127.0.0.1"), ("host", "example.org"))},
        {"headers": Headers(("host", ""))},
        {"headers": Headers(("host", "evil.example"))},
        {"authority": "evil.example"},
    ],
)
def test_targets_and_hosts_that_are_none_of_ours(app, scope):
    assert ask(app, **scope).status == 400


@pytest.mark.parametrize("place", ["/\x00", "/\ufffd", "/static/../settings.py", "//evil.example/"])
def test_odd_paths_are_not_found(app, place):
    assert ask(app, path=place).status == 404


def test_a_half_sent_form_is_given_up(app, monkeypatch):
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.05)
    answer = ask(app, b"name=", None, method="POST", path="/echo/", headers=form(8))
    assert answer.status == 408
    assert answer.headers["Connection"] == "close"


def test_a_huge_body_is_refused_without_an_end_of_it(app, monkeypatch):
    monkeypatch.setattr(gateway, "DRAIN_SECONDS", 0.05)
    assert ask(app, None, method="POST", path="/echo/", headers=form(10_000_001)).status == 413


def test_staff_may_send_pictures(app):
    readers, staff = Headers(HOST), Headers(HOST, ("cookie", f"a=1; sessionid={session_keys.new_key()}"))
    assert rsgi.most_bytes(readers) == 10_000_000
    assert rsgi.most_bytes(Headers(HOST, ("cookie", "sessionid=forged"))) == 10_000_000
    assert rsgi.most_bytes(staff) > 20_000_000


@override_settings(DEBUG=False, DEBUG_PROPAGATE_EXCEPTIONS=False)
def test_a_failing_view_tells_nothing(app):
    answer = ask(app, path="/boom/")
    assert answer.status == 500
    assert b"secret" not in answer.body


def test_a_failing_shell_tells_nothing(app, monkeypatch):
    monkeypatch.setattr(pages, "answer", boom)
    answer = ask(app)
    assert (answer.status, answer.body) == (500, b"Something went wrong here")
