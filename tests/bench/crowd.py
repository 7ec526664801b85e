"""Many connections, and many articles while one of them is commented on."""

from __future__ import annotations

import re
import urllib.error
from collections.abc import Iterator

from tests.bench.ground import ARTICLE, Ground, Place, fetch, warm
from tests.bench.load import GZIP, Target, measure
from tests.bench.posting import SETTINGS
from tests.bench.table import Row, Skipped, at_least, at_most
from tests.bench.writers import writing

TOKEN = "for-measuring"
METRICS = "/health/metrics/"
CONNECTIONS = (64, 1000)
READERS = 16
WRITERS = 2
PAUSE = 0.2
"""Two writers who post every 0.2 s make ten comments a second."""
SCRIPT = """
local threads = 0
function setup(thread) threads = threads + 1; thread:set("seed", threads) end
function init(args) math.randomseed(seed) end
function request() return wrk.format("GET", "/many-" .. math.random(%d) .. "/") end
"""


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site() as place:
        target = place.at(ARTICLE, **GZIP)
        warm(target)
        for count in CONNECTIONS:
            result = measure(target, count, ground.rounds * ground.seconds, strict=False)
            remark = f"of {result.count:,} requests; p99 {result.p99_ms:.0f} ms"
            yield Row(f"{count:,} connections at a kept page: errors", result.errors, at_most(0), remark)
    with ground.site("many", MASTHEAD_METRICS_TOKEN=TOKEN, **SETTINGS) as place:
        yield from many(ground, place)


def many(ground: Ground, place: Place) -> Iterator[Row]:
    """Readers of all articles at random, ten comments a second on one of them. All pages were read before."""
    count, seconds = place.facts["count"], 3 if ground.quick else 20
    for number in range(1, count + 1):
        fetch(f"{place.site.url}/many-{number}/")
    script = ground.new_folder("script") / "many.lua"
    script.write_text(SCRIPT % count)
    target = Target(place.site.url, place.site.process.pid, GZIP, script)
    before = figures(place)
    with writing(place, ["/many-1/"], clients=WRITERS, seconds=seconds, prefix="In the crowd", pause=PAUSE) as done:
        result = measure(target, READERS, seconds, strict=False)
    after = figures(place)
    what = f"{count:,} articles read at random, 10 comments a second on one"
    remark = f"of {result.count:,} reads and {len(done.posts)} comments; p99 {result.p99_ms:.0f} ms"
    yield Row(f"{what}: errors", result.errors + done.refused, at_most(0), remark)
    if before is None or after is None:
        yield Row(f"{what}: hits", None, at_least(95, "%"), f"the server has no {METRICS} yet")
        return
    hits, misses = after[0] - before[0], after[1] - before[1]
    yield Row(f"{what}: hits", 100 * hits / (hits + misses), at_least(95, "%"), f"{misses:,.0f} misses")


def figures(place: Place) -> tuple[float, float] | None:
    """How often the store had a page so far, and had it not; None if the server does not tell."""
    try:
        told = fetch(place.site.url + METRICS, Authorization=f"Bearer {TOKEN}").decode()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise
    try:
        return total(told, "masthead_pages_hits_total"), total(told, "masthead_pages_misses_total")
    except KeyError as name:
        raise Skipped(f"{METRICS} does not tell {name}") from None


def total(told: str, name: str) -> float:
    """The sum of a metric over its labels, in Prometheus' text form. Raises KeyError if it is not there."""
    values = re.findall(rf"^{name}(?:{{[^}}]*}})?\s+(\S+)", told, re.M)
    if not values:
        raise KeyError(name)
    return sum(map(float, values))
