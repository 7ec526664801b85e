"""Lists of articles, page by page, by cursor: a page stays right while new articles arrive."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q
from django.http import Http404

from articles.models import Article

SIZE = 12


class Listing(NamedTuple):
    articles: list[Article]
    before: int | None
    """The cursor of the next, older page."""
    is_first: bool


def listing(articles, before: str | None, *, size: int = SIZE) -> Listing:
    """A page of listed articles, newest first, older than the article whose id is `before`.

    Raises Http404 for a cursor that is no id of an article which once was public. Two queries, one more with a
    cursor.
    """
    if before is not None:
        articles = articles.filter(older_than(before))
    found = list(articles.summaries()[: size + 1])
    more = len(found) > size
    return Listing(found[:size], found[size - 1].pk if more else None, before is None)


def older_than(cursor: str) -> Q:
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise Http404("This page of the list does not exist.")
    known = Article.objects.exclude(published_at=None).filter(pk=int(cursor)).values_list("published_at", flat=True)
    when = known.first()
    if when is None:
        raise Http404("This page of the list does not exist.")
    return Q(published_at__lt=when) | Q(published_at=when, pk__lt=int(cursor))
