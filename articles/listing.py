"""Lists of articles and of corrections, page by page, by cursor: a page stays right while new articles arrive."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from articles.models import Article, Correction
from articles.models.article import LONG_OF_ARTICLE

SIZE = 12


class Listing(NamedTuple):
    articles: list[Article]
    before: int | None
    """The cursor of the next, older page."""
    is_first: bool


class Corrections(NamedTuple):
    corrections: list[Correction]
    before: int | None
    is_first: bool


def listing(articles, before: str | None, *, size: int = SIZE) -> Listing:
    """A page of listed articles, newest first, older than the article whose id is `before`.

    Raises Http404 for a cursor that is no id of an article which once was public. One query, one more with a cursor.
    """
    if before is not None:
        articles = articles.filter(older_than(before, Article.objects.exclude(published_at=None), "published_at"))
    found = list(articles.summaries()[: size + 1])
    more = len(found) > size
    return Listing(found[:size], found[size - 1].pk if more else None, before is None)


def corrections(before: str | None, *, size: int = SIZE) -> Corrections:
    """A page of the corrections of what anybody may find, newest first. Otherwise as `listing()`."""
    public = Article.objects.live().filter(visibility=Article.Visibility.PUBLIC)
    rows = Correction.objects.filter(article__in=public).select_related("article")
    if before is not None:
        rows = rows.filter(older_than(before, Correction.objects.all(), "made_at"))
    found = list(rows.defer(*LONG_OF_ARTICLE)[: size + 1])
    return Corrections(found[:size], found[size - 1].pk if len(found) > size else None, before is None)


def older_than(cursor: str, rows: QuerySet, moment: str) -> Q:
    """What stands behind the row whose id is `cursor` where the newest `moment` comes first. One query."""
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise Http404("This page of the list does not exist.")
    when = rows.filter(pk=int(cursor)).values_list(moment, flat=True).first()
    if when is None:
        raise Http404("This page of the list does not exist.")
    return Q(**{f"{moment}__lt": when}) | Q(**{moment: when, "pk__lt": int(cursor)})


def years(articles) -> list[int]:
    """The years in which listed articles were published by the site's own calendar, newest first.

    Two queries, each a few looks into an index: `QuerySet.dates()` would look at every article.
    """
    oldest = articles.order_by("published_at", "pk").values_list("published_at", flat=True).first()
    if oldest is None:
        return []
    first = timezone.localtime(oldest).year
    later = range(timezone.localdate().year, first, -1)
    if not later:
        return [first]
    seen = {f"in_{year}": Exists(articles.order_by().filter(published_at__year=year)) for year in later}
    found = Article.objects.order_by().values(**seen)[:1].get()
    return [*(year for year in later if found[f"in_{year}"]), first]
