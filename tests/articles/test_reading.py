from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from articles import publishing, reading, revisions
from articles.models import Article
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


def test_it_works():
    article = make_article(title="One", body="<h2>A</h2><p>x</p>", image=make_image().pk)
    found = reading.article_at(article.slug)
    stored = Article.objects.get(pk=article.pk)
    assert found == stored
    for column in reading.ARTICLE:
        assert getattr(found, column) == getattr(stored, column)


def test_there_is_nothing_at_another_slug():
    make_article()
    assert reading.article_at("nothing") is None


def test_every_state_is_found():
    for article in (make_draft(slug="draft"), publishing.withdraw(make_article(slug="gone"), by=None)):
        assert reading.article_at(article.slug).state == article.state


@pytest.mark.parametrize("names", [["Zebra", "Ant", "Law"], ["Ant"], []])
def test_tags_come_in_the_editors_order(names):
    make_article(tags=["Other"])
    article = make_article(tags=names)
    assert reading.tags_of(article) == [(tag.name, tag.get_absolute_url()) for tag in article.tags.all()]
    assert [subject.name for subject in reading.tags_of(article)] == names


def test_authors_come_in_the_order_of_the_byline():
    one, two = make_user(display_name="One"), make_user(username="two", display_name="")
    article = make_article(bylines=[two.pk, one.pk])
    assert [str(user) for user in reading.authors_of(article)] == ["two", "One"]
    assert [user.get_absolute_url() for user in reading.authors_of(article)] == [user.get_absolute_url() for user in (two, one)]


def test_a_page_never_reads_what_is_private():
    assert not {"password", "email"} & set(reading.AUTHOR)
    assert {field.attname for field in get_user_model()._meta.concrete_fields} > set(reading.AUTHOR)


def test_a_change_is_read():
    article = make_article(title="Before", slug="one")
    reading.article_at("one")
    revisions.save(article, {**revisions.newest_data(article), "title": "After"}, by=None)
    publishing.publish(article, by=None)
    assert reading.article_at("one").title == "After"


def test_the_next_publication(frozen):
    assert reading.what_comes().next_at is None
    now = timezone.now()
    make_article()
    later = make_article(at=now + timedelta(days=2))
    assert reading.what_comes().next_at == later.published_at
    sooner = make_article(at=now + timedelta(hours=1))
    assert reading.what_comes().next_at == sooner.published_at
    publishing.withdraw(sooner, by=None)
    assert reading.what_comes().next_at == later.published_at
    frozen.shift(timedelta(days=2))
    assert reading.what_comes().next_at is None
