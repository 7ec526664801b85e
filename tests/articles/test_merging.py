import pytest

from articles.merging import base_of, merge_data
from articles.models import Article
from articles.revisions import FIELDS, newest_data, save, set_aside
from tests.factories import make_draft, make_user

BASE = {**FIELDS, "title": "One", "summary": "S", "body": "<p>A.</p><p>B.</p>", "tags": ["x", "y"]}


def test_each_field_is_taken_from_who_changed_it():
    merged, lost = merge_data(BASE, {**BASE, "title": "Mine"}, {**BASE, "summary": "Theirs", "language": "fr"})
    assert (merged["title"], merged["summary"], merged["language"], lost) == ("Mine", "Theirs", "fr", [])


def test_where_both_changed_mine_stands_and_theirs_is_told():
    merged, lost = merge_data(BASE, {**BASE, "title": "Mine"}, {**BASE, "title": "Theirs"})
    assert merged["title"] == "Mine"
    assert [tuple(one) for one in lost] == [("Title", "Theirs")]


def test_the_same_change_on_both_sides_is_no_clash():
    assert merge_data(BASE, {**BASE, "title": "Same"}, {**BASE, "title": "Same"})[1] == []


def test_bodies_are_merged_by_their_blocks():
    merged, lost = merge_data(
        BASE, {**BASE, "body": "<p>A, mine.</p><p>B.</p>"}, {**BASE, "body": "<p>A.</p><p>B, theirs.</p>"}
    )
    assert merged["body"] == "<p>A, mine.</p><p>B, theirs.</p>"
    assert lost == []


def test_tags_are_added_and_taken_out_by_either():
    merged, _ = merge_data(BASE, {**BASE, "tags": ["x", "y", "mine"]}, {**BASE, "tags": ["y", "theirs"]})
    assert merged["tags"] == ["y", "mine", "theirs"]


@pytest.mark.django_db
def test_an_author_is_told_by_name():
    ada, bo = make_user(display_name="Ada"), make_user(display_name="Bo")
    merged, lost = merge_data(
        {**BASE, "bylines": [ada.pk]}, {**BASE, "bylines": [ada.pk]}, {**BASE, "bylines": [ada.pk, bo.pk]}
    )
    assert merged["bylines"] == [ada.pk, bo.pk]
    assert lost == []


@pytest.mark.django_db
def test_the_base_is_the_version_that_was_opened_or_the_nearest_older_one_that_is_kept():
    article = make_draft(title="First")
    first = article.newest_id
    set_aside(article, {"title": "Aside"}, by=None)
    second = save(article, {**newest_data(article), "title": "Second"}, by=None)
    assert base_of(article, first)["title"] == "First"
    assert base_of(article, second.pk)["title"] == "Second"
    assert base_of(article, second.pk - 1)["title"] == "First"
    assert base_of(Article.objects.get(), None) == {}
