"""What a web process does in the background."""

import os
import signal
import threading

import pytest

from site_config.lib.sqlite import access
from site_config.pages import tending
from site_config.pages.counters import Counters
from site_config.pages.freshness import counters_path
from site_config.pages.models import Generation
from site_config.pages.shelf import Shelf
from site_config.pages.tending import begin_again, look_after_database, sweep, tend
from tests.site_config.pages.test_store import KEY, keep, store_on


@pytest.fixture
def store(on_file, path, tmp_path):
    made = store_on(path, "counters", shelf=Shelf(tmp_path / "pages", "epoch", 1_000_000))
    yield made
    made.freshness.observer.close()


def test_it_works(store):
    keep(store, body=b"<p>words</p>" * 500)
    page = store.find(KEY)
    tend(store, page.kept_at + 0.5)
    assert not page.is_polished
    tend(store, page.kept_at + 1.5)
    assert page.is_polished
    assert not store.in_a_hurry


def test_a_page_that_another_process_pressed_in_a_hurry_is_polished_here_too(store):
    keep(store, body=b"<p>words</p>" * 500)
    store.clear()
    store.in_a_hurry.clear()
    page = store.fetch(KEY)
    assert not page.is_polished
    tend(store, page.kept_at + 1.5)
    assert page.is_polished
    store.clear()
    assert store.fetch(KEY).is_polished
    assert not store.in_a_hurry


def test_a_clock_that_goes_back_does_not_stop_it(store):
    keep(store, "/early/")
    early = store.pages["/early/"]
    tend(store, early.kept_at - 3600)
    assert early.is_polished
    assert not store.in_a_hurry


def test_what_was_dropped_meanwhile_is_let_go(store):
    keep(store)
    page = store.find(KEY)
    store.clear()
    tend(store, page.kept_at + 2)
    assert not page.is_polished
    assert not store.in_a_hurry


def test_a_process_in_the_way_of_writing_ends_itself(store, monkeypatch, caplog):
    signals = []
    monkeypatch.setattr(tending.os, "kill", lambda *told: signals.append(told))
    look_after_database(store)
    assert signals == []
    monkeypatch.setattr(access, "_opened_for_reading_only", True)
    look_after_database(store)
    assert signals == [(os.getpid(), signal.SIGTERM)]
    assert "another one begins" in caplog.text


def test_it_sees_that_the_database_is_away_and_back(store, path, caplog):
    keep(store)
    path.rename(path.with_suffix(".away"))
    look_after_database(store)
    assert store.away
    assert store.is_away()
    look_after_database(store)
    path.with_suffix(".away").rename(path)
    look_after_database(store)
    assert not store.away
    assert caplog.text.count("The database is away") == 1
    assert caplog.text.count("The database is back") == 1
    assert store.find(KEY) is not None


def test_who_asks_sees_sooner_that_it_is_back(store, path):
    """Else a page as it was would be shown while the database could tell better."""
    path.rename(path.with_suffix(".away"))
    look_after_database(store)
    path.with_suffix(".away").rename(path)
    assert store.away
    assert not store.is_away()
    assert not store.away
    assert not store.freshness.observer.is_resting


def test_pages_of_another_database_hold_no_longer(store, path, on_file):
    """An older copy that was put into its place says the same of a page as the newer one did."""
    keep(store, KEY)
    look_after_database(store)
    on_file.close()
    path.with_suffix(".copy").write_bytes(path.read_bytes())
    path.with_suffix(".copy").replace(path)
    look_after_database(store)
    assert store.find(KEY) is None
    assert store.fetch(KEY) is None
    assert Generation.objects.get(subject="site").number > 0


def test_counters_that_were_replaced_are_taken(store, path):
    keep(store)
    counters_path(path).unlink()
    renewed = Counters(counters_path(path))
    look_after_database(store)
    assert store.freshness.counters.is_in_place()
    assert store.find(KEY) is not None
    renewed.begin(["site"])
    assert store.freshness.counters.stamp(["site"]) is None


def test_where_they_cannot_be_the_rows_tell(store, path, monkeypatch):
    keep(store)
    counters_path(path).unlink()

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("site_config.pages.counters.opened", full)
    look_after_database(store)
    assert store.check == "data_version"
    assert store.find(KEY) is not None


def test_sweeping_heals_and_clears(store, path):
    Counters(counters_path(path)).begin(["site"])
    keep(store)
    assert not store.shelf.is_swept
    sweep(store)
    assert not store.freshness.counters.is_broken()
    assert store.shelf.is_swept


def test_it_costs_nothing_where_nothing_happened(store, monkeypatch):
    sweep(store)
    monkeypatch.setattr(tending, "heal", None)
    monkeypatch.setattr(Shelf, "sweep", None)
    sweep(store)


def test_it_goes_on_whatever_fails(store, monkeypatch, caplog):
    rounds, more = [], threading.Event()

    def fail(store):
        rounds.append(1)
        more.set() if len(rounds) > 2 else None
        raise ZeroDivisionError

    monkeypatch.setattr(tending, "PAUSE", 0.001)
    monkeypatch.setattr(tending, "tend", fail)
    tender = tending.Tender(store)
    tender.start()
    assert more.wait(10)
    tender.stop()
    assert "Tending the kept pages failed" in caplog.text


def test_a_forked_process_is_not_stuck_with_its_parents_locks(store):
    """They may have been held by another thread at that moment."""
    keep(store)
    with store.lock, store.freshness.observer.lock, store.turns.lock:
        child = os.fork()
        if child == 0:
            begin_again(store)
            page = store.find(KEY)
            store.freshness.counters = None
            again = store.find(KEY)
            with store.turns.take(KEY) as is_first:
                os._exit(0 if page and again and is_first and keep(store, "/two/") else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.find(KEY) is not None
