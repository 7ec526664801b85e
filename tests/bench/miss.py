"""A miss: the whole request of an article of 1,300 words, two tables and 100 comments, drawn anew each time."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ground import ARTICLE, Ground, warm
from tests.bench.load import GZIP, in_turn, measure, median
from tests.bench.table import Row, at_most

CONNECTIONS = 4


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site(MASTHEAD_PAGE_STORE_MB="0") as place:
        plain, packed = place.at(ARTICLE), place.at(ARTICLE, **GZIP)
        warm(plain)
        told = in_turn(
            ground.rounds,
            lambda: measure(plain, CONNECTIONS, ground.seconds),
            lambda: measure(packed, CONNECTIONS, ground.seconds),
            lambda: measure(plain, 1, ground.seconds),
        )
    cpu, packed_cpu = median(told, lambda a, b, c: a.cpu_us / 1000), median(told, lambda a, b, c: b.cpu_us / 1000)
    remark = f"{median(told, lambda a, b, c: a.requests):.0f} pages/s; one connection: p50 {told[0][2].p50_ms:.1f} ms"
    yield Row("a miss (1,300 words, two tables, 100 comments): CPU", cpu, at_most(4, "ms"), remark)
    yield Row("the same, compressed anew by gzip each time", packed_cpu, None, "what a browser asks for", "ms")
