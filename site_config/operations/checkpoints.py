"""Keeps SQLite's write-ahead log small, so that no reader or writer of the site pays for a checkpoint.

Called each second by the scheduler. `PRAGMA wal_autocheckpoint` of the other connections is a backstop for when no scheduler
runs. (https://sqlite.org/wal.html#ckpt)
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connections

SECONDS = 1.0
SMALL = 4_000_000
LARGE = 32_000_000
PATIENCE = 0.25
PAUSE_AFTER_PATIENCE = 10.0


class Log(NamedTuple):
    """What a checkpoint says of the log."""

    was_busy: bool
    frames: int
    moved: int

    @property
    def is_all_moved(self) -> bool:
        return not self.was_busy and self.frames == self.moved


class Keeper:
    """Looks after the log of one database. `look()` costs a `stat` while the log is small.

    A *passive* checkpoint moves pages into the database and waits for nobody. The log begins anew at its front by itself
    once all is moved and no reader is left in it, which under load may not happen for long; so a log that is large, or
    that nobody has written to for a second, is cut to nothing. That needs a moment without another writer or older reader:
    PATIENCE seconds at most, in which writers wait, and not again for PAUSE_AFTER_PATIENCE if it did not come.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self.log = database.with_name(f"{database.name}-wal")
        self.written_at = 0
        self.patient_from = 0.0

    def look(self, writing: Any, now: float | None = None) -> None:
        """`writing()` gives a context that holds the site's write lock. Raises sqlite3.Error, OSError."""
        try:
            found = os.stat(self.log)
        except FileNotFoundError:
            return
        is_quiet, self.written_at = found.st_mtime_ns == self.written_at, found.st_mtime_ns
        if found.st_size <= SMALL:
            return
        with contextlib.closing(self.connect()) as connection:
            log = checkpoint(connection, "PASSIVE")
            if log.is_all_moved and is_quiet:
                self.cut(connection, 0.0)
            elif found.st_size > LARGE:
                self.cut_patiently(connection, writing, time.monotonic() if now is None else now)

    def cut_patiently(self, connection: sqlite3.Connection, writing: Any, now: float) -> None:
        if now < self.patient_from:
            return
        checkpoint(connection, "PASSIVE")  # what was written during the first one: the less is left, the shorter others wait
        with writing():
            if not self.cut(connection, PATIENCE):
                self.patient_from = now + PAUSE_AFTER_PATIENCE

    def cut(self, connection: sqlite3.Connection, patience: float) -> bool:
        connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        return not checkpoint(connection, "TRUNCATE").was_busy

    def connect(self) -> sqlite3.Connection:
        """A connection of its own, whose patience is nobody else's. Never makes a database."""
        address = f"{self.database.resolve().as_uri()}?mode=rw"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)


def checkpoint(connection: sqlite3.Connection, kind: str) -> Log:
    was_busy, frames, moved = connection.execute(f"PRAGMA wal_checkpoint({kind})").fetchone()
    return Log(bool(was_busy), frames, moved)


_keepers: dict[str, Keeper] = {}


def keep_logs_small() -> None:
    """One look at the log of each SQLite database in a file."""
    for connection in connections.all():
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite" and not connection.is_in_memory_db():
            keeper = _keepers.setdefault(name, Keeper(Path(name)))
            keeper.look(getattr(connection, "writing", contextlib.nullcontext))
