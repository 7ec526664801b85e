"""The job runner's sign of life: a file in the data folder that it touches as it goes round."""

from __future__ import annotations

import contextlib
import time

from django.conf import settings

PAUSE = 5.0
"""Seconds between two touches, so that an idle site leaves its disk alone."""
LONG = 120.0
"""Seconds of silence after which the runner is busy with one long job at best."""

_touched = float("-inf")


def beat() -> None:
    """To be called in each round of the runner; never raises. Costs a `utime` once in PAUSE seconds."""
    global _touched
    now = time.monotonic()
    if now - _touched >= PAUSE:
        _touched = now
        with contextlib.suppress(OSError):
            (settings.DATA_DIR / "jobs.alive").touch(mode=0o640)


def silence() -> float | None:
    """Seconds since the last beat of any runner, to about PAUSE; None if there never was one."""
    try:
        return max(0.0, time.time() - (settings.DATA_DIR / "jobs.alive").stat().st_mtime)
    except OSError:
        return None
