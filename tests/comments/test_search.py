"""Searching among comments, on both databases."""

from __future__ import annotations

import pytest

from articles import publishing, search_views
from articles.search import index, rebuilding
from articles.search.query import parse
from comments import editing, moderation, search
from comments.models import Comment
from tests.articles.search.hostile import HOSTILE
from tests.comments.making import make_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
HERE = "192.0.2.1"


@pytest.fixture
def article():
    return make_article(title="On turbines", slug="turbines", tags=["Energy"])


@pytest.fixture
def editor():
    return make_user(is_superuser=True)


def found(typed: str) -> list[int]:
    return [result.comment.pk for result in search.find(parse(typed)).results]


def test_it_works(client, article):
    comment = make_comment(article, name="Ines", text="The *turbines* were regulating themselves.")
    page = text_of(client.get("/search/", {"q": "regulation turbine", "in": "comments"}))
    assert f'href="/comments/{comment.pk}/"' in page
    assert "<mark>turbines</mark> were <mark>regulating</mark>" in page
    assert "1 comment, best match first" in page


def test_a_writer_is_found_by_their_name(article):
    by_her = make_comment(article, name="Ines Duarte", text="Short.")
    named = make_comment(article, name="Omar", text="As Ines said above, among very many other things.")
    assert found("ines") == [by_her.pk, named.pk]
    assert found('author:"ines duarte"') == [by_her.pk]
    assert found('ines -author:"ines duarte"') == [named.pk]


def test_only_what_readers_see_is_found(article, editor):
    held = make_comment(article, text="unmistakable", held=True)
    assert found("unmistakable") == []
    moderation.approve(held, by=editor)
    assert found("unmistakable") == [held.pk]
    held.refresh_from_db()
    decided = moderation.remove(held, by=editor).decision
    assert found("unmistakable") == []
    moderation.undo(decided, by=editor)
    assert found("unmistakable") == [held.pk]


def test_other_words_and_words_taken_back(article):
    comment = make_comment(article, text="Former words.", address=HERE)
    editing.edit(comment, text="Latter words.", address=HERE)
    assert found("former") == []
    assert found("latter") == [comment.pk]
    editing.withdraw(comment, address=HERE)
    assert found("latter") == []


@pytest.mark.parametrize("change", ["withdraw", "unlist", "off"])
def test_nothing_is_found_under_what_lists_do_not_name(article, change):
    make_comment(article, text="unmistakable")
    if change == "withdraw":
        publishing.withdraw(article, by=None)
    elif change == "unlist":
        publishing.set_visibility(article, "unlisted", by=None)
    else:
        publishing.set_comment_policy(article, "off", by=None)
    assert found("unmistakable") == []


def test_filters(article):
    comment = make_comment(article, text="unmistakable")
    assert found("tag:energy unmistakable") == [comment.pk]
    assert found("tag:energy") == [comment.pk]
    assert found("tag:other unmistakable") == []
    assert found("-tag:energy unmistakable") == []
    assert found("-tag:other unmistakable") == [comment.pk]
    assert found("until:2020 unmistakable") == []
    assert found("unmistakable -unmistakable") == []


def test_rebuilding_finds_the_same(article):
    comment = make_comment(article, text="unmistakable")
    gone = make_comment(article, text="unmistakable")
    Comment.objects.filter(pk=gone.pk).update(reported=0)
    assert search.rebuild() == 2
    assert set(found("unmistakable")) == {comment.pk, gone.pk}
    assert search.rebuild in rebuilding.others


def test_a_misspelt_word_is_put_right_and_that_is_said(client):
    article = make_article(title="The power struggle", slug="struggle")
    comment = make_comment(article, text="Every struggle is about power.")
    page = text_of(client.get("/search/", {"q": "powr strugle", "in": "comments"}))
    assert "Nothing has “powr strugle”. These have <strong>power struggle</strong>." in page
    assert f'href="/comments/{comment.pk}/"' in page
    assert "Every <mark>struggle</mark> is about <mark>power</mark>." in page


def test_a_half_typed_word():
    comment = make_comment(make_article(title="Superintelligence"), text="No superintelligence here.")
    assert found("superint") == [comment.pk]


def test_a_word_or_name_that_only_comments_have_is_not_misspelt(article):
    comment = make_comment(article, name="Turbina", text="A struggle.")
    make_comment(article, name="Ines", text="Turbines struggle.")
    make_article(title="A struggle")
    results = search.find(parse("turbina strugle"))
    assert [result.comment.pk for result in results.results] == [comment.pk]
    assert results.meant == "turbina struggle"


def test_what_is_held_makes_no_word_known(article):
    make_comment(article, name="Turbinas", text="A struggle.", held=True)
    assert search.find(parse("turbinas")).meant == "turbines"


def test_some_words_where_no_comment_has_all(client, article):
    comment = make_comment(article, text="Only wind.")
    results = search.find(parse("wind quixotry"))
    assert [result.comment.pk for result in results.results] == [comment.pk]
    assert results.some
    page = text_of(client.get("/search/", {"q": "wind quixotry", "in": "comments"}))
    assert "No comment has all of these words." in page


def test_filters_alone_have_no_best_matches(client, article, monkeypatch):
    monkeypatch.setattr(index, "MOST", 1)
    monkeypatch.setattr(search_views, "MOST", 1)
    make_comment(article, text="One.")
    make_comment(article, text="Another.")
    page = text_of(client.get("/search/", {"q": "since:2024", "in": "comments"}))
    assert "The newest 1 comments, newest first" in page


@pytest.mark.parametrize("count", [1, 9])
def test_a_misspelt_word_costs_the_same_whatever_is_found(article, count, django_assert_num_queries):
    for number in range(count):
        make_comment(article, text=f"These turbines, {number}.")
    asked = parse("turbimes")
    with django_assert_num_queries(8):
        assert len(search.find(asked).results) == count


@pytest.mark.parametrize("count", [1, 9])
def test_it_costs_the_same_whatever_is_found(article, count, django_assert_num_queries):
    for number in range(count):
        make_comment(article, text=f"alike {number}")
    asked = parse("alike")
    with django_assert_num_queries(2):
        search.find(asked)


def test_nothing_typed_is_an_error(article):
    make_comment(article, text="Something to be found.")
    for typed in HOSTILE:
        search.find(parse(typed))
