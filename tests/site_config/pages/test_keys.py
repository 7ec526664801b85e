"""What is asked for, whatever is written around it."""

import pytest

from site_config.pages import keys
from site_config.pages.keys import key, known_names, page_key, parameters_of, query_of

ARTICLE = "/one/"


@pytest.fixture(autouse=True)
def proof(monkeypatch):
    monkeypatch.setitem(keys._proofs, "c", lambda token: token == "genuine")


def test_it_works():
    assert key(ARTICLE, "") == ARTICLE
    assert key(ARTICLE, "after=3") == (ARTICLE, (("after", "3"),))


@pytest.mark.parametrize(
    "query",
    [
        "after=3&sort=newest",
        "sort=newest&after=3",
        "x=1&after=3&&sort=newest&",
        "%61fter=3&s%6Frt=newest",
        "after=1&after=3&sort=newest",
    ],
)
def test_one_question_has_one_key(query):
    assert key(ARTICLE, query) == (ARTICLE, (("after", "3"), ("sort", "newest")))


@pytest.mark.parametrize(
    "query", ["AFTER=3", "after[]=3", "after%20=3", "+after=3", "a%66ter%00x=3", ";after=3", "x=after", "%", "%zz", "=after"]
)
def test_what_only_looks_like_it_is_none(query):
    assert key(ARTICLE, query) in {ARTICLE, None}


@pytest.mark.parametrize(
    "query",
    ["after=%ff", "after=%c0%ae", "after=%ed%a0%80", "after=%00", "%00=1", "after=" + "1" * 3000, "c=genuine", "c=x&c=genuine"],
)
def test_django_judges_these(query):
    assert key(ARTICLE, query) is None


def test_an_endless_path_is_not_remembered():
    before = parameters_of.cache_info().currsize
    assert key("/" + "a" * 10_000 + "/", "after=3") is None
    assert key("/" + "a" * 10_000 + "/", "%") is None
    assert parameters_of.cache_info().currsize == before


@pytest.mark.parametrize("value", ["3", "", "a b&c=d", "ä", "%", "+", "\n", "=", "😀"])
def test_a_key_and_its_query_say_the_same(value):
    made = (ARTICLE, (("after", value),))
    assert key(ARTICLE, query_of(made)) == made


@pytest.mark.parametrize(
    ("method", "host", "path"),
    [
        ("POST", "testserver", "/"),
        ("GET", "evil.example", "/"),
        ("GET", "testserver:80", "/"),
        ("GET", "testserver.", "/"),
        ("GET", "", "/"),
        ("GET", "testserver", "/admin/"),
        ("GET", "testserver", "/accounts/login/"),
        ("GET", "testserver", "/health/live/"),
        ("GET", "testserver", "//"),
        ("GET", "testserver", ""),
    ],
)
def test_what_is_never_kept(method, host, path):
    assert page_key(method, host, path, "") is None


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "TestServer"])
def test_the_case_of_the_host_does_not_matter(host):
    assert page_key("GET", host, "/", "") == "/"


def test_only_known_and_proven_names_count():
    names, around = frozenset({"after"}), frozenset({"c"})
    assert known_names({"after": "1", "x": "1", "c": "forged"}, names, around) == {"after"}
    assert known_names({"c": "genuine"}, names, around) == {"c"}
