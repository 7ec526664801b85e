"""Bounded load by wrk on the loopback interface, and what it cost the server's process tree."""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import cpu_of

GZIP = {"Accept-Encoding": "gzip"}
LONG = 3600
UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


class Told(NamedTuple):
    """What wrk printed at its end."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int
    """Answers that are no success, and connections that failed or took longer than wrk's two seconds."""


class Result(NamedTuple):
    requests: float
    """Requests per second."""
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """CPU time of the whole process tree per request, in microseconds."""
    errors: int
    count: int


@dataclass
class Target:
    """An address, the process tree that answers there, and what is sent along."""

    url: str
    pid: int
    headers: dict[str, str]
    script: Path | None = None


def command(target: Target, connections: int, seconds: int) -> list[str]:
    made = ["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in target.headers.items():
        made += ["-H", f"{name}: {value}"]
    return [*made, *(["-s", str(target.script)] if target.script else []), target.url]


def measure(target: Target, connections: int, seconds: int, *, strict: bool = True) -> Result:
    """wrk for `seconds` with `connections` kept alive. Raises RuntimeError if nothing was answered, or `strict` and an error."""
    before = cpu_of(target.pid)
    done = subprocess.run(command(target, connections, seconds), capture_output=True, text=True, check=True)
    used = cpu_of(target.pid) - before
    told = parse(done.stdout)
    if not told.count or (strict and told.errors):
        raise RuntimeError(f"wrk at {target.url}: {done.stdout}{done.stderr}")
    return Result(told.count / told.seconds, told.p50_ms, told.p99_ms, used * 1e6 / told.count, told.errors, told.count)


@contextmanager
def meanwhile(target: Target, connections: int) -> Iterator[list[Told]]:
    """wrk without pause during the block; afterwards the list holds what it told."""
    told: list[Told] = []
    process = subprocess.Popen(
        command(target, connections, LONG), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        yield told
        process.send_signal(signal.SIGINT)
        told.append(parse(process.communicate(timeout=30)[0]))
    finally:
        process.kill()
        process.wait()


def parse(text: str) -> Told:
    """Reads wrk's report. Raises RuntimeError if it is none."""
    found = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b", text)
    if not found:
        raise RuntimeError(f"wrk told nothing: {text!r}")
    p50, p99 = (share(text, of) for of in (50, 99))
    failed = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = sum(map(int, failed.groups())) if failed else 0
    seconds = float(found[2]) * UNITS[found[3]] / 1000
    return Told(int(found[1]), seconds, p50, p99, errors + (int(refused[1]) if refused else 0))


def share(text: str, of: int) -> float:
    found = re.search(rf"^\s*{of}%\s+(\S+)", text, re.M)
    return milliseconds(found[1]) if found else float("nan")


def milliseconds(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if not found:
        raise ValueError(f"{text!r} is no time of wrk's")
    return float(found[1]) * UNITS[found[2]]


def in_turn(rounds: int, *measures: Callable[[], Result]) -> list[tuple[Result, ...]]:
    """Each measure once a round, so that whatever else the machine does meets all of them."""
    return [tuple(measure() for measure in measures) for _ in range(rounds)]


def median(rounds: list[tuple[Result, ...]], of: Callable[..., float]) -> float:
    """The median over the rounds of what `of` makes of a round's results."""
    return statistics.median(of(*results) for results in rounds)
