"""What is close to what. One suite for both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, related, revisions, vocabulary
from articles.models import Article, Relation, Tag
from site_config import pages
from site_config.jobs.runner import run_due
from site_config.pages.models import Generation
from tests.factories import make_article

pytestmark = pytest.mark.django_db
RARE = {"title": "The lighthouse keepers of Fastnet", "summary": "Keepers, lamps and fog signals on a lonely rock."}
ALIKE = {"title": "Fog signals and lamps", "summary": "What the keepers of a lighthouse did all night."}
OTHER = {"title": "Baking bread at home", "summary": "Flour, water, salt and patience."}


def titles(article: Article) -> list[str]:
    return [other.title for other in related.near(article).near]


def named(client, article: Article) -> list[str]:
    page = client.get(article.get_absolute_url()).content.decode()
    section = re.search(r'<section class="related".*?</section>', page, re.S)
    return re.findall(r'dir="auto">([^<]+)</a></h3>', section[0]) if section else []


def generation(article: Article) -> int:
    return Generation.objects.get(subject=f"article:{article.pk}").number


def crowd(count: int = 6) -> list[Article]:
    """Articles that have nothing to do with the others."""
    return [
        make_article(title=f"{word} {word}ing", summary=f"All of {word}, and what a few did at home on {word}.")
        for word in list("bcdfgh")[:count]
    ]


def test_it_works_for_both_sides(client):
    crowd()
    first, second = make_article(**RARE), make_article(**ALIKE)
    other = make_article(**OTHER)
    assert named(client, first) == []
    run_due()
    assert named(client, first) == [second.title]
    assert named(client, second) == [first.title]
    assert named(client, other) == []


def test_shared_tags_count_by_their_rarity():
    crowd()
    for number in range(5):
        make_article(title=f"Essay {number * 'q'}", summary="", tags=["Essays"])
    article = make_article(**OTHER, tags=["Essays", "Sourdough"])
    make_article(title="Starters", summary="", tags=["Sourdough"])
    run_due()
    assert titles(article)[0] == "Starters"


def test_the_newest_comes_first_where_all_else_is_the_same(frozen):
    crowd()
    for title in ("Alpha", "Beta", "Gamma"):
        make_article(title=title, summary="", tags=["Sourdough"])
        frozen.shift(timedelta(days=1))
    article = make_article(**OTHER, tags=["Sourdough"])
    run_due()
    assert titles(article) == ["Gamma", "Beta", "Alpha"]


def test_no_more_than_a_few_are_shown_and_kept(django_assert_num_queries):
    crowd()
    articles = [make_article(title=f"Part {'q' * number}", summary="", tags=["Sourdough"]) for number in range(14)]
    run_due()
    with django_assert_num_queries(1):
        assert len(titles(articles[0])) == related.SHOWN
    assert max(Relation.objects.filter(article=article).count() for article in articles) == related.KEPT
    assert not any(article.title in titles(article) for article in articles)


def test_a_plain_page_has_none(client):
    crowd()
    page = make_article(kind="page", **RARE)
    article = make_article(**ALIKE)
    run_due()
    assert (titles(page), titles(article)) == ([], [])


class TestStates:
    @pytest.fixture
    def pair(self):
        crowd()
        both = make_article(**RARE, tags=["Rocks"]), make_article(**ALIKE, tags=["Rocks"])
        run_due()
        return both

    def test_what_is_withdrawn_is_gone_at_once_and_comes_back(self, client, pair):
        first, second = pair
        publishing.withdraw(second, by=None)
        assert named(client, first) == []
        run_due()
        assert not Relation.objects.filter(other=second).exists()
        publishing.restore(second, by=None)
        run_due()
        assert named(client, first) == [second.title]

    def test_what_is_unlisted_is_gone_at_once(self, client, pair):
        first, second = pair
        publishing.set_visibility(second, "unlisted", by=None)
        assert named(client, first) == []
        run_due()
        assert not Relation.objects.filter(other=second).exists()
        assert named(client, second) == [first.title]
        publishing.set_visibility(second, "public", by=None)
        run_due()
        assert named(client, first) == [second.title]

    def test_what_is_scheduled_joins_at_its_time(self, client, frozen):
        crowd()
        first = make_article(**RARE)
        coming = timezone.now() + timedelta(hours=2)
        second = make_article(**ALIKE, at=coming)
        run_due()
        assert titles(first) == []
        assert related.near(first).changes_at == coming
        frozen.shift(timedelta(hours=2))
        assert titles(first) == [second.title]

    def test_a_page_follows_what_it_names(self, client, pair):
        """By the subjects that it depends on, and by a mark where its list is another."""
        first, second = pair
        answer = client.get(first.get_absolute_url())
        assert f"article:{second.pk}" in answer.wsgi_request.page_subjects
        before = generation(first)
        revisions.save(second, {**revisions.newest_data(second), **OTHER, "tags": []}, by=None)
        publishing.publish(second, by=None)
        run_due()
        assert generation(first) > before
        assert (titles(first), titles(second)) == ([], [])

    def test_nothing_is_marked_where_nothing_changes(self, pair):
        before = [generation(article) for article in pair]
        related.relate.call([article.pk for article in pair])
        assert [generation(article) for article in pair] == before

    def test_merged_tags_are_shared(self):
        crowd()
        first = make_article(title="Rye", summary="", tags=["Bread"])
        second = make_article(title="Wheat", summary="", tags=["Loaves"])
        run_due()
        assert titles(first) == []
        vocabulary.merge(Tag.objects.get(name="Loaves"), Tag.objects.get(name="Bread"), by=None)
        run_due()
        assert (titles(first), titles(second)) == (["Wheat"], ["Rye"])


def test_all_can_be_found_anew(client, capsys):
    crowd()
    first, second = make_article(**RARE, tags=["Rocks"]), make_article(**ALIKE, tags=["Rocks"])
    run_due()
    found = {one.pk: titles(one) for one in (first, second)}
    with pages.changing():
        Relation.objects.all().delete()
    call_command("relate")
    assert "Looked at 8 articles." in capsys.readouterr().out
    assert {one.pk: titles(one) for one in (first, second)} == found


def test_its_cost_does_not_grow_with_the_articles():
    def cost() -> int:
        article = make_article(**RARE, tags=["Rocks"])
        make_article(**ALIKE, tags=["Rocks"])
        run_due()
        with CaptureQueriesContext(connection) as queries:
            related.relate_one(article)
        return len(queries)

    crowd(3)
    few = cost()
    for _ in range(8):
        make_article(**ALIKE, tags=["Rocks"])
    assert cost() <= few
