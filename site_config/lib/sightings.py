"""What was seen of the world, and when last: an empty file of the data folder for each, so that all processes and the next
start know. Losing one is no harm."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

EVERY = 60
"""Seconds within which one is not written again."""


def see(name: str) -> None:
    """Keeps that `name` was seen now. One stat, and a write each minute at most; never raises for the disk."""
    now, path = timezone.now().timestamp(), settings.DATA_DIR / "seen" / name
    with contextlib.suppress(OSError):
        if path.exists() and abs(now - path.stat().st_mtime) < EVERY:
            return
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (now, now))


def last(name: str) -> datetime | None:
    """When it was seen last; None if never."""
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp((settings.DATA_DIR / "seen" / name).stat().st_mtime, UTC)
    return None
