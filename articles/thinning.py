"""Which autosaves are kept how long. What somebody saved by hand, or set aside, is kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Revision
from site_config import pages

ALL_FOR = timedelta(days=7)
DAILY_FOR = timedelta(days=90)
AT_ONCE = 500


class Autosave(NamedTuple):
    pk: int
    article: int
    author: int | None
    at: datetime


def thin_autosaves() -> int:
    """Drops what the rule does not keep, at most AT_ONCE rows a call; how many. One query where there is nothing to do.

    The rule: all autosaves of the last week; then, up to three months, each writer's last of a day; then none. The newest
    version of an article, the one that readers see and the one that is due are always kept.
    """
    now = timezone.now()
    old = Revision.objects.filter(kind=Revision.Kind.AUTOSAVE, created_at__lt=now - ALL_FOR)
    rows = old.order_by("pk").values_list("pk", "article_id", "author_id", "created_at")
    doomed = superfluous((Autosave(*row) for row in rows.iterator()), now)[:AT_ONCE]
    if not doomed:
        return 0
    with pages.changing():
        needed = Article.objects.filter(Q(newest__in=doomed) | Q(published__in=doomed) | Q(due__in=doomed))
        kept = {pk for row in needed.values_list("newest", "published", "due") for pk in row}
        count, _ = Revision.objects.filter(pk__in=set(doomed) - kept).delete()
    return count


def superfluous(autosaves: Iterable[Autosave], now: datetime) -> list[int]:
    """The ids, in order, of those that the rule does not keep; `autosaves` come oldest first."""
    last: dict[tuple, int] = {}
    doomed = []
    for autosave in autosaves:
        if autosave.at < now - DAILY_FOR:
            doomed.append(autosave.pk)
            continue
        day = (autosave.article, autosave.author, timezone.localdate(autosave.at))
        if day in last:
            doomed.append(last[day])
        last[day] = autosave.pk
    return sorted(doomed)
