"""Tells in a fraction of a microsecond that nothing has changed: counters in memory that all processes share.

A pair of numbers (begun, done) for each slot; a subject's slot follows from its name. A writer raises `begun` before it
commits and sets `done` to the same after the commit or the rollback, both while it holds the database's write lock, so
one writer at a time does. Equal numbers that are still the same as when a page was checked mean that it holds. Anything
else means: ask the rows. A writer that was killed in between leaves a slot unequal, and so slow but exact, until the
next writer of that slot or `heal()`.

The file lies beside the database, as SQLite's own `-shm` does, and like that must not be deleted while the site runs: a
reader looks for that once a second. All pairs of a new file begin at one number drawn by lot, so that what was noted of an
older file never seems to hold in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import secrets
import sys
import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SLOTS = 16_384
SIZE = SLOTS * 16
LARGEST = (1 << 64) - 1

Stamp = tuple[tuple[int, int], ...]
"""(place of the pair, its number) for each slot of a page."""


class Counters:
    """The counters in the file `path`, which is made if it is missing. Raises OSError where that cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        descriptor = opened(path)
        try:
            self.cells = memoryview(mmap.mmap(descriptor, SIZE)).cast("Q")
            self.inode = os.fstat(descriptor).st_ino
        finally:
            os.close(descriptor)

    def is_in_place(self) -> bool:
        """Whether the file is still the one that other processes find."""
        try:
            return os.stat(self.path).st_ino == self.inode
        except OSError:
            return False

    def stamp(self, subjects: Iterable[str]) -> Stamp | None:
        """What the counters of these subjects say now; None while a writer of one is busy, or died over it."""
        cells = self.cells
        found = tuple((place, cells[place]) for place in places(subjects))
        return found if all(cells[place + 1] == number for place, number in found) else None

    def hold(self, stamp: Stamp) -> bool:
        """Whether nothing has changed since `stamp` was taken. Costs 0.1 µs a slot."""
        cells = self.cells
        for place, number in stamp:  # noqa: SIM110 (a third faster than all())
            if cells[place] != number or cells[place + 1] != number:
                return False
        return True

    def begin(self, subjects: Iterable[str]) -> Stamp:
        """To be called by a writer that holds the write lock, right before it commits. Give the result to finish()."""
        cells = self.cells
        raised = []
        for place in places(subjects):
            cells[place] = number = after(cells[place], cells[place + 1])
            raised.append((place, number))
        return tuple(raised)

    def finish(self, raised: Stamp) -> None:
        """To be called after commit or rollback, still under the write lock. Leaves alone what another writer began since."""
        cells = self.cells
        for place, number in raised:
            if cells[place] == number:
                cells[place + 1] = number

    def is_broken(self) -> bool:
        """Whether a pair is unequal: a writer is busy, or died. About 1 ms."""
        return self.cells[0::2].tolist() != self.cells[1::2].tolist()

    def heal(self) -> int:
        """Makes equal again what dead writers left; how many pairs. To be called inside a write transaction. About 1 ms."""
        cells = self.cells
        begun, done = cells[0::2].tolist(), cells[1::2].tolist()
        if begun == done:
            return 0
        broken = [2 * slot for slot in range(SLOTS) if begun[slot] != done[slot]]
        for place in broken:
            cells[place] = cells[place + 1] = after(cells[place], cells[place + 1])
        return len(broken)


def places(subjects: Iterable[str]) -> list[int]:
    return sorted({place_of(subject) for subject in subjects})


@lru_cache(maxsize=65_536)
def place_of(subject: str) -> int:
    """Where the pair of this subject begins."""
    return 2 * (int.from_bytes(hashlib.blake2b(subject.encode(), digest_size=4).digest(), "big") % SLOTS)


def after(begun: int, done: int) -> int:
    """A number that neither half of a pair has, whatever garbage is in it."""
    most = max(begun, done)
    return most + 1 if most < LARGEST else next(number for number in (1, 2, 3) if number not in {begun, done})


def opened(path: Path) -> int:
    """A descriptor of the file, whole: it is made aside and then appears at once, also in place of one that is too short."""
    flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0)
    for _ in range(3):
        try:
            descriptor = os.open(path, flags)
        except FileNotFoundError:
            make(path)
            continue
        if os.fstat(descriptor).st_size >= SIZE:
            return descriptor
        os.close(descriptor)
        path.unlink(missing_ok=True)
    return os.open(path, flags)


def make(path: Path) -> None:
    """Writes a new file out, so that a full disk fails here, and not as a signal at some later write to memory."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb") as file:
            file.write((secrets.randbits(62) + 1).to_bytes(8, sys.byteorder) * (2 * SLOTS))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
