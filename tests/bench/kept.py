"""A kept page beside the same bytes from nginx, under both shells."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ground import ARTICLE, Ground, warm
from tests.bench.load import GZIP, Target, in_turn, measure, median
from tests.bench.table import Goal, Row, at_least, at_most

CONNECTIONS = (1, 16, 64)
FACING_NETWORK = {16: at_least(0.6), 64: at_least(0.75)}
BEHIND_PROXY = {16: at_least(0.9), 64: at_least(0.9)}


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site() as place:
        target = place.at(ARTICLE, **GZIP)
        warm(target)
        with ground.same_bytes(target) as static:
            yield from beside(ground, "kept page, facing the network", target, static, FACING_NETWORK)
            yield from floor(ground, "rsgi", target, static)
            with ground.wsgi_shell(place) as shell:
                target = shell.at(ARTICLE, **GZIP)
                warm(target)
                yield from beside(ground, "kept page, WSGI shell for behind a proxy", target, static, BEHIND_PROXY)
                yield from floor(ground, "wsgi", target, static)


def floor(ground: Ground, interface: str, ours: Target, static: Target) -> Iterator[Row]:
    """What the web server reaches with nothing behind it: no page store could be faster."""
    with ground.bare_server(interface, ours) as bare:
        for count in CONNECTIONS[1:]:
            told = compared(ground, bare, static, count)
            cpu = median(told, lambda a, b: a.cpu_us / b.cpu_us)
            yield Row(
                f"granian alone with the same bytes, {interface.upper()}, {count} connections: requests/s ÷ nginx",
                median(told, lambda a, b: a.requests / b.requests),
                None,
                f"CPU {cpu:.2f} × nginx’s",
            )


def beside(ground: Ground, what: str, ours: Target, static: Target, goals: dict[int, Goal]) -> Iterator[Row]:
    """Three rows for one connection, two for more."""
    for count in CONNECTIONS:
        told = compared(ground, ours, static, count)
        where = f"{what}, {count} connection{'s' if count > 1 else ''}"
        requests = median(told, lambda a, b: a.requests / b.requests)
        p99 = median(told, lambda a, b: a.p99_ms / b.p99_ms)
        yield Row(f"{where}: requests/s ÷ nginx", requests, goals.get(count), f"p99 {p99:.1f} × nginx’s")
        own = median(told, lambda a, b: a.cpu_us)
        cpu = median(told, lambda a, b: a.cpu_us / b.cpu_us)
        yield Row(f"{where}: CPU per request ÷ nginx", cpu, at_most(2.5) if count > 1 else None, f"{own:.0f} µs")
        if count == 1:
            p50 = median(told, lambda a, b: a.p50_ms)
            theirs = median(told, lambda a, b: b.p50_ms)
            yield Row(f"{where}: p50", p50, at_most(0.3, "ms"), f"nginx: {theirs:.2f} ms")


def compared(ground: Ground, one: Target, other: Target, connections: int) -> list:
    """Rounds of both in turn."""
    return in_turn(
        ground.rounds, lambda: measure(one, connections, ground.seconds), lambda: measure(other, connections, ground.seconds)
    )
