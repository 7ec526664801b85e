"""What people get while the database is away."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from site_config.outage import DatabaseAway, away, typed

LONG = "A text that somebody spent the better part of an evening on."


def posted(**fields):
    return RequestFactory().post("/somewhere/", fields)


def page(request) -> str:
    answer = away(request)
    assert answer.status_code == 503
    return answer.content.decode()


def test_it_works():
    answer = away(RequestFactory().get("/"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Cache-Control"] == "no-store"
    assert "The database does not answer just now" in answer.content.decode()


def test_what_was_typed_is_given_back():
    shown = page(posted(body=LONG, title="Short", slug="short"))
    assert LONG in shown
    assert "Short" in shown
    assert "copy it somewhere safe" in shown
    assert list(typed(posted(slug="short"))) == []


@pytest.mark.parametrize(
    "name",
    [
        "password", "password1", "password2", "oldpassword", "old_password", "new_password1", "new_password2", "Password", "passphrase",
        "csrfmiddlewaretoken", "token", "fresh", "c_token", "secret", "client_secret", "totp_secret", "code", "otp", "recovery_code",
        "credential", "login", "username", "email", "sessionid", "signature", "api_key", "key", "user_pwd",
    ],
)  # fmt: skip
def test_a_secret_is_not(name):
    request = posted(**{name: LONG, "body": "x" * 30})
    assert [text for _, text in typed(request)] == ["x" * 30]
    assert LONG not in page(request)


@pytest.mark.parametrize(
    "name", ["title", "subtitle", "summary", "body", "text", "biography", "note", "reason", "passage", "keywords"]
)
def test_what_editors_and_readers_write_is(name):
    assert list(typed(posted(**{name: LONG}))) == [(name.capitalize(), LONG)]


def test_it_comes_back_as_text_and_nothing_else():
    bad = '</textarea><script>alert("x")</script>' + "\n & more" * 5
    shown = page(posted(**{"body": bad, '"><img src=x onerror=alert(1)>': LONG}))
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "&lt;/textarea&gt;&lt;script&gt;" in shown


def test_a_long_text_comes_back_whole():
    text = "".join(f"line {number}\n" for number in range(50_000))
    assert text in page(posted(body=text))


def test_a_text_that_begins_with_an_empty_line_keeps_it():
    assert f">\n\n{LONG}" in page(posted(body=f"\n{LONG}"))


def test_all_values_of_a_field_come_back():
    assert [text for _, text in typed(RequestFactory().post("/", {"body": [LONG, LONG[::-1]]}))] == [LONG, LONG[::-1]]


def test_an_address_gives_nothing_back():
    request = RequestFactory().get("/", {"body": LONG})
    assert LONG not in page(request)


def test_a_form_that_cannot_be_read_is_no_second_error(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert "could not be saved" in page(posted(a=LONG, b=LONG, c=LONG))
    broken = RequestFactory().post("/", b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
    assert "could not be saved" in page(broken)


@pytest.mark.parametrize(("error", "is_away"), [(OperationalError(), True), (InterfaceError(), True), (ValueError(), False)])
def test_only_the_database_is_answered_for(error, is_away):
    middleware = DatabaseAway(lambda request: HttpResponse())
    answer = middleware.process_exception(RequestFactory().get("/"), error)
    assert (answer is not None) == is_away
