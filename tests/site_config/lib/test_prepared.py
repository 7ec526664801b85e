from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from site_config.lib.prepared import Prepared
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db
FIELDS = [field.attname for field in Article._meta.concrete_fields]


def by_slug(slug: str):
    return Article.objects.filter(slug=slug).values_list(*FIELDS)


def test_it_gives_what_the_queryset_gives():
    prepared = Prepared(by_slug)
    one = make_article(image=make_image().pk, body="<h2>One</h2><h2>Two</h2>", at=timezone.now() - timedelta(days=1))
    two = make_article()
    for article in (one, two, one):
        assert [tuple(row) for row in prepared(article.slug)] == list(by_slug(article.slug))
    assert prepared("nothing") == []


def test_it_is_written_once():
    times = []

    def write(slug: str):
        times.append(slug)
        return by_slug(slug)

    prepared = Prepared(write)
    for number in range(3):
        prepared(f"slug-{number}")
    assert len(times) == 1
    assert "slug-0" not in times


def test_each_call_is_one_query_that_is_seen():
    prepared = Prepared(by_slug)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            prepared("one")
        assert len(captured) == 1
        assert "'one'" in captured[0]["sql"]


@pytest.mark.parametrize("slug", ["%s", "100%", "'; --", "ärger", "\ue000 stand-in 0", ""])
def test_text_is_a_value_and_never_a_part_of_the_query(slug):
    article = make_article()
    with_slug = Prepared(lambda slug: Article.objects.filter(slug=slug).values_list("pk"))
    assert with_slug(slug) == []
    assert with_slug(article.slug)[0][0] == article.pk


def test_arguments_keep_their_places():
    first, second = make_article(), make_article()
    between = Prepared(lambda low, kind, high: Article.objects.filter(pk__gte=low, kind=kind, pk__lte=high).values_list("pk"))
    assert [pk for (pk,) in between(first.pk, "article", first.pk)] == [first.pk]
    assert len(between(first.pk, "article", second.pk)) == 2
    assert between(second.pk, "article", first.pk) == []


def test_an_argument_may_stand_in_two_places():
    article = make_article(title="same", slug="same")
    twice = Prepared(lambda word: Article.objects.filter(slug=word, title=word).values_list("pk"))
    assert [pk for (pk,) in twice("same")] == [article.pk]
    assert twice("other") == []


def test_moments_are_compared_as_moments():
    article = make_article(at=timezone.now() - timedelta(days=1))
    since = Prepared(lambda moment: Article.objects.filter(published_at__gte=moment).values_list("published_at"))
    for moment in (article.published_at, article.published_at.astimezone(ZoneInfo("Asia/Tokyo"))):
        assert since(moment)[0][0] == article.published_at
        assert since(moment + timedelta(microseconds=1)) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda slug: Article.objects.filter(slug__contains=slug).values_list("pk"),
        lambda slug: Article.objects.values_list("pk"),
        lambda slug: Article.objects.filter(slug=Upper(Value(slug.upper()))).values_list("pk"),
    ],
    ids=["changed by the lookup", "not used", "changed before"],
)
def test_an_argument_that_cannot_be_exchanged_is_refused(write):
    with pytest.raises(ValueError, match="as it is given"):
        Prepared(write)("one")
