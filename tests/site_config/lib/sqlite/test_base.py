import sqlite3
import threading

import pytest
from django.db import OperationalError, ProgrammingError, transaction

from site_config.lib.sqlite import base
from site_config.lib.sqlite.base import creation_allowed
from site_config.pages.models import Generation
from tests.site_config.lib.sqlite.conftest import connected


def rows() -> dict[str, int]:
    return dict(Generation.objects.values_list("subject", "number"))


def test_it_works(wrapper):
    with transaction.atomic():
        Generation.objects.create(subject="site", number=1)
    assert rows() == {"site": 1}


def test_a_missing_file_is_an_error_and_stays_missing(path, django_db_blocker):
    with django_db_blocker.unblock():
        lost = connected(path)
        with pytest.raises(OperationalError, match="unable to open"):
            lost.ensure_connection()
        assert not path.exists()
        with creation_allowed():
            lost.ensure_connection()
        lost.close()
    assert path.exists()


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "c#.db", "ä.db"])
def test_odd_names_are_names(tmp_path, name, django_db_blocker):
    with django_db_blocker.unblock():
        with creation_allowed():
            made = connected(tmp_path / name)
            made.ensure_connection()
            made.close()
        again = connected(tmp_path / name)
        again.ensure_connection()
        again.close()
    assert (tmp_path / name).exists()


def test_a_transaction_holds_the_lock_and_lets_it_go(wrapper):
    with transaction.atomic():
        assert wrapper.write_lock.depth == 1
        with transaction.atomic():
            assert wrapper.write_lock.depth == 1
    assert wrapper.write_lock.depth == 0


def test_so_does_one_that_fails(wrapper):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Generation.objects.create(subject="site")
        1 / 0
    assert wrapper.write_lock.depth == 0
    assert rows() == {}


def test_so_does_one_whose_commit_fails(wrapper, monkeypatch):
    def fail():
        raise sqlite3.OperationalError("disk I/O error")

    class Failing:
        """A connection whose commit fails."""

        def __init__(self, real):
            self.real = real

        def __getattr__(self, name):
            return fail if name == "commit" else getattr(self.real, name)

    real = wrapper.connection
    with pytest.raises(OperationalError, match="disk"), transaction.atomic():
        Generation.objects.create(subject="site")
        wrapper.connection = Failing(real)
    wrapper.connection = real
    assert wrapper.write_lock.depth == 0
    assert rows() == {}


def test_a_closed_connection_lets_go(wrapper):
    with pytest.raises(ProgrammingError), transaction.atomic():
        wrapper.close()
        assert wrapper.write_lock.depth == 0
        Generation.objects.create(subject="site")
    assert wrapper.write_lock.depth == 0


def test_a_single_statement_takes_it_too(wrapper, monkeypatch):
    taken = []
    wrapper.ensure_connection()
    real = type(wrapper).writing
    monkeypatch.setattr(type(wrapper), "writing", lambda self: taken.append(1) or real(self))
    Generation.objects.filter(subject="site").update(number=3)
    assert taken
    taken.clear()
    rows()
    assert not taken


def test_two_writers_wait_for_each_other(wrapper, path, monkeypatch):
    began, order = threading.Event(), []

    def write():
        other = connected(path)
        began.set()
        with other.writing():
            order.append("second")
        other.close()

    with transaction.atomic():
        thread = threading.Thread(target=write)
        thread.start()
        began.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_who_waits_too_long_is_told(wrapper, path, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    told = []

    def write():
        other = connected(path)
        try:
            with other.writing():
                pass
        except OperationalError as error:
            told.append(str(error))
        other.close()

    with transaction.atomic():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert told == ["database is locked: other writers did not finish in time"]


def test_a_stranger_who_locks_the_database_costs_the_next_writers_less(wrapper, path, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.2)
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
    assert wrapper.patience == base.IMPATIENCE
    stranger.execute("ROLLBACK")
    stranger.close()
    with transaction.atomic():
        Generation.objects.create(subject="site")


def test_a_snapshot_stays_as_it_was(wrapper, path):
    other = sqlite3.connect(path, isolation_level=None)
    with wrapper.snapshot():
        assert rows() == {}
        other.execute("INSERT INTO pages_generation VALUES ('site', 1)")
        assert rows() == {}
    assert rows() == {"site": 1}
    other.close()


def test_a_snapshot_writes_nothing(wrapper):
    with wrapper.snapshot(), pytest.raises(ProgrammingError, match="snapshot"), transaction.atomic():
        pass
    with transaction.atomic():
        Generation.objects.create(subject="site")


def test_a_snapshot_ends_with_what_fails_in_it(wrapper):
    with pytest.raises(ZeroDivisionError), wrapper.snapshot():
        rows()
        1 / 0
    assert not wrapper.connection.in_transaction
    assert not wrapper.is_reading_snapshot


@pytest.mark.parametrize("many", [False, True])
def test_a_single_statement_in_a_snapshot_is_refused_and_not_lost(wrapper, many):
    statement = "INSERT INTO pages_generation (subject, number) VALUES (%s, 1)"
    with wrapper.snapshot(), wrapper.cursor() as cursor, pytest.raises(ProgrammingError, match="cannot write"):
        cursor.executemany(statement, [["site"]]) if many else cursor.execute(statement, ["site"])
    assert rows() == {}


def test_many_statements_outside_a_transaction_take_the_lock_too(wrapper, path, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    other = connected(path)
    with other.writing(), wrapper.cursor() as cursor, pytest.raises(OperationalError, match="locked"):
        cursor.executemany("INSERT INTO pages_generation (subject, number) VALUES (%s, 1)", [["site"]])
    other.close()


def test_a_connection_from_when_the_file_was_read_only_does_not_outlive_its_error(wrapper, path):
    wrapper.close()
    wrapper.connect()
    wrapper.connection.execute("PRAGMA query_only=1")  # as SQLite does by itself for a file that it cannot write
    with pytest.raises(OperationalError, match="readonly"), transaction.atomic():
        Generation.objects.create(subject="site", number=1)
    wrapper.close_if_unusable_or_obsolete()
    with transaction.atomic():
        Generation.objects.create(subject="site", number=1)
    assert rows() == {"site": 1}


def test_nothing_is_written_to_a_file_that_was_moved_away(wrapper, path):
    rows()
    path.rename(f"{path}-aside")
    with pytest.raises(OperationalError, match="moved away or replaced"), transaction.atomic():
        Generation.objects.create(subject="site", number=1)
    wrapper.close_if_unusable_or_obsolete()
    with pytest.raises(OperationalError, match="unable to open"):
        rows()
    path.with_name(f"{path.name}-aside").rename(path)
    assert rows() == {}


def test_a_file_that_was_replaced_is_read_from_the_next_request_on(wrapper, path):
    with transaction.atomic():
        Generation.objects.create(subject="site", number=1)
    wrapper.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    with transaction.atomic():
        Generation.objects.create(subject="lists", number=1)
    for ending in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    path.write_bytes(content)
    wrapper.close_if_unusable_or_obsolete()
    assert rows() == {"site": 1}
