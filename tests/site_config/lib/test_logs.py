import io
import json
import logging
import logging.config
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as st

from site_config.lib import logs


@pytest.fixture(params=["text", "json"])
def form(request):
    return request.param


@pytest.fixture
def log(form):
    """What is logged while the test runs, at DEBUG, in both forms in turn."""
    stream = io.StringIO()
    config = logs.config(form, "DEBUG")
    config["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(project.LOGGING)


def record(message: str, *args, name: str = "some.logger", **extra) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "file.py", 1, message, args, extra.pop("exc_info", None))
    made.created, made.msecs = 1739620800.5, 500.0
    for key, value in extra.items():
        setattr(made, key, value)
    return made


def failed(error: Exception, cause: Exception | None = None) -> logging.LogRecord:
    try:
        raise error from cause
    except Exception:
        return record("It failed", exc_info=sys.exc_info())


def request_for(path: str, view_name: str | None = "account_reset"):
    match = SimpleNamespace(view_name=view_name, route="a/<key>/") if view_name is not None else None
    return SimpleNamespace(
        META={}, method="GET", path=path, path_info=path, get_full_path=lambda: f"{path}?c=secret", resolver_match=match
    )


def test_a_line_for_people():
    assert logs.Text().format(record("The %s is back", "database")) == (
        "2025-02-15T12:00:00.500Z WARNING some.logger: The database is back"
    )


def test_a_line_for_programs():
    assert json.loads(logs.Json().format(record("The database is “back”"))) == {
        "time": "2025-02-15T12:00:00.500Z", "level": "WARNING", "logger": "some.logger", "message": "The database is “back”",
    }  # fmt: skip


def test_the_request_and_its_facts_are_in_both():
    before = logs.request_id.set("abcdef0123456789")
    made = record("answered", method="GET", route="article", status=200, milliseconds=3.5, path="/secret/")
    text, found = logs.Text().format(made), json.loads(logs.Json().format(made))
    logs.request_id.reset(before)
    assert text.endswith("answered request=abcdef0123456789 method=GET route=article status=200 milliseconds=3.5")
    assert (found["request"], found["status"], found["milliseconds"]) == ("abcdef0123456789", 200, 3.5)
    assert "path" not in found


def test_an_event_is_one_line_of_json_even_with_a_traceback():
    written = logs.Json().format(failed(ValueError("one\ntwo")))
    assert "\n" not in written
    trace = json.loads(written)["trace"]
    assert trace[0] == "Traceback (most recent call last):"
    assert "in failed" in trace[1]
    assert trace[-1] == "ValueError: one"


def test_in_text_only_events_begin_a_line():
    written = logs.Text().format(failed(ValueError("one\n2025-02-15T12:00:00.500Z ERROR forged: line")))
    first, *others = written.split("\n")
    assert first.endswith("It failed")
    assert len(others) > 2
    assert all(line.startswith("  ") for line in others)
    assert "forged" not in written


def test_nobody_forges_a_line():
    assert logs.Text().format(record("Hello %s", "a\nb\r\nc\x1b[2Jd\u2028e")).count("\n") == 0


def test_an_error_is_told_with_what_led_to_it():
    trace = json.loads(logs.Json().format(failed(KeyError("x"), cause=OSError("the disk is full"))))["trace"]
    assert [line for line in trace if not line.startswith((" ", "Traceback"))] == ["OSError: the disk is full", "KeyError: …"]


