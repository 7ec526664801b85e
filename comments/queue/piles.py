"""The piles of the queue. Each is an indexed range read, by cursor; counts stop at MOST."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.models import Comment, Decision

SIZE = 25
MOST = 99
RECENT = timedelta(days=7)
NAMES = {"held": "Held", "reported": "Reported", "recent": "Recent", "decided": "Decided today"}
State = Comment.State


class Standing(NamedTuple):
    """How much there is in each pile, '99+' at most, and how long the longest has waited; None if nothing waits."""

    counts: dict[str, str]
    longest: timedelta | None


def comments_of(pile: str) -> QuerySet:
    """The comments of a pile but 'decided', in the order in which they are to be looked at."""
    if pile == "held":
        return Comment.objects.waiting()
    if pile == "reported":
        # Not by state=visible: SQLite would read all that are, and not the few that are reported.
        reported = Comment.objects.filter(reported__gt=0).exclude(state__in=(State.HELD, *Comment.GONE))
        return reported.order_by("created_at", "pk")
    since = timezone.now() - RECENT
    return Comment.objects.filter(state=State.VISIBLE, created_at__gt=since, user=None).order_by("-created_at", "-pk")


def decided_today() -> QuerySet:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Decision.objects.filter(at__gte=midnight).order_by("-at", "-pk")


def page_of(pile: str, after: int | None) -> tuple[list[int], bool]:
    """The numbers of the comments of a page, behind the one that `after` names, and whether there are more. Two queries."""
    found = comments_of(pile)
    place = Comment.objects.filter(pk=after).values_list("created_at", flat=True).first() if after else None
    if place is not None:
        found = behind(found, "created_at", place, after, newest_first=pile == "recent")
    numbers = list(found.values_list("pk", flat=True)[: SIZE + 1])
    return numbers[:SIZE], len(numbers) > SIZE


class Decided(NamedTuple):
    decision: Decision
    line: str
    can_be_undone: bool


def page_of_decisions(after: int | None) -> tuple[list[Decided], bool]:
    """What was decided today, the newest first. Two queries."""
    found = decided_today().select_related("comment", "comment__article").only(*OF_DECISIONS)
    place = Decision.objects.filter(pk=after).values_list("at", flat=True).first() if after else None
    if place is not None:
        found = behind(found, "at", place, after, newest_first=True)
    decisions = list(found[: SIZE + 1])
    return [decided(decision) for decision in decisions[:SIZE]], len(decisions) > SIZE


def decided(decision: Decision) -> Decided:
    return Decided(decision, decision.line, decision.undone_at is None and decision.verb not in {"restore", "hold"})


OF_DECISIONS = (
    "verb", "before", "after", "reason", "undoes", "note", "at", "by_name", "batch", "undone_at", "comment__name",
    "comment__source", "comment__state", "comment__article__title", "comment__article__slug", "comment__article__kind",
)  # fmt: skip


def behind(found: QuerySet, column: str, place: datetime, pk: int | None, *, newest_first: bool) -> QuerySet:
    """What comes after (place, pk) in an order by column and pk: written so that the index is read from that place on."""
    if newest_first:
        return found.filter(**{f"{column}__lte": place}).exclude(**{column: place, "pk__gte": pk})
    return found.filter(**{f"{column}__gte": place}).exclude(**{column: place, "pk__lte": pk})


def standing() -> Standing:
    """Five queries, of which none reads more than a hundred rows."""
    piles = {name: comments_of(name) for name in NAMES if name != "decided"}
    piles["decided"] = decided_today().exclude(verb="restore")
    return Standing({name: bounded(rows) for name, rows in piles.items()}, longest_wait())


def bounded(rows: QuerySet) -> str:
    count = len(rows.values_list("pk")[: MOST + 1])
    return f"{MOST}+" if count > MOST else str(count)


def longest_wait() -> timedelta | None:
    """How long the longest of the first hundred that are held has waited: since it was posted, or held again."""
    held = Decision.objects.filter(comment=OuterRef("pk"), after=State.HELD).order_by("-pk").values("at")[:1]
    waiting = Comment.objects.waiting().annotate(since=Coalesce(Subquery(held), F("created_at")))
    since = list(waiting.values_list("since", flat=True)[: MOST + 1])
    return timezone.now() - min(since) if since else None
