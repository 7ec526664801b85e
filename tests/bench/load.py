"""Bounded load by wrk on the loopback interface, and what it cost the server's process tree."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Result(NamedTuple):
    requests: float
    """Requests per second."""
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """CPU time of the whole process tree per request, in microseconds."""


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU, user and system, that the tree has used so far."""
    total = 0
    for number in tree(pid):
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def measure(address: str, pid: int, connections: int, seconds: int) -> Result:
    """wrk for `seconds` with `connections` kept alive, asking for gzip."""
    command = ["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency"]
    before = cpu_of(pid)
    done = subprocess.run([*command, "-H", "Accept-Encoding: gzip", address], capture_output=True, text=True, check=True)
    used = cpu_of(pid) - before
    count = int(re.search(r"(\d+) requests in", done.stdout)[1])
    if "Non-2xx" in done.stdout or not count:
        raise RuntimeError(done.stdout)
    p50, p99 = (milliseconds(re.search(rf"{share}%\s+(\S+)", done.stdout)[1]) for share in (50, 99))
    return Result(count / seconds, p50, p99, used * 1e6 / count)


def milliseconds(text: str) -> float:
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]
