"""What the shells get without waking Django, with a store on a real SQLite file."""

import time

import pytest

from site_config.lib import session_keys
from site_config.pages import answering, keys
from site_config.pages.answering import answer
from site_config.pages.store import Drawn
from tests.site_config.pages.test_store import NEVER, database, store  # noqa: F401 (fixtures)

BODY = b"<p>The same for every reader.</p>" * 40


@pytest.fixture
def kept(store, monkeypatch):  # noqa: F811
    monkeypatch.setattr(answering, "the_store", lambda: store)
    page = Drawn([("Content-Type", "text/html; charset=utf-8")], BODY, ("site",), (0,), time.time(), NEVER)
    for key in ("/", ("/", (("before", "3"),))):
        store.keep(key, store.made(page, "gzip"))
    return store


def ask(method="GET", host="testserver", path="/", query="", **headers):
    return answer(method, host, path, query, {name.replace("_", "-"): value for name, value in headers.items()})


def test_it_works(kept):
    found = ask()
    assert (found.status, found.body) == (200, BODY)
    assert dict(found.headers)["Content-Length"] == str(len(BODY))


def test_the_coding_is_the_readers(kept):
    found = ask(accept_encoding="gzip, br")
    assert dict(found.headers)["Content-Encoding"] == "br"
    assert len(found.body) < len(BODY)


def test_who_has_it_gets_304_without_a_body(kept):
    tag = dict(ask(accept_encoding="br").headers)["ETag"]
    found = ask(accept_encoding="br", if_none_match=f"W/{tag}")
    assert (found.status, found.body) == (304, b"")
    assert dict(found.headers)["ETag"] == tag
    assert not [name for name, _ in found.headers if name.startswith("Content-")]


def test_head_has_the_headers_and_no_body(kept):
    found = ask("HEAD")
    assert found.body == b""
    assert found.headers == ask().headers


def test_while_the_database_is_away_the_answer_says_so(kept):
    kept.away = "masthead; hit"
    assert dict(ask().headers)["Cache-Status"] == "masthead; hit"
    kept.away = ""
    assert "Cache-Status" not in dict(ask().headers)


@pytest.mark.parametrize("query", ["utm_source=x", "fbclid=1&x=1,2,3", "=", "a" * 100, "&&&", "sort=newest"])
def test_what_the_page_does_not_know_is_no_part_of_the_question(kept, query):
    assert ask(query=query).body == BODY


def test_what_it_knows_is(kept):
    assert ask(query="before=3&utm_source=x").status == 200
    assert ask(query="before=1&before=3").status == 200
    assert ask(query="before=4") is None


@pytest.mark.parametrize(
    "question",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"host": "evil.example"},
        {"host": ""},
        {"host": "testserver:81"},
        {"path": "//"},
        {"path": "/."},
        {"path": "/nowhere/"},
        {"query": "before=%00"},
        {"query": "before=%ff"},
        {"query": "before=" + "a" * 3000},
        {"query": "before=1&" + "&".join(f"x{n}=1" for n in range(100))},
    ],
)
def test_django_judges_the_rest(kept, question):
    assert ask(**question) is None


@pytest.mark.parametrize("query", ["x=" + "a" * 3000, "&".join(f"x{n}=1" for n in range(100))])
def test_an_endless_query_that_says_nothing_is_no_question(kept, query):
    assert ask(query=query).body == BODY


def test_a_genuine_session_goes_round_the_store(kept):
    assert ask(cookie=f"a=b; sessionid={session_keys.new_key()}") is None


@pytest.mark.parametrize("cookie", ["theme=dark", "sessionid=x", "a=b; sessionid=" + "a" * 40, "sessionid"])
def test_other_cookies_change_nothing(kept, cookie):
    assert ask(cookie=cookie).body == BODY


@pytest.fixture
def proof(monkeypatch):
    monkeypatch.setitem(keys._proofs, "c", lambda token: token == "genuine")


def test_a_genuine_token_goes_round_the_store(proof):
    assert keys.key("/one/", "c=genuine") is None
    assert keys.key("/one/", "after=3&c=genuine") is None


@pytest.mark.parametrize("query", ["c=forged", "c=", "c", "%63=forged", "x=c"])
def test_a_forged_one_does_not(proof, query):
    assert keys.key("/one/", query) == "/one/"


def test_the_key_is_the_path_and_what_its_view_knows(proof):
    assert keys.key("/one/", "after=3&sort=newest&x=1") == ("/one/", (("after", "3"), ("sort", "newest")))
    assert keys.key("/one/", "%61fter=3") == ("/one/", (("after", "3"),))
    assert keys.key("/", "after=3") == "/"


def test_a_key_says_its_query_again():
    assert keys.query_of(("/one/", (("after", "3"), ("sort", "a b&c")))) == "after=3&sort=a+b%26c"
    assert keys.query_of("/one/") == ""
