"""Posting comments over HTTP, eight clients at once on SQLite, without pause."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ground import Ground, Place
from tests.bench.table import Row, at_least, at_most
from tests.bench.writers import Writing, lost, writing

CLIENTS = 8
SETTINGS = {"MASTHEAD_COMMENT_RATE": "100000/m", "MASTHEAD_COMMENT_MODERATION": "open"}


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site(**SETTINGS) as place:
        quiet = [f"/{slug}/" for slug in place.facts["quiet"]]
        yield from posted(ground, place, "8 clients post under 8 articles", quiet)
        yield from posted(ground, place, "8 clients post under one article", quiet[:1])


def posted(ground: Ground, place: Place, what: str, paths: list[str]) -> Iterator[Row]:
    seconds = ground.rounds * ground.seconds
    with writing(place, paths, clients=CLIENTS, seconds=seconds, prefix=what) as done:
        pass
    yield from judged(what, done, seconds, lost(place, done))


def judged(what: str, done: Writing, seconds: float, found: dict[str, list]) -> Iterator[Row]:
    remark = f"{done.refused} refused, {len(found['lost'])} of {len(done.acknowledged)} acknowledged missing, "
    remark += f"{len(found['miscounted'])} articles miscounted"
    yield Row(f"{what}: comments/s", len(done.acknowledged) / seconds, at_least(300), remark)
    wrong = done.refused + len(found["lost"]) + len(found["miscounted"])
    yield Row(f"{what}: refused, lost or miscounted", wrong, at_most(0))
    remark = f"median {done.waited(0.5) * 1000:.0f} ms, p99 {done.waited(0.99) * 1000:.0f} ms"
    yield Row(f"{what}: the longest wait", done.waited(1), at_most(1, "s"), remark)
