"""A fair lock round write transactions, shared by all processes of a site.

SQLite's own waiting is a poll with growing pauses: under load some writers wait for seconds while others pass them by.
The kernel wakes those who wait for a `flock` in turn, and frees the lock of a process that dies.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref

try:
    import fcntl
except ImportError:  # a system without file locks: then SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]

LATELY = 1.0

_locks: weakref.WeakSet[WriteLock] = weakref.WeakSet()


class Waiting(threading.Thread):
    """Waits for the lock in the kernel, so that who asked can give up after a time, and come back."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True, name="write-lock")
        self.descriptor = opened(path)
        self.state = threading.Lock()
        self.done = threading.Event()
        self.is_wanted = True
        self.is_over = False

    def run(self) -> None:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            has = True
        except OSError:
            has = False
        with self.state:
            if has and self.is_wanted:
                self.done.set()
            else:
                self._end()

    def result(self, seconds: float) -> int | None:
        """The descriptor that holds the lock, or None after `seconds`; then the lock is let go as soon as it comes.

        So it is if the waiting is interrupted: nobody would let it go later.
        """
        try:
            self.done.wait(seconds)
        except BaseException:
            with self.state:
                self.is_wanted = False
                if self.done.is_set():
                    self._end()
            raise
        with self.state:
            self.is_wanted = self.done.is_set()
        return self.descriptor if self.is_wanted else None

    def is_resumed(self) -> bool:
        """Whether one who gave up may wait on: until its turn comes it keeps its place in the line."""
        with self.state:
            self.is_wanted = not self.is_over
            return self.is_wanted

    def _end(self) -> None:
        self.is_over = True
        os.close(self.descriptor)


class WriteLock:
    """An exclusive `flock` on the file `path`, which is made if it is missing. Counts how often its owner took it.

    One object belongs to one database connection and so to one thread at a time. Without contention taking and freeing
    it costs about 3 µs, else the wait and a thread's start.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor: int | None = None
        self.depth = 0
        self.waiting: Waiting | None = None
        _locks.add(self)

    def acquire(self, seconds: float) -> bool:
        """Whether the lock came within `seconds`. Raises OSError where the file cannot be made."""
        if self.depth == 0 and not self._take(seconds):
            return False
        self.depth += 1
        return True

    def release(self) -> None:
        self.depth -= 1
        if self.depth == 0 and self.descriptor is not None and fcntl:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor, self.depth, self.waiting = None, 0, None

    def note_trouble(self) -> None:
        """Tells the next owners that something else keeps the database locked, so that they need not wait as long."""
        with contextlib.suppress(OSError):
            os.utime(self.path)

    def had_trouble_lately(self) -> bool:
        return self.descriptor is not None and time.time() - os.fstat(self.descriptor).st_mtime < LATELY

    def _take(self, seconds: float) -> bool:
        if self.descriptor is None:
            self.descriptor = opened(self.path)
        if fcntl is None:
            return True
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            pass
        if self.waiting is None or not self.waiting.is_resumed():
            self.waiting = Waiting(self.path)
            self.waiting.start()
        got = self.waiting.result(seconds)
        if got is None:
            return False
        os.close(self.descriptor)
        self.descriptor, self.waiting = got, None
        return True


def opened(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o640)


def leave_to_parent() -> None:
    """A forked process would share its parent's locks, and hold them when the parent has died."""
    for lock in list(_locks):
        lock.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=leave_to_parent)
