"""How moderation goes, week by week. Read from the log of decisions; nothing is counted beforehand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median, quantiles
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncWeek
from django.db.models.lookups import Exact
from django.utils import timezone

from comments.models import Comment, Decision
from site_config.lib.moments import how_long

WEEKS = 12
MOST_PEOPLE = 20
WIDE, HIGH = 120, 24
CHANGING = ("approve", "reject", "remove")
State = Comment.State


class Act(NamedTuple):
    """A row of the log."""

    comment: int
    verb: str
    before: str
    after: str
    by: str
    at: datetime
    undone_at: datetime | None
    posted_at: datetime


class Line(NamedTuple):
    """One measure over the weeks, the oldest first; None where there was nothing to measure."""

    name: str
    values: list[float | None]
    cells: list[str]
    points: str
    """Of an SVG polyline, WIDE by HIGH."""
    said: str
    """The line in words."""


class Figures(NamedTuple):
    weeks: list[date]
    """The Mondays."""
    measures: list[Line]
    people: list[Line]


def figures() -> Figures:
    """Of the last WEEKS weeks, this one included. Two queries."""
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    start = timezone.make_aware(datetime.combine(weeks[0], time()))
    posted, acts = posted_by_week(start), acts_since(start)
    by_week: dict[date, list[Act]] = defaultdict(list)
    for act in acts:
        by_week[week_of(act.at)].append(act)
    waits, reversed_ = waits_of(acts), reversals(acts)
    counts = [posted.get(week, (0, 0)) for week in weeks]
    done = [[act for act in by_week[week] if act.verb in CHANGING] for week in weeks]
    measures = [
        line("Comments", [float(all_) for all_, _ in counts], whole),
        line("Held when they came", [share(held, all_) for all_, held in counts], percent),
        line("Decisions", [float(len(acts)) for acts in done], whole),
        line("Waited, median", [median(waits[week]) if waits[week] else None for week in weeks], span),
        line("Waited, nine in ten at most", [nine_in_ten(waits[week]) for week in weeks], span),
        line("Rejected or removed", [share_of(acts, lambda act: act.after in Comment.GONE) for acts in done], percent),
        line("Reversed later", [share_of(acts, lambda act: act in reversed_) for acts in done], percent),
    ]
    total = Counter(act.by for acts in done for act in acts)
    names = sorted(total, key=lambda name: -total[name])
    people = [line(name, [float(sum(act.by == name for act in acts)) for acts in done], whole) for name in names[:MOST_PEOPLE]]
    return Figures(weeks, measures, people)


def posted_by_week(start: datetime) -> dict[date, tuple[int, int]]:
    """How many readers' comments came, and how many of them were held."""
    posted = Comment.objects.filter(state__in=State.values, created_at__gte=start, user=None)
    weekly = posted.order_by().annotate(week=TruncWeek("created_at")).values_list("week")
    rows = weekly.annotate(came=Count("pk"), held=Count("pk", filter=was_held()))
    return {timezone.localtime(week).date(): (all_, held) for week, all_, held in rows}


def was_held() -> Q:
    """Whether it waited when it came: before the first decision about it, or now if there is none."""
    first = Decision.objects.filter(comment=OuterRef("pk")).order_by("pk").values("before")[:1]
    return Q(Exact(Coalesce(Subquery(first), F("state")), State.HELD))


def acts_since(start: datetime) -> list[Act]:
    rows = Decision.objects.filter(at__gte=start).order_by("at", "pk")
    columns = ("comment", "verb", "before", "after", "by_name", "at", "undone_at", "comment__created_at")
    return [Act(*row) for row in rows.values_list(*columns)]


def week_of(moment: datetime) -> date:
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def waits_of(acts: Iterable[Act]) -> dict[date, list[float]]:
    """By week of decision, how many seconds held comments had waited: since they came, or were held again."""
    held_at: dict[int, datetime] = {}
    found: dict[date, list[float]] = defaultdict(list)
    for act in acts:
        if act.after == State.HELD:
            held_at[act.comment] = act.at
        elif act.before == State.HELD:
            since = held_at.get(act.comment, act.posted_at)
            found[week_of(act.at)].append((act.at - since).total_seconds())
    return found


def reversals(acts: Iterable[Act]) -> set[Act]:
    """The decisions that were undone, or that a later one turned round."""
    found: set[Act] = set()
    last: dict[int, Act] = {}
    for act in acts:
        if act.verb not in CHANGING:
            continue
        before = last.get(act.comment)
        if before and (before.after == State.VISIBLE) != (act.after == State.VISIBLE):
            found.add(before)
        if act.undone_at:
            found.add(act)
        last[act.comment] = act
    return found


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def share_of(acts: Sequence[Act], fits: Callable[[Act], bool]) -> float | None:
    return share(sum(map(fits, acts)), len(acts))


def nine_in_ten(values: list[float]) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=10, method="inclusive")[-1]


def whole(value: float) -> str:
    return f"{value:,.0f}"


def percent(value: float) -> str:
    return f"{value:.0%}"


def span(value: float) -> str:
    return how_long(timedelta(seconds=value))


def line(name: str, values: list[float | None], form: Callable[[float], str]) -> Line:
    cells = ["–" if value is None else form(value) for value in values]
    known = [cell for cell in cells if cell != "–"]
    said = f"{name}: from {known[0]} to {known[-1]} over {len(values)} weeks" if known else f"{name}: nothing yet"
    return Line(name, values, cells, points(values), said)


def points(values: Sequence[float | None]) -> str:
    """The corners of a line through the values that are known, from zero up; a single one is a dash."""
    top = max((value for value in values if value is not None), default=0) or 1
    step = WIDE / max(1, len(values) - 1)
    known = [(place * step, HIGH - 2 - value / top * (HIGH - 4)) for place, value in enumerate(values) if value is not None]
    if len(known) == 1:
        known = [(max(0, known[0][0] - 4), known[0][1]), known[0]]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in known)
