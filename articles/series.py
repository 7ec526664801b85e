"""Series: articles that are read in an order. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS

from articles.models import Article, Redirect, Series
from articles.reading import columns
from articles.slugs import free_slug
from site_config import pages
from site_config.audit.log import record
from site_config.lib.addresses import path_to
from site_config.lib.prepared import Prepared
from site_config.lib.text import one_line, strip_controls

PERMISSION = "articles.change_series"
MOST = 100
"""Articles in a series."""


class Part(NamedTuple):
    """What an article's page says of the series that it is part of."""

    title: str
    address: str
    number: int
    """0 where lists do not name the article."""
    of: int
    previous: Article | None
    next: Article | None


class Members(NamedTuple):
    """All that the part depends on: the ids of the series' articles, and when the next of them goes live."""

    part: Part | None
    ids: list[int]
    changes_at: datetime | None


WANTED = {"id", "kind", "title", "slug", "language", "published_at", "visibility", "withdrawn_at"}
MEMBER = [name for name in columns(Article) if name in WANTED]
rows_of = Prepared(
    lambda pk: (
        Article.objects.filter(series=pk).order_by("series_place", "pk").values_list(*MEMBER, "series__title", "series__slug")
    )
)


def members_of(article: Article) -> Members:
    """The place of an article in its series, among those that lists name. One query, none without a series."""
    if not article.series_id:
        return Members(None, [], None)
    rows = rows_of(article.series_id)
    found = [Article.from_db(DEFAULT_DB_ALIAS, MEMBER, row[: len(MEMBER)]) for row in rows]
    if article not in found:  # taken out while the page is drawn
        return Members(None, [], None)
    coming = [one.published_at for one in found if one.state == "scheduled"]
    return Members(part_of(article, found, *rows[0][-2:]), [one.pk for one in found], min(coming, default=None))


def part_of(article: Article, found: list[Article], title: str, slug: str) -> Part | None:
    """None while lists name no article of the series: then its page is not there either."""
    named = [one for one in found if one.is_listed]
    if not named:
        return None
    shown = [one for one in found if one.is_listed or one == article]
    here = shown.index(article)
    number = here + 1 if len(shown) == len(named) > 1 else 0
    before, after = shown[here - 1] if here else None, shown[here + 1] if here + 1 < len(shown) else None
    return Part(title, path_to("series", slug), number, len(named), before, after)


def save(
    series: Series | None, *, title: str, slug: str = "", description: str = "", articles: Sequence[int] = (), by
) -> Series:
    """Makes a series (None: a new one) of these articles, by id, in this order. Those left out belong to none any more.

    Without a slug it is made from the title. An old address leads to the new one. Raises PermissionDenied, and
    ValueError for an article of another series or more than MOST.
    """
    allow(by)
    with pages.changing("lists") as change:
        series = Series.objects.select_for_update().get(pk=series.pk) if series else Series()
        path = series.get_absolute_url() if series.pk else ""
        series.title, series.description = one_line(title), strip_controls(description).strip()
        series.slug = slug or series.slug or free_slug(title, Series.objects.exclude(pk=series.pk), default="series")
        verb = "changed" if series.pk else "made"
        series.save()
        Redirect.objects.moved(path, series=series)
        touched = put_in_order(series, list(dict.fromkeys(articles)))
        change.mark(*(f"article:{pk}" for pk in touched))
        record(verb, series, by=by, articles=list(articles))
    return series


def delete(series: Series, *, by) -> None:
    """Ends a series; its articles stay. Raises PermissionDenied."""
    allow(by)
    with pages.changing("lists") as change:
        touched = put_in_order(series, [])
        change.mark(*(f"article:{pk}" for pk in touched))
        change.hide("lists")
        record("deleted", series, by=by)
        series.delete()


def put_in_order(series: Series, wanted: list[int]) -> set[int]:
    """Gives each article its place; the ids of all that are or were in the series."""
    if len(wanted) > MOST:
        raise ValueError(f"A series has {MOST} articles at most; these are {len(wanted)}.")
    rows = Article.objects.select_for_update().filter(pk__in=wanted).order_by("pk").only("series", "series_place")
    known = {one.pk: one for one in rows}
    if strange := [pk for pk in wanted if pk not in known or known[pk].series_id not in {None, series.pk}]:
        raise ValueError(f"Article {strange[0]} is gone, or part of another series.")
    before = set(series.articles.values_list("pk", flat=True))
    series.articles.exclude(pk__in=wanted).update(series=None, series_place=0)
    for place, pk in enumerate(wanted, start=1):
        Article.objects.filter(pk=pk).update(series=series, series_place=place)
    return before | set(wanted)


def allow(by) -> None:
    if by is not None and not by.has_perm(PERMISSION):
        raise PermissionDenied("Changing series needs the permission to change series.")
