"""Whole pages asked for by number and not by time, so that no page is half paid for when the counting ends."""

from __future__ import annotations

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.bench.ground import fetch
from tests.bench.processes import cpu_of
from tests.bench.table import Row, at_least

CONNECTIONS = 4
TRIAL = 8
PATIENCE = 120
GOAL = at_least(10)


class Peer(NamedTuple):
    """A page, the process trees that make it, and words that must stand in it."""

    name: str
    url: str
    pids: tuple[int, ...]
    words: str


class Pages(NamedTuple):
    per_second: float
    cpu_ms: float


def ask(peer: Peer, count: int) -> Pages:
    """`count` pages by CONNECTIONS clients that keep their connections. Raises RuntimeError for anything but a 200."""
    turns, failed = itertools.count(1), []
    before, began = cpu_of(*peer.pids), time.monotonic()
    clients = [threading.Thread(target=read, args=(peer, turns, count, failed)) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failed:
        raise RuntimeError(f"{peer.name} answered with {failed[0]}")
    return Pages(count / (time.monotonic() - began), (cpu_of(*peer.pids) - before) * 1000 / count)


def read(peer: Peer, turns: Iterator[int], count: int, failed: list) -> None:
    host, _, path = peer.url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    try:
        while next(turns) <= count:
            connection.request("GET", f"/{path}")
            with connection.getresponse() as answer:
                answer.read()
                if answer.status != 200:
                    raise http.client.HTTPException(answer.status)
    except (OSError, http.client.HTTPException) as error:
        failed.append(error)
    finally:
        connection.close()


def beside(ours: Peer, theirs: Peer, rounds: int, seconds: int) -> Iterator[Row]:
    """Two rows: CPU per page and pages per second, ours and theirs in turn, each for about `seconds` a round."""
    for peer in (ours, theirs):
        if peer.words not in fetch(peer.url).decode():
            raise RuntimeError(f"The page of {peer.name} lacks {peer.words!r}")
    counts = [max(CONNECTIONS, round(ask(peer, TRIAL).per_second * seconds)) for peer in (ours, theirs)]
    told = [(ask(ours, counts[0]), ask(theirs, counts[1])) for _ in range(rounds)]
    cpu = statistics.median(b.cpu_ms / a.cpu_ms for a, b in told)
    pages = statistics.median(a.per_second / b.per_second for a, b in told)
    own, other = (statistics.median(each[side].cpu_ms for each in told) for side in (0, 1))
    yield Row(f"{theirs.name}: its CPU per page ÷ ours", cpu, GOAL, f"{other:.1f} ms against {own:.1f} ms")
    own, other = (statistics.median(each[side].per_second for each in told) for side in (0, 1))
    yield Row(f"{theirs.name}: our pages/s ÷ its, drawn anew", pages, GOAL, f"{own:.1f} against {other:.1f}")
