"""A fair lock round write transactions, shared by all processes of a site.

SQLite's own waiting is a poll with growing pauses: under load some writers wait for seconds while others pass them by.
The kernel wakes those who wait for a `flock` in turn, and frees the lock of a process that dies.
"""

from __future__ import annotations

import os
import threading
import time

try:
    import fcntl
except ImportError:  # a system without file locks: then SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]

LATELY = 1.0


class Waiting(threading.Thread):
    """Waits for the lock in the kernel, so that who asked can give up after a time."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True, name="write-lock")
        self.descriptor = opened(path)
        self.state = threading.Lock()
        self.done = threading.Event()
        self.is_wanted = True

    def run(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        with self.state:
            if self.is_wanted:
                self.done.set()
            else:
                os.close(self.descriptor)

    def result(self, seconds: float) -> int | None:
        """The descriptor that holds the lock, or None after `seconds`; then the lock is let go as soon as it comes."""
        self.done.wait(seconds)
        with self.state:
            self.is_wanted = self.done.is_set()
        return self.descriptor if self.is_wanted else None


class WriteLock:
    """An exclusive `flock` on the file `path`, which is made if it is missing. Counts how often its owner took it.

    One object belongs to one database connection and so to one thread at a time. Without contention taking and freeing
    it costs about 3 µs, else the wait and a thread's start.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor: int | None = None
        self.owner = 0
        self.depth = 0

    def acquire(self, seconds: float) -> bool:
        """Whether the lock came within `seconds`. Raises OSError where the file cannot be made."""
        if self.depth == 0 and not self._take(seconds):
            return False
        self.depth += 1
        return True

    def release(self) -> None:
        self.depth -= 1
        if self.depth == 0 and self.descriptor is not None and self.owner == os.getpid() and fcntl:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor, self.depth = None, 0

    def note_trouble(self) -> None:
        """Tells the next owners that something else keeps the database locked, so that they need not wait as long."""
        os.utime(self.path)

    def had_trouble_lately(self) -> bool:
        return self.descriptor is not None and time.time() - os.fstat(self.descriptor).st_mtime < LATELY

    def _take(self, seconds: float) -> bool:
        if self.descriptor is None or self.owner != os.getpid():  # a fork would share the parent's lock
            self.close()
            self.descriptor, self.owner = opened(self.path), os.getpid()
        if fcntl is None:
            return True
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            pass
        waiting = Waiting(self.path)
        waiting.start()
        got = waiting.result(seconds)
        if got is None:
            return False
        os.close(self.descriptor)
        self.descriptor = got
        return True


def opened(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o640)
