"""Django's SQLite backend for a site with many readers and several writing processes.

Adds to it: the fair lock round write transactions, a snapshot for reading, that a missing database file is an error
and not a new, empty one (unless `creation_allowed()`), and that a file which was moved away or replaced is used no more.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from typing import Any

from django.db import OperationalError, ProgrammingError
from django.db.backends.sqlite3 import base

from site_config.lib.sqlite.access import note_opening
from site_config.lib.sqlite.lock import WriteLock

PATIENCE = 5.0
IMPATIENCE = 0.1
WRITES = {"INSERT", "UPDATE", "DELETE", "REPLAC"}

NOTHING = contextlib.nullcontext()

_may_create = False


@contextlib.contextmanager
def creation_allowed() -> Iterator[None]:
    """For `migrate` and its like: a database that does not exist is made."""
    global _may_create
    before, _may_create = _may_create, True
    try:
        yield
    finally:
        _may_create = before


class Cursor(base.SQLiteCursorWrapper):
    """Takes the write lock for a statement that writes outside a transaction. In a snapshot it would be lost: it is refused."""

    def execute(self, query, params=None):
        with self._right_to(query):
            return super().execute(query, params)

    def executemany(self, query, param_list):
        with self._right_to(query):
            return super().executemany(query, param_list)

    def _right_to(self, query: str) -> contextlib.AbstractContextManager[None]:
        owner = self.connection.masthead  # type: ignore[attr-defined]
        if owner.in_atomic_block or query.lstrip()[:6].upper() not in WRITES:
            return NOTHING
        if owner.is_reading_snapshot:
            raise ProgrammingError("a page that is being drawn reads a snapshot: it cannot write")
        return owner.writing()


class Connection(sqlite3.Connection):
    """Knows the wrapper that it belongs to, for its cursors."""

    masthead: Any = None


class DatabaseWrapper(base.DatabaseWrapper):
    """`settings.DATABASES` names it by `ENGINE: "site_config.lib.sqlite"`; OPTIONS are those of Django's own."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.write_lock: WriteLock | None = None
        self.transaction_lock: contextlib.ExitStack | None = None
        self.patience = 0.0
        self.is_reading_snapshot = False
        self.place: tuple[int, int] | None = None

    @property
    def is_file(self) -> bool:
        return not self.is_in_memory_db()

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params() | {"factory": Connection}
        if self.is_file and not _may_create and not str(params["database"]).startswith("file:"):
            path = os.path.abspath(params["database"]).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
            params |= {"database": f"file:{path}?mode=rw", "uri": True}
        return params

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.masthead, self.patience = self, 0.0
        self.place = self._place() if self.is_file else None
        if self.is_file:
            note_opening(self.settings_dict["NAME"])
        return connection

    def _place(self) -> tuple[int, int] | None:
        """Which file is there now."""
        try:
            stat = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def is_in_place(self) -> bool:
        """Whether the file that is open is the one that others find. SQLite would go on with one that was moved away."""
        return not self.is_file or self._place() == self.place

    def close_if_unusable_or_obsolete(self) -> None:
        """As Django's, round each request; a file that was moved or replaced is closed. Costs 3 µs."""
        if self.connection is not None and not self.in_atomic_block and not self.is_in_place():
            self.close()
        super().close_if_unusable_or_obsolete()

    def is_usable(self) -> bool:
        """False: Django asks after an error, and a connection that was opened while the file was read-only stays so."""
        return False

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the write lock, again inside itself. Raises OperationalError after PATIENCE seconds.

        A database in memory has no other writers, and no lock.
        """
        if not self.is_file:
            yield
            return
        if self.write_lock is None:
            self.write_lock = WriteLock(f"{os.path.realpath(self.settings_dict['NAME'])}-lock")
        try:
            got = self.write_lock.acquire(PATIENCE)
        except OSError as error:
            raise OperationalError(f"the lock file beside the database cannot be opened ({error.strerror})") from error
        if not got:
            raise OperationalError("database is locked: other writers did not finish in time")
        try:
            yield
        finally:
            self.write_lock.release()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the database as of the first of them; a transaction inside raises ProgrammingError."""
        self.ensure_connection()
        if self.in_atomic_block or self.is_reading_snapshot or not self.is_file:
            yield
            return
        raw = self.connection
        with self.wrap_database_errors:
            raw.execute("BEGIN DEFERRED")
        self.is_reading_snapshot = True
        try:
            yield
        finally:
            self.is_reading_snapshot = False
            with contextlib.suppress(sqlite3.Error):
                raw.rollback()

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_reading_snapshot:
            raise ProgrammingError("a page that is being drawn reads a snapshot: it cannot begin a transaction")
        if not self.is_file:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        held = contextlib.ExitStack()
        with held:
            held.enter_context(self.writing())
            self._begin()
            self.transaction_lock = held.pop_all()

    def _begin(self) -> None:
        assert self.write_lock is not None  # noqa: S101 (writing() made it)
        if not self.is_in_place():
            self.errors_occurred = True
            raise OperationalError("the database file was moved away or replaced")
        self._be_patient(IMPATIENCE if self.write_lock.had_trouble_lately() else PATIENCE)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError:
            self.write_lock.note_trouble()
            raise

    def _be_patient(self, seconds: float) -> None:
        if seconds != self.patience:
            self.connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
            self.patience = seconds

    def _let_go(self) -> None:
        held, self.transaction_lock = self.transaction_lock, None
        if held is not None:
            held.close()

    def _commit(self):
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            if not (self.connection is not None and self.connection.in_transaction):
                self._let_go()

    def _rollback(self):
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def _close(self):
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._let_go()
