"""Counts that several processes keep together in one small file mapped into memory, and that outlive them.

Each process adds in a slot of its own, which it holds by a lock that the kernel frees at its death; the next one goes on
with the numbers that stand there. So nobody waits, nothing is lost by a kill, and a sum never falls. Where the file cannot
be had (no room, no right, no free slot, no file locks) a process counts in its own memory, and nothing breaks.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import stat
import struct
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system without file locks: each process counts for itself
    fcntl = None  # type: ignore[assignment]

MAGIC = b"MHTALLY1"
HEADER = struct.Struct("<8sII16s32x")
LINE = 64
"""Bytes that processors share: slots keep this far apart, so that no two write into one."""
PATIENCE = 0.5

_opened: weakref.WeakSet[Tally] = weakref.WeakSet()


class Tally:
    """Counts by name, kept in the file `path` by at most `slots` processes at once.

    A file of other names, another number of slots or another version is made anew. Open one for each path in a process:
    where only POSIX locks exist, a second one would share its slot.
    """

    def __init__(self, path: Path, names: Sequence[str], slots: int = 64) -> None:
        self.path, self.names, self.slots = Path(path), tuple(names), slots
        self.width = -(-len(self.names) * 8 // LINE) * LINE
        self.size = HEADER.size + slots * self.width
        digest = hashlib.blake2b("\n".join(self.names).encode(), digest_size=16).digest()
        self.header = HEADER.pack(MAGIC, slots, len(self.names), digest)
        self.all: memoryview | None = None
        self.own = self._private()
        self.slot: int | None = None
        self.descriptor = -1
        self._open()
        _opened.add(self)

    def add(self, index: int, amount: int = 1) -> None:
        """Adds to the count of `names[index]`. Costs 0.1 µs.

        Threads lose nothing: CPython switches between them at calls and jumps, and there is none in this line.
        """
        self.own[index] += amount

    def total(self) -> dict[str, int]:
        """Each name's sum over all slots that ever were, and over this process's own memory. Costs 0.1 ms."""
        rows = [self.own.tolist()] if self.slot is None else []
        if self.all is not None:
            step = self.width // 8
            start = HEADER.size // 8
            rows += [self.all[start + n * step : start + n * step + len(self.names)].tolist() for n in range(self.slots)]
        return {name: sum(row[index] for row in rows) for index, name in enumerate(self.names)}

    def close(self) -> None:
        """Lets the slot go. What is added afterwards is counted in memory only."""
        self.own, self.all, self.slot = self._private(), None, None
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def _private(self) -> memoryview:
        return memoryview(bytearray(len(self.names) * 8)).cast("Q")

    def _open(self) -> None:
        if fcntl is None:
            return
        with contextlib.suppress(OSError):
            self.descriptor = self._file()
            self.all = memoryview(mmap.mmap(self.descriptor, self.size)).cast("Q")
            self.slot = next((n for n in range(self.slots) if lock(self.descriptor, HEADER.size + n * self.width)), None)
            if self.slot is not None:
                start = (HEADER.size + self.slot * self.width) // 8
                self.own = self.all[start : start + len(self.names)]

    def _file(self) -> int:
        """A descriptor of the file in its right layout. Raises OSError."""
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        descriptor = self._fit()
        if descriptor is None:
            with alone(self.path.parent):
                descriptor = self._fit()
                if descriptor is None:
                    self._make()
                    descriptor = self._fit()
        if descriptor is None:
            raise FileNotFoundError(self.path)
        return descriptor

    def _fit(self) -> int | None:
        """A descriptor of the file, or None if it is missing or of another layout."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            found = os.fstat(descriptor)
            fits = stat.S_ISREG(found.st_mode) and found.st_size == self.size
            if fits and os.pread(descriptor, HEADER.size, 0) == self.header:
                fill_holes(descriptor, self.size)
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    def _make(self) -> None:
        """A new file in the place of whatever is there. That one is never cut short: others may have it mapped."""
        descriptor, aside = tempfile.mkstemp(prefix=f"{self.path.name}.", dir=self.path.parent)
        try:
            with open(descriptor, "wb") as file:
                file.write(self.header + bytes(self.size - len(self.header)))
            os.replace(aside, self.path)
        except OSError:
            os.unlink(aside)
            raise

    def _begin_again(self) -> None:
        """In a process that was forked off: the slot is its parent's."""
        self.close()
        self._open()


def lock(descriptor: int, place: int) -> bool:
    """Whether the byte at `place` could be locked: for the open file, or else for this process, until it ends."""
    try:
        if hasattr(fcntl, "F_OFD_SETLK"):
            request = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, request)
        else:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except (BlockingIOError, PermissionError):
        return False
    return True


def fill_holes(descriptor: int, size: int) -> None:
    """Gives every byte its place on the disk. Copies may have lost it, and writing into a hole of a full disk kills."""
    if hasattr(os, "SEEK_HOLE") and hasattr(os, "posix_fallocate") and os.lseek(descriptor, 0, os.SEEK_HOLE) < size:
        os.posix_fallocate(descriptor, 0, size)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time make a file in the folder. Raises TimeoutError rather than wait for a stuck one."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    deadline = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(folder) from None
                time.sleep(0.005)
        yield
    finally:
        os.close(descriptor)


def begin_again_in_child() -> None:
    for tally in list(_opened):
        tally._begin_again()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=begin_again_in_child)
