"""Tells in microseconds whether anything was committed, and then what.

SQLite's `PRAGMA data_version` moves on this connection whenever another one, of any process, has committed. Only
then are generations read anew. (https://sqlite.org/pragma.html#pragma_data_version)
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from django.db import DatabaseError


class Observer:
    """A connection of its own to the site's database, which only ever looks. Safe to share between threads."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        self.version = -1
        self.known: dict[str, int] = {}

    def moment(self) -> int:
        """A number that is the same as long as nothing is committed. Raises DatabaseError. About 6 µs."""
        with self.lock:
            return self._look()

    def generations(self, subjects: tuple[str, ...]) -> tuple[int, ...]:
        """The generation of each subject as of now, 0 for one that never changed. Raises DatabaseError.

        About 6 µs while nothing is committed; after a commit one short read for each subject that is asked for.
        """
        with self.lock:
            self._look()
            return tuple(self._number(subject) for subject in subjects)

    def _look(self) -> int:
        try:
            version = self._connect().execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            self._forget()
            raise DatabaseError(str(error)) from error
        if version != self.version:
            self.version = version
            self.known.clear()
        return version

    def _number(self, subject: str) -> int:
        if subject not in self.known:
            try:
                row = self._connect().execute("SELECT number FROM pages_generation WHERE subject = ?", [subject]).fetchone()
            except sqlite3.Error as error:
                self._forget()
                raise DatabaseError(str(error)) from error
            self.known[subject] = row[0] if row else 0
        return self.known[subject]

    def _connect(self) -> sqlite3.Connection:
        if self.connection is None:
            address = f"{self.database.resolve().as_uri()}?mode=ro"
            self.connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=0.1)
        return self.connection

    def _forget(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self.version = None, -1
        self.known.clear()
