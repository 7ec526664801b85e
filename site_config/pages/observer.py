"""Tells from the database itself whether a subject has changed: the reference that everything faster is proven against.

SQLite's `PRAGMA data_version` moves on this connection whenever another one, of any process, has committed. Only
then are generations read anew. (https://sqlite.org/pragma.html#pragma_data_version)
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from pathlib import Path

from django.db import DatabaseError

from site_config.lib.sqlite.access import note_opening

PATIENCE = 0.1
PAUSE = 1.0
LOOK = "SELECT 1 FROM pages_generation LIMIT 1"

_inherited: list[sqlite3.Connection | None] = []


class Observer:
    """A connection of its own to the site's database, which only ever looks. Safe to share between threads.

    A database that does not answer is left alone for PAUSE seconds: who asks meanwhile is told so at once.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        self.version = -1
        self.known: dict[str, int] = {}
        self.away_until = 0.0
        self.place = (0, 0)
        self.is_another = False

    def generations(self, subjects: tuple[str, ...]) -> tuple[int, ...]:
        """The generation of each subject as of now, 0 for one that never changed. Raises DatabaseError.

        About 6 µs while nothing is committed; after a commit one short read for each subject that is asked for.
        """
        if self.is_resting:
            raise DatabaseError("the database did not answer a moment ago")
        with self.lock:
            try:
                self._look()
                return tuple(self._number(subject) for subject in subjects)
            except (sqlite3.Error, OSError) as error:
                self.close()
                self.away_until = time.monotonic() + PAUSE
                raise DatabaseError(str(error)) from error

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self.away_until

    def answers(self) -> bool:
        """Whether the database answers at this moment, whatever was found a moment ago. About 0.2 ms, at most PATIENCE."""
        try:
            with contextlib.closing(self._opened()) as connection:
                connection.execute(LOOK).fetchone()
        except (OSError, sqlite3.Error):
            return False
        self.away_until = 0.0
        return True

    def trouble(self) -> str:
        """Why the database cannot be asked, or ''. Sees too that its file was moved away, or another put into its place:
        then it sets `is_another`."""
        with self.lock:
            if self.away_until:
                self.away_until = time.monotonic() + PAUSE  # who asks meanwhile need not wait for this look
            try:
                place = self._place()
                if self.place not in {place, (0, 0)}:
                    self.close()
                    self.is_another = True
                self.place = place
                self._connect().execute(LOOK).fetchone()
            except (OSError, sqlite3.Error) as error:
                self.close()
                self.away_until = time.monotonic() + PAUSE
                return str(error)
            self.away_until = 0.0
            return ""

    def leave_to_parent(self) -> None:
        """To be called in a process that was forked off: the connection is the parent's, and its lock may be held for ever."""
        _inherited.append(self.connection)
        self.connection, self.lock = None, threading.Lock()
        self.close()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self.version = None, -1
        self.known.clear()

    def _look(self) -> None:
        version = self._connect().execute("PRAGMA data_version").fetchone()[0]
        if version != self.version:
            self.version = version
            self.known.clear()

    def _number(self, subject: str) -> int:
        if subject not in self.known:
            row = self._connect().execute("SELECT number FROM pages_generation WHERE subject = ?", [subject]).fetchone()
            self.known[subject] = row[0] if row else 0
        return self.known[subject]

    def _connect(self) -> sqlite3.Connection:
        if self.connection is None:
            self.connection = self._opened()
            note_opening(self.database)
            self.place = self.place if self.place != (0, 0) else self._place()
        return self.connection

    def _opened(self) -> sqlite3.Connection:
        address = f"{self.database.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=PATIENCE)

    def _place(self) -> tuple[int, int]:
        stat = os.stat(self.database)
        return stat.st_dev, stat.st_ino
