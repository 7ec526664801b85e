"""Whose turn it is to draw a page: one thread of one process at a time, the others wait and then look again."""

from __future__ import annotations

import hashlib
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_config.pages.shelf import Key

try:
    import fcntl

    SET_LOCK = fcntl.F_OFD_SETLK
except (ImportError, AttributeError):  # only Linux has locks that belong to a descriptor: elsewhere each process draws
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT = 10.0
LOOK = 0.003
PLACES = 1 << 20
FLOCK = "hhqqi4x"


class Turns:
    """Turns by key. Between processes they are locks on single bytes of the file `path`, which the kernel frees at death."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.drawing: dict[Key, threading.Event] = {}
        self.lock = threading.Lock()

    @contextmanager
    def take(self, key: Key) -> Iterator[bool]:
        """True for whoever may draw this page now; for the others False, once that is done or LONGEST_WAIT is over."""
        with self.lock:
            done = self.drawing.get(key)
            if is_first := done is None:
                done = self.drawing[key] = threading.Event()
        if not is_first:
            done.wait(LONGEST_WAIT)
            yield False
            return
        try:
            with self._among_processes(key) as is_first:
                yield is_first
        finally:
            with self.lock:
                del self.drawing[key]
            done.set()

    @contextmanager
    def _among_processes(self, key: Key) -> Iterator[bool]:
        descriptor = self._open()
        if descriptor is None:
            yield True
            return
        try:
            place = int.from_bytes(hashlib.blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
            is_first = taken(descriptor, place % PLACES)
            deadline = time.monotonic() + LONGEST_WAIT
            has = is_first
            while not has and time.monotonic() < deadline:
                time.sleep(LOOK)
                has = taken(descriptor, place % PLACES)
            yield is_first
        finally:
            os.close(descriptor)

    def _open(self) -> int | None:
        if fcntl is None or self.path is None:
            return None
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError:
            return None


def taken(descriptor: int, place: int) -> bool:
    """Whether the lock on this byte is ours now. It ends with the descriptor."""
    try:
        fcntl.fcntl(descriptor, SET_LOCK, struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0))
    except OSError:
        return False
    return True
