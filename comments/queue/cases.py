"""What a moderator has to know of each comment on a page of the queue, in a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from comments.models import Comment, Decision, Report, Trace
from comments.resemblance import KINDS, OPEN, WAYS
from comments.spam.draft import HELD_FROM, counted, signed
from site_config.lib.moments import in_short

State = Comment.State
COLUMNS = (
    "article__title", "article__slug", "article__kind", "parent__name", "parent__state", "parent__source", "name", "html",
    "state", "pick", "reasons", "folded", "network", "email", "proven", "created_at", "edited_at", "decided_at", "reported",
    "anchor", "shown", "user", "source",
)  # fmt: skip


class Past(NamedTuple):
    """What a writer or a network has done here so far, this comment included."""

    approved: int
    removed: int
    waiting: int
    visible: int
    first: datetime | None


class Alike(NamedTuple):
    way: str
    words: str


class Case(NamedTuple):
    comment: Comment
    reasons: list[dict]
    """Why it is held, in words."""
    reports: list[str]
    words_of_reports: list[str]
    """Of the newest reports that have any, MOST_WORDS of them."""
    more_words: int
    """How many reports have words besides those."""
    signals: list[tuple[str, str]]
    """What the verdict weighed: sentences and weights."""
    together: str
    writer: Past
    network: Past
    alike: list[Alike]
    before: list[str]
    """What was decided about it."""
    following: int | None
    """The number of the next case on the page."""

    held_from = HELD_FROM

    @property
    def acts(self) -> list[tuple[str, str, str]]:
        """The verbs that fit it now, each with its words and its key."""
        if self.comment.state == State.HELD:
            return [("approve", "Approve", "A"), ("reject", "Reject", "R"), ("remove", "Remove", "X"), ("pick", "Pick", "P")]
        if self.comment.state != State.VISIBLE:
            return [("approve", "Approve", "A")] if self.comment.state != State.WITHDRAWN else []
        pick = ("unpick", "Take the mark away", "P") if self.comment.pick else ("pick", "Pick", "P")
        kept = [("approve", "Keep", "A")] if self.comment.reported else []
        return [*kept, ("remove", "Remove", "X"), pick]

    @property
    def seen(self) -> str:
        return seen(self.comment)

    @property
    def passage(self) -> str:
        """The words of the article that it is about."""
        return (self.comment.anchor or {}).get("exact", "")


def seen(comment: Comment) -> str:
    """The state in which a page shows a comment, to be compared when somebody decides."""
    return f"{comment.state} {comment.decided_at.isoformat() if comment.decided_at else ''}"


def as_seen(comment: Comment, text: str) -> Comment:
    """The comment in the state that `seen()` wrote down; one of nobody knows when is overtaken."""
    state, _, decided_at = text.partition(" ")
    comment.state = state
    try:
        comment.decided_at = datetime.fromisoformat(decided_at) if decided_at else None
    except ValueError:
        comment.state = ""
    return comment


def cases(numbers: list[int]) -> list[Case]:
    """The cases of these comments, in this order. Six queries, seven with e-mail addresses, eight with traces."""
    found = Comment.objects.select_related("article", "parent").only(*COLUMNS).in_bulk(numbers)
    comments = [found[pk] for pk in numbers if pk in found]
    reports, decisions, alike = reports_of(numbers), decisions_of(numbers), resembling(numbers)
    writers, networks = pasts(comments)
    made = [
        case(comment, reports[comment.pk], decisions[comment.pk], alike[comment.pk], writers[comment.pk], networks[comment.pk])
        for comment in comments
    ]
    following = [*[comment.pk for comment in comments[1:]], None]
    return [one._replace(following=pk) for one, pk in zip(made, following, strict=False)]


MOST_WORDS = 20


def case(
    comment: Comment, reports: list[Report], decisions: list[Decision], alike: Counter, writer: Past, network: Past
) -> Case:
    counts = {"writer": writer.waiting + writer.visible, "network": network.waiting + network.visible}
    counts |= {way: alike[kind] + 1 for way, kind in KINDS.items()}
    words = [report.words for report in reports if report.words]
    return Case(
        comment,
        reasons=comment.held_because if comment.state == State.HELD else [],
        reports=[f"{name.lower()}: {count}" for name, count in tally(reports).items()],
        words_of_reports=words[:MOST_WORDS],
        more_words=max(0, len(words) - MOST_WORDS),
        signals=counted(comment.reasons),
        together=signed(comment.reasons_sum),
        writer=writer,
        network=network,
        alike=[Alike(way, f"{counts[way] - 1} more {words}") for way, words in WAYS.items() if counts[way] > 1],
        before=[sentence(decision) for decision in decisions],
        following=None,
    )


def tally(reports: Iterable[Report]) -> Counter:
    return Counter(report.get_reason_display() for report in reports)


def sentence(decision: Decision) -> str:
    undone = ", undone since" if decision.undone_at else ""
    why = f" ({decision.reason})" if decision.reason else ""
    return f"{decision.by_name} {decision.done} it {in_short(decision.at)}{why}{undone}"


def reports_of(numbers: list[int]) -> dict[int, list[Report]]:
    """The open ones, the newest first."""
    found = defaultdict(list)
    for report in Report.objects.filter(comment__in=numbers, settled_at=None).order_by("-pk"):
        found[report.comment_id].append(report)
    return found


def decisions_of(numbers: list[int]) -> dict[int, list[Decision]]:
    found = defaultdict(list)
    for decision in Decision.objects.filter(comment__in=numbers).exclude(verb="restore").order_by("pk"):
        found[decision.comment_id].append(decision)
    return found


def resembling(numbers: list[int]) -> dict[int, Counter]:
    """Of each comment, how many others that can be decided about share a trace with it, by kind. Two queries at most."""
    own = list(Trace.objects.filter(comment__in=numbers).values_list("comment", "kind", "value"))
    found: dict[int, Counter] = defaultdict(Counter)
    if not own:
        return found
    others = Trace.objects.filter(value__in={value for _, _, value in own}, kind__in=KINDS.values())
    others = others.filter(comment__state__in=OPEN, comment__user=None)
    holders = defaultdict(set)
    for pk, kind, value in others.values_list("comment", "kind", "value")[:MOST_TRACES]:
        holders[kind, value].add(pk)
    for kind in KINDS.values():
        for pk in numbers:
            same = set().union(*[holders[kind, value] for one, of, value in own if (one, of) == (pk, kind)])
            found[pk][kind] = len(same - {pk})
    return found


MOST_TRACES = 5000
"""Beyond these, the numbers in the links are lower than they might be; the page behind them says what it takes."""


def pasts(comments: list[Comment]) -> tuple[dict[int, Past], dict[int, Past]]:
    """Of each comment, what its writer and its network did. Networks are told apart for a month, as their hashes are."""
    grouped = totals(Q(network__in={comment.network for comment in comments} - {""}), "network", "folded")
    mailed = {comment.email for comment in comments if comment.email}
    by_mail = totals(Q(email__in=mailed), "network", "folded", "email") if mailed else {}
    writers, networks = {}, {}
    for comment in comments:
        network = [past for (of, _), past in grouped.items() if of == comment.network]
        writer = [past for (of, name), past in grouped.items() if (of, name) == (comment.network, comment.folded)]
        mine = [past for (of, name, email), past in by_mail.items()
                if email == comment.email and (of, name) != (comment.network, comment.folded)]  # fmt: skip
        networks[comment.pk], writers[comment.pk] = together(network), together([*writer, *mine])
    return writers, networks


def totals(which: Q, *keys: str) -> dict[tuple, Past]:
    rows = Comment.objects.filter(which, user=None).order_by().values_list(*keys)
    rows = rows.annotate(
        approved=Count("pk", filter=Q(state=State.VISIBLE) & ~Q(decided_at=None)),
        removed=Count("pk", filter=Q(state__in=(State.REMOVED, State.REJECTED))),
        waiting=Count("pk", filter=Q(state=State.HELD)),
        visible=Count("pk", filter=Q(state=State.VISIBLE)),
        first=Min("created_at"),
    )
    return {tuple(row[: len(keys)]): Past(*row[len(keys) :]) for row in rows}


def together(pasts: list[Past]) -> Past:
    first = min((past.first for past in pasts if past.first), default=None)
    sums = [sum(past[place] for past in pasts) for place in range(4)]
    return Past(*sums, first)
