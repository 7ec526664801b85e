from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import featuring, publishing
from articles.listing import listing
from articles.models import Article
from articles.publishing import WrongState
from site_config.audit.models import Entry
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def make(number: int, **data) -> list[Article]:
    """So many articles, a day between each and the next, the newest last."""
    return [make_article(at=timezone.now() - timedelta(days=day), **data) for day in range(number, 0, -1)]


def large() -> Article | None:
    return featuring.front_page()[0]


def test_it_works(client):
    old, *_, new = make(3)
    assert large() == new
    featuring.feature(old, by=None)
    assert large() == old
    page = client.get("/").content.decode()
    assert f'<h2 id="feat"><a href="{old.get_absolute_url()}">' in page
    assert page.count(f'href="{old.get_absolute_url()}"') == page.count(f'href="{new.get_absolute_url()}"')


def test_it_checks_access():
    article = make_article()
    for act in (featuring.feature, featuring.unfeature):
        with pytest.raises(PermissionDenied):
            act(article, by=make_user(permissions=("articles.change_article", "articles.change_any_article")))
        act(article, by=make_user(permissions=("articles.publish_article",)))
    assert list(Entry.objects.order_by("-pk").values_list("verb", flat=True)[:2]) == ["unfeatured", "featured"]


def test_nothing_is_featured_where_nothing_is():
    assert large() is None


def test_the_next_takes_the_place_and_the_former_is_not_marked_any_more():
    one, two, three = make(3)
    featuring.feature(one, by=None)
    featuring.feature(two, by=None)
    assert large() == two
    featuring.unfeature(two, by=None)
    assert large() == three


@pytest.mark.parametrize("act", ["withdraw", "unlist"])
def test_what_lists_do_not_name_falls_back_and_comes_back(act):
    old, new = make(2)
    featuring.feature(old, by=None)
    if act == "withdraw":
        publishing.withdraw(old, by=None)
        assert large() == new
        publishing.restore(old, by=None)
    else:
        publishing.set_visibility(old, "unlisted", by=None)
        assert large() == new
        publishing.set_visibility(old, "public", by=None)
    assert large() == old


def test_a_scheduled_one_takes_the_place_at_its_minute(client, frozen):
    old, new = make(2)
    coming = make_article(title="Coming", at=timezone.now() + timedelta(minutes=5))
    featuring.feature(coming, by=None)
    featuring.feature(old, by=None)
    assert large() == old
    answer = client.get("/")
    assert b"Coming" not in answer.content
    assert answer.wsgi_request.page_ends == coming.published_at.timestamp()
    frozen.shift(timedelta(minutes=5))
    assert large() == coming
    frozen.shift(timedelta(minutes=5))
    featuring.feature(new, by=None)
    assert large() == new


def test_what_was_unscheduled_is_not_featured_when_it_comes_after_all(frozen):
    (old,) = make(1)
    coming = make_article(at=timezone.now() + timedelta(minutes=5))
    featuring.feature(coming, by=None)
    publishing.withdraw(coming, by=None)
    featuring.feature(old, by=None)
    frozen.shift(timedelta(days=1))
    publishing.publish(coming, by=None)
    assert large() == old


@pytest.mark.parametrize(
    ("make_one", "words"),
    [
        (make_draft, "not public"),
        (lambda: make_article(visibility="unlisted"), "is unlisted"),
        (lambda: make_article(kind="page"), "plain page"),
        (lambda: publishing.withdraw(make_article(), by=None), "not public"),
    ],
    ids=["draft", "unlisted", "page", "withdrawn"],
)
def test_what_the_front_page_cannot_show_is_refused_in_words(make_one, words):
    with pytest.raises(WrongState, match=words):
        featuring.feature(make_one(), by=None)


def test_what_is_not_featured_cannot_be_taken_out():
    with pytest.raises(WrongState, match="not featured"):
        featuring.unfeature(make_article(), by=None)


@pytest.mark.parametrize("place", [0, 5, 29], ids=["oldest", "among the older", "newest"])
def test_the_list_has_all_others_once(client, place):
    articles = make(30)
    featuring.feature(articles[place], by=None)
    featured, found = featuring.front_page()
    seen = [article.pk for article in found.articles]
    older = found.before
    while older:
        page = listing(Article.objects.listed(), str(older))
        seen, older = seen + [article.pk for article in page.articles], page.before
    assert featured == articles[place]
    assert [pk for pk in seen if pk != featured.pk] == [article.pk for article in reversed(articles) if article != featured]


def test_it_is_one_query_and_the_front_page_takes_six_at_most(client):
    articles = make(20, bylines=[make_user().pk], tags=["AI"])
    with CaptureQueriesContext(connection) as newest:
        client.get("/")
    featuring.feature(articles[0], by=None)
    with CaptureQueriesContext(connection) as chosen:
        client.get("/")
    assert len(newest) == len(chosen) <= 6
    with CaptureQueriesContext(connection) as alone:
        featuring.front_page()
    assert len(alone) == 1
