from contextlib import closing, nullcontext
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.urls import include, path

from site_config import pages, wsgi

pytestmark = pytest.mark.django_db(transaction=True)  # the end of a request closes the connection
urlpatterns = [
    path("keys/", lambda request: HttpResponse("\n".join(sorted(request.META)))),
    path("", include("site_config.urls")),
]


@pytest.fixture
def ask(settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.MEDIA_ROOT = tmp_path
    application = wsgi.Application()

    def ask(place, method="GET", **keys):
        answer = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": place, "HTTP_HOST": "127.0.0.1", "wsgi.input": BytesIO()}
        environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.url_scheme": "http"} | keys
        body = application(environ, lambda status, headers, error=None: answer.extend((status, dict(headers))))
        with closing(body) if hasattr(body, "close") else nullcontext():
            return answer[0], answer[1], b"".join(body)

    return ask


def test_only_cgi_http_and_wsgi_keys_reach_django(ask):
    status, _, body = ask("/keys/", DATABASE_URL="postgres://secret", HTTP_PROXY="http://proxy")
    assert status == "200 OK"
    assert b"DATABASE_URL" not in body
    assert b"HTTP_PROXY" not in body
    assert b"HTTP_HOST" in body


def test_a_kept_page(ask, monkeypatch):
    seen = []

    def answer(method, host, path, query, headers):
        seen.append((method, host, path, headers.get("accept-encoding"), headers.get("cookie")))
        return 200, [("ETag", '"x"')], b"kept"

    monkeypatch.setattr(pages, "answer", lambda *request: pages.answering.Answer(*answer(*request)))
    assert ask("/caf\xc3\xa9/", HTTP_ACCEPT_ENCODING="br") == ("200 OK", {"ETag": '"x"'}, b"kept")
    assert seen[0] == ("GET", "127.0.0.1", "/café/", "br", None)


def test_a_picture(ask, tmp_path):
    place = f"/media/{'ab' * 32}.gif"
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / f"{'ab' * 32}.gif").write_bytes(b"GIF89a")
    assert ask(place)[2] == b"GIF89a"
    assert ask(place, "HEAD")[2] == b""
    assert ask(place, HTTP_IF_NONE_MATCH=f'"{"ab" * 32}"')[0] == "304 Not Modified"


@pytest.mark.parametrize("place", ["/none/", "/media/none.gif", "/\xff", "/static/../secret_key"])
def test_what_is_not_there(ask, place):
    assert ask(place)[0] == "404 Not Found"