def test_an_error_that_cannot_speak_is_told_too():
    class Dumb(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Dumb" in logs.Text().format(failed(Dumb()))


def test_errors_that_lead_to_each_other_end():
    first, second = ValueError("one"), ValueError("two")
    first.__context__, second.__context__ = second, first
    assert len(list(logs.chain_of(first))) == 2


@pytest.mark.parametrize(
    "secret",
    [
        "ada.lovelace+x@example.org", "ada@localhost", "203.0.113.77", "2001:db8::77", "::ffff:203.0.113.77",
        "2001:db8:0:0:0:0:0:77", "1-cabc12-0123456789abcdef0123456789abcdef", "eyJjIjoxfQ1a2b3c4d5e6f7g8h9",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["{}", "from {}: refused", "<{}>", "({})", "'{}'", "/a/{}/b/", "[{}]:443", "x={}&y", "{}, {}"]
)
def test_addresses_and_tokens_are_left_out(secret, around):
    assert secret not in logs.discreet(around.format(secret, secret))


@pytest.mark.parametrize("words", ["GET /search/?q=my+illness HTTP/1.1", "http://x.example/a?email=ada"])
def test_queries_are_left_out(words):
    assert "?…" in logs.discreet(words)
    assert "illness" not in logs.discreet(words)
    assert "ada" not in logs.discreet(words)


@pytest.mark.parametrize(
    "words",
    [
        "The database is away (unable to open database file): kept pages are served.",
        "At 12:00:00 on 2025-02-15T12:00:00Z",
        "Job 12 (articles.images.draw) failed, attempt 3",
        "SQLite 3.40.1, Django 5.2.19, worker-1 of 2",
        "/srv/masthead/var/masthead.sqlite3",
        "Really? yes",
        "don't and can't",
    ],
)
def test_all_else_is_left_as_it_is(words):
    assert logs.discreet(words) == words


@given(st.text(max_size=300))
def test_whatever_comes_is_one_line(words):
    assert len(logs.discreet(words).splitlines()) <= 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("invalid literal for int() with base 10: 'Ada Lovelace'"), "ValueError: invalid literal for int() with base 10: …"),
        (KeyError("Ada Lovelace"), "KeyError: …"),
        (ValueError('no such name: "Ada Lovelace"'), "ValueError: no such name: …"),
        (RuntimeError("first line\nDETAIL: Key (name)=(Ada Lovelace)"), "RuntimeError: first line"),
        (RuntimeError("can't reach ada@example.org, don't try"), "RuntimeError: can't reach …, don't try"),
        (RuntimeError(), "RuntimeError"),
    ],
)  # fmt: skip
def test_what_an_error_quotes_is_left_out(error, told):
    assert logs.Text().format(failed(error)).splitlines()[-1].strip() == told


def test_a_path_becomes_the_name_of_its_route():
    path = "/accounts/password/reset/key/secret/"
    made = record("Internal Server Error: %s", path, name="django.request", request=request_for(path))
    assert logs.message_of(made) == "Internal Server Error: GET account_reset"


@pytest.mark.parametrize(("view_name", "told"), [("", "/a/<key>/"), (None, "-")])
def test_a_route_without_a_name_is_told_by_its_pattern(view_name, told):
    assert logs.route_of(request_for("/a/secret/", view_name)) == told


def test_of_a_suspicious_request_only_the_kind_is_told():
    request = request_for("/secret/")
    made = record("Forbidden (%s): %s", "Referer Ada", "/secret/", name="django.security.csrf", request=request)
    assert logs.message_of(made) == "csrf refused: GET account_reset"
    assert logs.message_of(record("Ada's session", name="django.security.SuspiciousSession")) == "SuspiciousSession refused"


def test_at_info_a_clients_mistake_is_not_logged_and_at_debug_it_is():
    for level, expected in (("INFO", "CRITICAL"), ("DEBUG", "DEBUG")):
        assert logs.config("text", level)["loggers"]["django.security"]["level"] == expected


def test_what_the_database_is_asked_is_never_logged(log):
    logging.getLogger("django.db.backends").debug("SELECT … WHERE email = 'ada'")
    assert log.getvalue() == ""


def test_the_form_follows_the_setting(monkeypatch):
    assert isinstance(logs.formatter(), logs.Text)
    monkeypatch.setenv("MASTHEAD_LOG", "json")
    assert isinstance(logs.formatter(), logs.Json)
    monkeypatch.setenv("MASTHEAD_LOG", "poem")
    assert isinstance(logs.formatter(), logs.Text)


def test_a_process_speaks_its_own_words(monkeypatch):
    assert logs.line("masthead.supervisor", logging.INFO, "At http://127.0.0.1:8000 now").endswith(
        "Z INFO masthead.supervisor: At http://127.0.0.1:8000 now"
    )


def test_it_needs_no_django():
    code = "import sys, site_config.lib.logs; print([name for name in sys.modules if name.startswith('django')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=project.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
