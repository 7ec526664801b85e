"""What a tree of processes has used so far, as /proc tells."""

from __future__ import annotations

import os
import re
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.M)


def tree(pid: int) -> list[int]:
    """A process and all that descend from it and live."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it ended just now
            continue
        for child in children:
            found += tree(int(child))
    return found


def cpu_of(*pids: int) -> float:
    """Seconds of CPU, user and system, of these trees, with their children that ended and were waited for."""
    return sum(ticks(number) for pid in pids for number in tree(pid)) / TICK


def ticks(pid: int) -> int:
    try:
        return ticks_in(Path(f"/proc/{pid}/stat").read_text())
    except OSError:
        return 0


def ticks_in(stat: str) -> int:
    """utime, stime, cutime and cstime of a line of /proc/PID/stat. (The name in it may hold anything.)"""
    return sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])


def pss_of(pid: int) -> dict[int, float]:
    """The proportional share of memory of each process of the tree, in MB."""
    found = {}
    for number in tree(pid):
        try:
            found[number] = pss_in(Path(f"/proc/{number}/smaps_rollup").read_text())
        except OSError:
            continue
    return found


def pss_in(rollup: str) -> float:
    match = PSS.search(rollup)
    return int(match[1]) / 1024 if match else 0.0
