"""What this site knows already that bears on a draft: read once, and only if a signal asks."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from comments.models import Comment, Trace
from comments.spam import classifier, traces, trust
from comments.spam.bayes import Opinion
from comments.spam.draft import Draft
from site_config.lib.prepared import Prepared

TURNED_DOWN = (Comment.State.REMOVED, Comment.State.REJECTED)
MOST_TURNED_DOWN = 10
RECENTLY = timedelta(hours=1)
ALIKE, SAME = 0.5, 0.9
"""Shares of pieces in common: from the first on two texts are alike, from the second nearly the same."""

turned_down_from = Prepared(
    lambda *networks: Comment.objects.filter(network__in=networks, state__in=TURNED_DOWN).values_list("pk")[:MOST_TURNED_DOWN]
)
MOST_VISIBLE = 50
visible_from = Prepared(
    lambda *networks: Comment.objects.filter(network__in=networks, state=Comment.State.VISIBLE).values_list("pk")[:MOST_VISIBLE]
)


class Alike(NamedTuple):
    pk: int
    state: str
    is_recent: bool
    likeness: float


class Linked(NamedTuple):
    """A site that the draft links to, and how many comments did before: turned down, visible, of the last hour."""

    host: str
    bad: list[int]
    good: list[int]
    recent: list[int]


class Past:
    """About a draft. Each property costs at most the queries that it names."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    @cached_property
    def is_trusted(self) -> bool:
        """Three queries at most."""
        return trust.is_trusted(self.draft)

    @cached_property
    def turned_down(self) -> list[int]:
        """Comments from the same network that were removed or rejected, the newest first. One query.

        Only comments of the last 30 days have one. Prepared for the three hashes that it can have in that time.
        """
        return sorted(self.from_network(turned_down_from), reverse=True)

    @cached_property
    def visible(self) -> int:
        """How many comments from the same network readers see, MOST_VISIBLE at most. One query."""
        return len(self.from_network(visible_from))

    def from_network(self, query: Prepared) -> list[int]:
        networks = self.draft.networks
        found = query(*networks, *networks[-1:] * (3 - len(networks))) if networks else []
        return [pk for (pk,) in found if pk != self.draft.pk]

    @cached_property
    def sharers(self) -> list[traces.Sharer]:
        """Comments that share a trace with it. One query, none for a short text without links."""
        found = traces.sharers(traces.traces(self.draft.source), since=self.draft.now - RECENTLY)
        return [sharer for sharer in found if sharer.pk != self.draft.pk]

    @cached_property
    def alike(self) -> list[Alike]:
        """Of those that were turned down or are of the last hour, the ones whose text is like it, the newest first.

        One query more, if there are any to compare.
        """
        texts = (sharer for sharer in self.sharers if sharer.kind == Trace.Kind.TEXT)
        shared = {sharer.pk: sharer for sharer in texts if sharer.is_recent or sharer.state in TURNED_DOWN}
        if not shared:
            return []
        mine = traces.pieces(self.draft.source)
        sources = Comment.objects.filter(pk__in=sorted(shared, reverse=True)[: traces.MOST_ALIKE]).values_list("pk", "source")
        near = {pk: traces.likeness(mine, traces.pieces(source)) for pk, source in sources}
        close = sorted((pk for pk, likeness in near.items() if likeness >= ALIKE), reverse=True)
        return [Alike(pk, shared[pk].state, shared[pk].is_recent, near[pk]) for pk in close]

    @cached_property
    def linked(self) -> list[Linked]:
        return [self.record_of(host) for host in traces.foreign_hosts(self.draft.source)]

    def record_of(self, host: str) -> Linked:
        number = traces.number_of(host)
        shared = [one for one in self.sharers if one.kind == Trace.Kind.LINK and one.value == number]
        return Linked(
            host,
            [one.pk for one in shared if one.state in TURNED_DOWN],
            [one.pk for one in shared if one.state == Comment.State.VISIBLE],
            [one.pk for one in shared if one.is_recent],
        )

    @cached_property
    def opinion(self) -> Opinion:
        """What the classifier thinks of it: of name and text. One query until it has learned enough, then two."""
        return classifier.opinion_of(self.draft.name, self.draft.source)
