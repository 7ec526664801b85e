"""A page of 100 comments costs the same, however long the thread is."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ground import Ground, Place, warm
from tests.bench.load import Result, Target, in_turn, measure, median
from tests.bench.table import Goal, Row, at_most

CONNECTIONS = 2


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site("threads", MASTHEAD_PAGE_STORE_MB="0") as place:
        short, *long = place.facts["sizes"]
        base = place.at(f"/thread-{short}/")
        for size in long:
            what = f"page of 100 comments in a thread of {size:,} ÷ in one of {short}"
            yield grown(ground, f"{what}: CPU, first page", place.at(f"/thread-{size}/"), base, at_most(1.2))
            yield grown(ground, f"{what}: CPU, a page in the middle", middle(place, size), base, None)


def middle(place: Place, size: int) -> Target:
    return place.at(f"/thread-{size}/?after={place.facts['middles'][str(size)]}")


def grown(ground: Ground, what: str, long: Target, short: Target, goal: Goal | None) -> Row:
    warm(long)
    warm(short)

    def ask(target: Target) -> Result:
        return measure(target, CONNECTIONS, ground.seconds)

    told = in_turn(ground.rounds, lambda: ask(long), lambda: ask(short))
    ratio = median(told, lambda a, b: a.cpu_us / b.cpu_us)
    remark = f"{median(told, lambda a, b: a.cpu_us) / 1000:.2f} ms"
    return Row(what, ratio, goal, remark)
