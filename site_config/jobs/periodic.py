"""Housekeeping that comes round by itself, in a thread of its own: a long job does not delay it.

Each task must be cheap where there is nothing to do, for all of them share the thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
LONGEST_WAIT = 1.0
LONGEST_PAUSE = 60.0

Task = Callable[[], object] | str

_tasks: dict[Task, float] = {}
_next: dict[Task, float] = {}
_failures: dict[Task, int] = {}


def every(seconds: float, task: Task) -> None:
    """Has `task` called about every `seconds` while a runner runs, and once soon after it starts.

    A task that is given as a dotted name is imported by the runner alone: other processes do not load its module for it.
    """
    _tasks[task] = seconds


def run_due(now: float | None = None) -> int:
    """Calls what is due by the monotonic clock; how many. One that fails is logged and comes round again, after pauses
    that grow to LONGEST_PAUSE."""
    now = time.monotonic() if now is None else now
    due = [task for task in _tasks if now >= _next.get(task, 0)]
    for task in due:
        try:
            called(task)()
            _failures.pop(task, None)
        except Exception:  # housekeeping may raise anything, and the clock must go on
            _failures[task] = _failures.get(task, 0) + 1
            logger.exception("Housekeeping %s failed", task if isinstance(task, str) else task.__name__)
        _next[task] = now + max(_tasks[task], min(2 ** _failures.get(task, -99), LONGEST_PAUSE))
    return len(due)


def called(task: Task) -> Callable[[], object]:
    return import_string(task) if isinstance(task, str) else task


class Scheduler(threading.Thread):
    """Calls what is due until `stop()`. Its connections to the database are its own, and new ones after an error."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="scheduler")
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(self._pause()):
            if run_due():
                for connection in connections.all(initialized_only=True):
                    connection.close_if_unusable_or_obsolete()
        connections.close_all()

    def _pause(self) -> float:
        """Seconds to the next task. Tasks that are registered later are seen soon."""
        next_at = min((_next.get(task, 0.0) for task in _tasks), default=0.0)
        return min(max(next_at - time.monotonic(), 0.0), LONGEST_WAIT) if _tasks else LONGEST_WAIT

    def stop(self, seconds: float) -> None:
        """Waits at most so long for a task that is being done."""
        self.over.set()
        self.join(seconds)
