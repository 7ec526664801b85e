"""A page of 100 comments costs the same, however long the conversation or the thread is."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ground import Ground, Place, warm
from tests.bench.load import Result, Target, in_turn, measure, median
from tests.bench.table import Row, at_most

CONNECTIONS = 2
BASE = 100


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site("threads", MASTHEAD_PAGE_STORE_MB="0") as place:
        targets = targets_of(place)
        for target in targets.values():
            warm(target)
        told = in_turn(ground.rounds, *[lambda target=target: ask(ground, target) for target in targets.values()])
    base = list(targets).index(drawn(BASE))
    for number, (what, target) in enumerate(targets.items()):
        cpu = median(told, lambda *results, at=number: results[at].cpu_us / 1000)
        p50 = median(told, lambda *results, at=number: results[at].p50_ms)
        yield Row(f"{what}: CPU", cpu, None, f"p50 {p50:.1f} ms", "ms")
        if target.url in (place.at(f"/thread-{size}/").url for size in place.facts["sizes"] if size > BASE):
            ratio = median(told, lambda *results, at=number: results[at].cpu_us / results[base].cpu_us)
            yield Row(f"{what} ÷ one with {BASE}: CPU", ratio, at_most(1.2))


def drawn(size: int) -> str:
    return f"an article with {size:,} comments, drawn anew"


def targets_of(place: Place) -> dict[str, Target]:
    """The first page of each conversation; pages in the middle of the longest, and of a thread; where a permalink leads."""
    facts = place.facts
    found = {drawn(size): place.at(f"/thread-{size}/") for size in facts["sizes"]}
    longest, (root, reply), length = facts["sizes"][-1], facts["thread"], facts["length"]
    found[f"a page in the middle of {longest:,} comments"] = place.at(f"/thread-{longest}/?after={facts['middle']}")
    found[f"an article with one thread of {length:,}, folded"] = place.at("/one-thread/")
    found[f"a page in the middle of a thread of {length:,}"] = place.at(f"/one-thread/?thread={root}&after={reply}")
    found[f"the address of a comment among {longest:,}"] = place.at(f"/comments/{facts['middle']}/")
    found[f"the address of a comment in a thread of {length:,}"] = place.at(f"/comments/{reply}/")
    return found


def ask(ground: Ground, target: Target) -> Result:
    return measure(target, CONNECTIONS, ground.seconds)
