"""A journey of everything that people type, with the log at its most talkative: nothing of theirs is in it."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.conf import settings as project
from django.core import mail
from django.test import Client

from articles import views
from site_config.jobs.runner import run_due
from site_config.lib import logs
from site_config.operations.signin import one_time_link
from tests.comments.making import send
from tests.factories import make_article, make_user
from tests.site_config.jobs import tasks

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"
PROXIED = "198.51.100.9"
NAME = "Adalovelace"
MAIL = "ada@lovelace.example"
BROWSER = "PeculiarBrowser"
WORDS = "confidential thought"
PASSWORD = "an-unusual-password"
SEARCH = "illness"
VISITOR = {
    "REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": f"{BROWSER}/1.0", "HTTP_X_FORWARDED_FOR": PROXIED,
    "HTTP_REFERER": f"https://elsewhere.example/{NAME}",
}  # fmt: skip


@pytest.fixture(params=["text", "json"])
def log(request):
    stream = io.StringIO()
    config = logs.config(request.param, "DEBUG")
    config["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(project.LOGGING)


@pytest.fixture
def visitor():
    client = Client(raise_request_exception=False, **VISITOR)
    client.defaults |= VISITOR
    return client


def comment(visitor) -> str:
    article = make_article()
    answer = send(visitor, article, name=NAME, email=MAIL, text=WORDS, network=ADDRESS)
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert visitor.get(place).status_code == 200
    return re.search(r"c=([^#]+)", place)[1]


def fail_to_sign_in(visitor) -> None:
    for _ in range(7):
        visitor.post("/accounts/login/", {"login": MAIL, "password": PASSWORD})
        visitor.post("/accounts/login/", {"login": NAME, "password": PASSWORD})


def ask_for_a_reset(visitor, monkeypatch) -> str:
    user = make_user(username=NAME, email=MAIL, password=PASSWORD)
    visitor.post("/accounts/password/reset/", {"email": MAIL})
    assert len(mail.outbox) == 1
    path = one_time_link(user).removeprefix(project.SITE_URL)
    key = path.rstrip("/").rpartition("/")[2]
    with monkeypatch.context() as broken:
        broken.setattr("allauth.account.views.PasswordResetFromKeyView.dispatch", lambda view, request, **_: fail())
        assert visitor.get(path).status_code == 500
    assert visitor.get(path).status_code == 302
    return key.partition("-")[2]


def fail() -> None:
    try:
        raise KeyError(NAME)
    except KeyError as error:
        raise ValueError(f"{NAME!r} of {MAIL} at {ADDRESS} wrote\n{WORDS}") from error


def run_into_a_fault(visitor, token, monkeypatch) -> None:
    place = make_article().get_absolute_url()
    with monkeypatch.context() as broken:
        broken.setattr(views.share, "links", lambda *args: fail())
        assert visitor.get(f"{place}?c={token}&email={MAIL}").status_code == 500


def be_refused(visitor) -> None:
    strict = Client(enforce_csrf_checks=True, **VISITOR)
    strict.post("/accounts/login/", {"login": MAIL, "password": PASSWORD})
    visitor.get("/", headers={"host": f"{NAME}.example"})
    visitor.get(f"/{NAME}/?q={SEARCH}")
    visitor.get(f"/search/?q={SEARCH}")
    visitor.put(f"/?q={SEARCH}")


def fail_in_the_background() -> None:
    tasks.fail.enqueue(f"no mail for '{NAME}' {MAIL}")
    run_due()


def test_nothing_personal_is_logged(visitor, log, monkeypatch):
    token = comment(visitor)
    fail_to_sign_in(visitor)
    key = ask_for_a_reset(visitor, monkeypatch)
    run_into_a_fault(visitor, token, monkeypatch)
    be_refused(visitor)
    fail_in_the_background()
    written = log.getvalue()
    personal = [ADDRESS, PROXIED, NAME, MAIL, BROWSER, WORDS, PASSWORD, SEARCH, token, key, "elsewhere", "?c=", "?q="]
    assert [word for word in personal if word.lower() in written.lower()] == []
    for told in (
        "account_login",
        "account_reset_password_from_key",
        "Internal Server Error",
        "KeyError",
        "ValueError",
        "Trouble",
    ):
        assert told in written


def test_a_fault_can_be_found_by_the_number_that_the_reader_was_given(visitor, log, monkeypatch):
    monkeypatch.setattr(views.share, "links", lambda *args: fail())
    answer = visitor.get(make_article().get_absolute_url())
    number = answer["X-Request-ID"]
    assert f"<code>{number}</code>" in answer.content.decode()
    assert log.getvalue().count(number) == 2


def test_every_line_of_a_request_is_whole(visitor, log, monkeypatch):
    monkeypatch.setattr(views.share, "links", lambda *args: fail())
    visitor.get(make_article().get_absolute_url())
    if log.getvalue().startswith("{"):
        events = [json.loads(line) for line in log.getvalue().splitlines()]
        assert [(event["logger"], event["level"]) for event in events] == [
            ("django.request", "ERROR"), ("masthead.requests", "INFO"),
        ]  # fmt: skip
        assert events[0]["trace"][-1].startswith("ValueError: … of …")
        assert {"method": "GET", "route": "article", "status": 500}.items() <= events[1].items()
    else:
        assert "method=GET route=article status=500 milliseconds=" in log.getvalue()
