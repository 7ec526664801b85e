from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.listing import years
from articles.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def published(*moments: str) -> list[Article]:
    return [make_article(at=datetime.fromisoformat(moment).replace(tzinfo=UTC)) for moment in moments]


def found() -> list[int]:
    return years(Article.objects.listed())


def test_without_articles_there_are_no_years(frozen):
    assert found() == []


@pytest.mark.parametrize(
    ("moments", "wanted"),
    [
        (["2025-02-01"], [2025]),
        (["2024-12-31T23:59:59"], [2024]),
        (["2020-06-01", "2025-01-01"], [2025, 2020]),
        (["2019-01-01", "2022-03-01", "2022-04-01"], [2022, 2019]),
        (["2025-02-14", "2025-02-16"], [2025]),
        (["2025-02-14", "2026-01-01"], [2025]),
    ],
    ids=["this", "last", "gap", "ended", "one scheduled", "a year scheduled"],
)
def test_years_that_have_articles(frozen, moments, wanted):
    published(*moments)
    assert found() == wanted
    assert found() == [day.year for day in Article.objects.listed().dates("published_at", "year", order="DESC")]


def test_what_is_not_listed_does_not_count(frozen):
    published("2024-01-01")
    publishing.withdraw(published("2022-01-01")[0], by=None)
    make_article(visibility="unlisted", at=datetime(2021, 1, 1, tzinfo=UTC))
    make_article(kind="page", at=datetime(2020, 1, 1, tzinfo=UTC))
    assert found() == [2024]


def test_years_begin_by_the_sites_clock(frozen, settings):
    published("2023-12-31T20:00:00", "2022-06-01")
    assert found() == [2023, 2022]
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.deactivate()
    assert found() == [2024, 2022]


def test_two_queries_whatever_the_years(frozen):
    published("2001-01-01", "2012-01-01", "2023-01-01")
    with CaptureQueriesContext(connection) as captured:
        assert found() == [2023, 2012, 2001]
    assert len(captured) == 2
