"""The writer's side of the counters, through real changes of a database file."""

import errno

import pytest
from django.db import OperationalError

from site_config import pages
from site_config.pages import writer
from site_config.pages.counters import Counters
from site_config.pages.freshness import counters_path
from site_config.pages.models import Generation


@pytest.fixture
def counters(on_file, path):
    return Counters(counters_path(path))


@pytest.fixture
def forgetful(monkeypatch):
    """A process that has not opened the counters yet."""
    monkeypatch.setattr(writer, "_opened", {})


def refuse(monkeypatch, number: int) -> None:
    def opened(path):
        raise OSError(number, "Permission denied")

    monkeypatch.setattr("site_config.pages.counters.opened", opened)


def test_it_works(on_file, counters):
    stamp = counters.stamp(["site"])
    with pages.changing("site"):
        assert counters.hold(stamp)
    assert not counters.hold(stamp)
    assert counters.stamp(["site"]) is not None


def test_counters_that_cannot_be_written_refuse_the_change(on_file, counters, forgetful, monkeypatch):
    refuse(monkeypatch, errno.EACCES)
    with pytest.raises(OperationalError, match=r"site\.sqlite3-pages cannot be written \(Permission denied\)"):
        with pages.changing("site"):
            raise AssertionError("nothing of it is done")
    assert not Generation.objects.exists()
    assert on_file.write_lock.depth == 0


def test_where_nobody_can_have_any_changes_are_made_without(on_file, forgetful, monkeypatch):
    refuse(monkeypatch, errno.EACCES)
    with pages.changing("site"):
        pass
    assert Generation.objects.get(subject="site").number == 1


def test_a_replaced_file_is_noticed(on_file, path, counters):
    with pages.changing("site"):
        pass
    counters_path(path).unlink()
    renewed = Counters(counters_path(path))
    stamp = renewed.stamp(["site"])
    with pages.changing("site"):
        pass
    assert not renewed.hold(stamp)


def test_a_deleted_file_is_made_again(on_file, path, counters):
    counters_path(path).unlink()
    with pages.changing("site"):
        pass
    assert counters_path(path).exists()


def test_a_damaged_one_stops_nobody(on_file, path, counters):
    counters.cells[:] = memoryview(b"\xff" * (8 * len(counters.cells))).cast("Q")
    for _ in range(3):
        stamp = counters.stamp(["site"])
        with pages.changing("site"):
            pass
        assert not counters.hold(stamp or ()) or stamp is None


def test_what_fails_in_the_facade_refuses_the_change_and_ends_the_announcement(on_file, counters, monkeypatch):
    def fail(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("site_config.pages.facade.take_away", fail)
    with pytest.raises(OperationalError, match="cannot be taken away"), pages.changing("site"):
        pass
    assert not Generation.objects.exists()
    assert not counters.is_broken()
