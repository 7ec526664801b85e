from __future__ import annotations

import re
from html import unescape

import pytest

from articles import search_views
from articles.search import index
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def body(client, **query) -> str:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return unescape(re.sub(r"</?mark>", lambda tag: "[" if tag[0] == "<mark>" else "]", answer.content.decode()))


def test_it_works(client):
    make_article(title="Corporate control", body="<p>Who controls the models?</p>", summary="")
    page = body(client, q="control")
    assert "Corporate [control]" in page
    assert "Who [controls] the models?" in page
    assert "1 article, best match first" in page


def test_without_words_it_says_what_is_looked_through(client):
    assert "What are you looking for?" in body(client)


def test_words_to_leave_out_alone_find_nothing_and_that_is_said(client):
    assert "There is no word to look for" in body(client, q="-only")


def test_nothing_found(client):
    page = body(client, q="quixotry")
    assert "Nothing matches “quixotry”" in page
    assert "/tag/" in page


def test_filters_alone_list_the_newest_first(client):
    make_article(title="Tagged", tags=["Energy"])
    page = body(client, q="tag:energy")
    assert "1 article, newest first" in page
    assert "Tagged" in page


def test_filters_alone_have_no_best_matches(client, monkeypatch):
    monkeypatch.setattr(index, "MOST", 11)
    monkeypatch.setattr(search_views, "MOST", 11)
    for number in range(12):
        make_article(title=f"Number {number}", body="<p>alike</p>", summary="")
    page = body(client, q="since:2024")
    assert "The newest 11 articles, newest first" in page
    assert "Best" not in page
    assert "← Newest" in body(client, q="since:2024", **{"from": "10"})


def test_as_many_as_are_ranked_are_the_best(client, monkeypatch):
    monkeypatch.setattr(search_views, "MOST", 1)
    make_article(title="Energy")
    assert "The best 1 articles, best match first" in body(client, q="energy")


@pytest.mark.parametrize("typed", ["since:2024-13", "since:yesterday", "until:—"])
def test_what_is_no_day_is_named_at_the_field(client, typed):
    page = body(client, q=f"power {typed}")
    assert f"“{typed}” is no day. “since:” and “until:” take a year, a month or a day" in page
    assert f'value="power {typed}" maxlength="400" aria-invalid="true" aria-describedby="q-error q-hint"' in page


def test_a_day_is_not_complained_of(client):
    page = body(client, q="power since:2024-12")
    assert "is no day" not in page
    assert "aria-invalid" not in page


@pytest.mark.parametrize("kind", ["articles", "comments"])
@pytest.mark.parametrize("typed", ["tag:nothing", "author:nobody"])
def test_an_unknown_name_has_its_form_explained(client, kind, typed):
    assert "take a whole name" in body(client, q=typed, **{"in": kind})
    assert "take a whole name" not in body(client, q="quixotry", **{"in": kind})


def test_what_was_typed_comes_back_and_is_no_markup(client):
    page = client.get("/search/", {"q": '<b>"x'}).content.decode()
    assert 'value="&lt;b&gt;&quot;x"' in page
    assert "<b>" not in page


def test_pages_of_results_lead_on_and_back(client):
    for number in range(12):
        make_article(title=f"Number {number}", body="<p>alike</p>", summary="")
    assert "?q=alike&from=10" in body(client, q="alike")
    last = body(client, q="alike", **{"from": "10"})
    assert last.count("<li><article") == 2
    assert "← Best matches" in last
    assert body(client, q="alike", **{"from": "x"}).count("<li><article") == 10


def test_it_is_not_for_search_engines_nor_for_shared_caches(client):
    answer = client.get("/search/", {"q": "a"})
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in answer


@pytest.mark.parametrize("count", [1, 9])
def test_the_page_costs_the_same_whatever_is_found(client, count, django_assert_num_queries):
    for number in range(count):
        make_article(title=f"Number {number}", body="<p>alike</p>", summary="")
    client.get("/search/", {"q": "alike"})
    with django_assert_num_queries(3):
        client.get("/search/", {"q": "alike"})


def test_suggestions(client):
    made = make_article(title="Superintelligence and us")
    answer = client.get("/search/suggestions/", {"q": "superint"})
    assert answer.json() == [{"title": made.title, "address": made.get_absolute_url()}]
    assert client.get("/search/suggestions/", {"q": "s"}).json() == []


def test_browsers_can_search_here(client):
    page = client.get("/search/opensearch.xml").content.decode()
    assert "/search/?q={searchTerms}" in page
    assert "opensearch.xml" in client.get("/").content.decode()


def test_only_asking_is_possible(client):
    assert client.post("/search/").status_code == 405
