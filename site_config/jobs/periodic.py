"""Housekeeping that comes round by itself. The job runner calls it; each task must be cheap where there is nothing to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

_tasks: dict[Callable[[], object], float] = {}
_next: dict[Callable[[], object], float] = {}


def every(seconds: float, task: Callable[[], object]) -> None:
    """Has `task` called about every `seconds` while a runner runs, and once soon after it starts."""
    _tasks[task] = seconds


def run_due(now: float | None = None) -> int:
    """Calls what is due by the monotonic clock; how many. One that fails is logged and comes round again."""
    now = time.monotonic() if now is None else now
    due = [task for task in _tasks if now >= _next.get(task, 0)]
    for task in due:
        _next[task] = now + _tasks[task]
        try:
            task()
        except Exception:  # housekeeping may raise anything, and the runner must go on
            logger.exception("Housekeeping %s failed", task.__name__)
    return len(due)
