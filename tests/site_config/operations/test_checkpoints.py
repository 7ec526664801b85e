"""Real database files in WAL mode, with a reader who is always there and a writer who never rests."""

import contextlib
import os
import sqlite3
import threading

import pytest

from site_config.jobs import periodic
from site_config.operations import checkpoints
from site_config.operations.checkpoints import Keeper, keep_logs_small
from site_config.pages.facade import locked

MEGABYTE = 1_000_000
nothing = contextlib.nullcontext


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "SMALL", MEGABYTE // 2)
    monkeypatch.setattr(checkpoints, "LARGE", 2 * MEGABYTE)
    path = tmp_path / "db"
    with contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)")
        yield path


def connect(path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def write(connection, size: int) -> None:
    for _ in range(size // 20_000):
        connection.execute("INSERT INTO t (text) VALUES (zeroblob(20000))")


def log_size(path) -> int:
    return os.stat(f"{path}-wal").st_size


class Readers(threading.Thread):
    """Two readers, each of whom begins before the other ends: there is no moment without one."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.pair = [connect(path), connect(path)]
        self.over, self.reads = threading.Event(), 0

    def run(self):
        self.begin(0)
        while not self.over.is_set():
            for next_one in (1, 0):
                self.begin(next_one)
                self.pair[1 - next_one].execute("COMMIT")
        for connection in self.pair:
            connection.close()

    def begin(self, number):
        self.pair[number].execute("BEGIN")
        self.pair[number].execute("SELECT max(n) FROM t").fetchone()
        self.reads += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def test_a_log_stays_small_while_readers_read_and_a_writer_writes_without_pause(database):
    keeper, largest = Keeper(database), 0
    with Readers(database) as readers, contextlib.closing(connect(database)) as writer:
        for number in range(24):
            write(writer, MEGABYTE)
            largest = max(largest, log_size(database))
            keeper.look(nothing, now=number * 20)
        assert readers.reads > 100
    assert largest < 4.5 * MEGABYTE
    with contextlib.closing(connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (24 * 50,)


def test_without_cutting_it_would_grow_for_ever(database, monkeypatch):
    """The twin of the one above: while each reader begins before the one before it ends, and ends after a write, passive
    checkpoints alone never find a moment without a reader in the log."""
    monkeypatch.setattr(checkpoints, "LARGE", 1000 * MEGABYTE)
    keeper = Keeper(database)
    pair = [connect(database), connect(database)]
    with contextlib.closing(connect(database)) as writer, contextlib.closing(pair[0]), contextlib.closing(pair[1]):
        for number in range(24):
            write(writer, MEGABYTE)
            begun, ending = pair[number % 2], pair[1 - number % 2]
            begun.execute("BEGIN")
            begun.execute("SELECT max(n) FROM t").fetchone()
            if ending.in_transaction:
                ending.execute("COMMIT")
            write(writer, MEGABYTE // 10)
            keeper.look(nothing, now=number * 20)
        assert log_size(database) > 24 * MEGABYTE


def test_a_log_that_nobody_writes_to_is_cut_to_nothing(database):
    keeper = Keeper(database)
    with contextlib.closing(connect(database)) as writer:
        write(writer, MEGABYTE)
        keeper.look(nothing)
        assert log_size(database) > MEGABYTE
        keeper.look(nothing)
        assert log_size(database) == 0


def test_a_small_log_is_left_alone(database):
    keeper = Keeper(database)
    with contextlib.closing(connect(database)) as writer:
        write(writer, MEGABYTE // 4)
        size = log_size(database)
        keeper.look(nothing)
        keeper.look(nothing)
        assert log_size(database) == size


def test_a_reader_who_stays_delays_writers_for_a_moment_and_then_not_again_for_a_while(database):
    keeper, held = Keeper(database), []

    @contextlib.contextmanager
    def writing():
        held.append(1)
        yield

    with contextlib.closing(connect(database)) as reader, contextlib.closing(connect(database)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM t").fetchone()
        for now in (100, 101, 105, 109.9):
            write(writer, 3 * MEGABYTE)
            keeper.look(writing, now=now)
        assert held == [1]
        keeper.look(writing, now=110)
        assert held == [1, 1]
        reader.execute("COMMIT")
        write(writer, MEGABYTE)
        keeper.look(writing, now=121)
        assert log_size(database) == 0


def test_a_log_that_is_not_there_is_no_trouble(tmp_path):
    Keeper(tmp_path / "none").look(nothing)
    assert not (tmp_path / "none").exists()


@pytest.mark.django_db
def test_writers_of_the_site_are_kept_away_while_a_log_is_cut(tmp_path, monkeypatch):
    """With the lock that they take themselves, so that none of them polls meanwhile."""
    from django.db import connections

    from site_config.lib.sqlite.base import DatabaseWrapper, creation_allowed

    monkeypatch.setattr(checkpoints, "LARGE", MEGABYTE)
    settings = connections["default"].settings_dict | {"NAME": str(tmp_path / "db"), "OPTIONS": {}}
    wrapper = DatabaseWrapper(settings, "other")
    with creation_allowed(), wrapper.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA wal_autocheckpoint=0")
        cursor.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)")
        write(cursor, 5 * MEGABYTE)
    monkeypatch.setattr(checkpoints.connections, "all", lambda **_: [wrapper])
    monkeypatch.setattr(checkpoints, "_keepers", {})
    seen = []
    checkpoint = checkpoints.checkpoint

    def look(connection, kind):
        with open(tmp_path / "db-lock") as file:
            seen.append((kind, locked(file.fileno())))
        return checkpoint(connection, kind)

    monkeypatch.setattr(checkpoints, "checkpoint", look)
    keep_logs_small()
    assert seen == [("PASSIVE", True), ("PASSIVE", True), ("TRUNCATE", False)]
    assert log_size(tmp_path / "db") == 0
    wrapper.close()


@pytest.mark.django_db
def test_the_scheduler_calls_it_and_a_database_in_memory_has_no_log():
    assert periodic._tasks[keep_logs_small] == checkpoints.SECONDS
    keep_logs_small()
