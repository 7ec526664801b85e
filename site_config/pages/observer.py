"""Tells from the database itself whether a subject has changed: the reference that everything faster is proven against.

SQLite's `PRAGMA data_version` moves on this connection whenever another one, of any process, has committed. Only
then are generations read anew. (https://sqlite.org/pragma.html#pragma_data_version)
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path

from django.db import DatabaseError

PATIENCE = 0.1
PAUSE = 1.0


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

    def generations(self, subjects: tuple[str, ...]) -> tuple[int, ...]:
        """The generation of each subject as of now, 0 for one that never changed. Raises DatabaseError.

        About 6 µs while nothing is committed; after a commit one short read for each subject that is asked for.
        """
        with self.lock:
            if time.monotonic() < self.away_until:
                raise DatabaseError("the database did not answer a moment ago")
            try:
                self._look()
                return tuple(self._number(subject) for subject in subjects)
            except (sqlite3.Error, OSError) as error:
                self.close()
                self.away_until = time.monotonic() + PAUSE
                raise DatabaseError(str(error)) from error

    def trouble(self) -> str:
        """Why the database cannot be asked, or ''. Sees too that its file was moved away, or another put into its place."""
        with self.lock:
            try:
                stat = os.stat(self.database)
                if self.connection is not None and self.place != (stat.st_dev, stat.st_ino):
                    self.close()
                self._connect().execute("SELECT 1 FROM pages_generation LIMIT 1").fetchone()
            except (OSError, sqlite3.Error) as error:
                self.close()
                self.away_until = time.monotonic() + PAUSE
                return str(error)
            self.away_until = 0.0
            return ""

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
            address = f"{self.database.resolve().as_uri()}?mode=ro"
            self.connection = sqlite3.connect(
                address, uri=True, check_same_thread=False, isolation_level=None, timeout=PATIENCE
            )
            stat = os.stat(self.database)
            self.place = stat.st_dev, stat.st_ino
        return self.connection
