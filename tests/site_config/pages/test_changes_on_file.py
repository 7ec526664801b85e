"""Changes of a database file: what other processes see of them, whatever fails, and whoever is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from articles.models import Tag
from site_config import pages
from site_config.pages import changes, gone, watcher
from site_config.pages.changes import announce, announce_everything, heal
from site_config.pages.counters import Counters
from site_config.pages.freshness import counters_path
from site_config.pages.models import Generation
from tests.server import ROOT
from tests.site_config.lib.sqlite.conftest import connected
from tests.site_config.pages.test_store import KEY, keep, store_on


def numbers() -> dict[str, int]:
    return dict(Generation.objects.values_list("subject", "number"))


@pytest.fixture
def counters(on_file, path):
    return Counters(counters_path(path))


@pytest.fixture(params=["counters", "data_version"])
def store(request, on_file, path):
    made = store_on(path, request.param)
    yield made
    made.freshness.observer.close()


def test_it_works(store):
    keep(store)
    with pages.changing("site"):
        assert store.find(KEY) is not None
    assert store.find(KEY) is None


def test_a_rollback_changes_nothing(store, on_file):
    keep(store)
    with pytest.raises(ZeroDivisionError), pages.changing("site"):
        1 / 0
    assert store.find(KEY) is not None


def test_a_commit_that_fails_changes_nothing(store, on_file, counters, monkeypatch):
    """And the lock is free and the counters are at rest after it."""
    keep(store)
    real = type(on_file)._commit

    def fail(self):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(type(on_file), "_commit", fail)
    with pytest.raises(OperationalError, match="disk"), pages.changing("site"):
        pass
    monkeypatch.setattr(type(on_file), "_commit", real)
    assert store.find(KEY) is not None
    assert numbers() == {}
    assert not counters.is_broken()
    assert on_file.write_lock.depth == 0
    with pages.changing("site"):
        pass
    assert store.find(KEY) is None


def test_a_callback_that_fails_after_the_commit_undoes_no_announcement(store, counters):
    keep(store)
    with pytest.raises(ZeroDivisionError), pages.changing("site"):
        transaction.on_commit(lambda: 1 / 0)
    assert store.find(KEY) is None
    assert not counters.is_broken()


def test_a_change_that_a_callback_makes_is_announced_too(store, counters):
    def change_again():
        keep(store, generations=(1,))
        with pages.changing("site"):
            pass

    with pages.changing("site"):
        transaction.on_commit(change_again)
    assert numbers() == {"site": 2}
    assert store.find(KEY) is None
    assert not counters.is_broken()


def test_a_callback_that_writes_without_a_change_is_told(on_file):
    with on_file.schema_editor() as editor:
        editor.create_model(Tag)

    def write():
        Tag.objects.create(name="New", slug="new")

    with pytest.raises(watcher.ForgottenChange), pages.changing("site"):
        transaction.on_commit(write)


def test_a_savepoint_that_is_rolled_back_still_announces(store):
    keep(store, subjects=("article:7",))
    with pages.changing("site"), pytest.raises(ZeroDivisionError), pages.changing("article:7"):
        1 / 0
    assert store.find(KEY) is None


def test_an_interrupt_leaves_the_lock_free(on_file, counters):
    with pytest.raises(KeyboardInterrupt), pages.changing("site"):
        raise KeyboardInterrupt
    assert on_file.write_lock.depth == 0
    assert not counters.is_broken()
    assert getattr(on_file, "page_change", None) is None


def test_announcing_alone(store, on_file):
    keep(store)
    announce(on_file, {"site"})
    assert store.find(KEY) is None
    assert numbers() == {"site": 1}


def test_announcing_in_a_transaction_of_others(store, on_file, counters):
    """Nobody will say when that is over: the pages are checked against the rows until the next change."""
    keep(store)
    with transaction.atomic():
        announce(on_file, {"site"})
        assert store.find(KEY) is not None
    assert store.find(KEY) is None
    assert counters.is_broken()
    keep(store, generations=(1,))
    assert store.find(KEY) is not None
    with pages.changing("site"):
        pass
    assert store.find(KEY) is None
    assert not counters.is_broken()


def test_and_one_that_is_rolled_back(store, on_file):
    keep(store)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(on_file, {"site"})
        1 / 0
    assert store.find(KEY) is not None


def test_after_everything_was_replaced_no_number_comes_again(on_file):
    with pages.changing("site"):
        pass
    seen = set()
    for _ in range(5):
        announce_everything(on_file)
        seen.add(numbers()["site"])
        Generation.objects.update(number=1)
    assert len(seen) == 5


def test_healing(on_file, counters):
    counters.begin(["site"])
    assert heal(on_file) == 1
    assert not counters.is_broken()
    assert on_file.write_lock.depth == 0


@pytest.mark.parametrize("write", ["alone", "in a transaction"])
def test_a_forgotten_write_in_production_is_seen_and_hides(store, on_file, settings, write):
    settings.PAGES_STRICT = False
    with on_file.schema_editor() as editor:
        editor.create_model(Tag)
    keep(store)
    if write == "alone":
        Tag.objects.create(name="New", slug="new")
    else:
        with transaction.atomic():
            Tag.objects.create(name="New", slug="new")
    assert store.find(KEY) is None
    assert gone.read(gone.place()) == {"site": 1}


class TestHiding:
    def test_it_works(self, on_file):
        with pages.changing("lists"):
            pages.hide("article:7")
        assert gone.read(gone.place()) == {"article:7": 1}
        assert numbers() == {"article:7": 1, "lists": 1}

    def test_it_belongs_inside(self, on_file):
        with pytest.raises(RuntimeError, match=r"inside pages\.changing"):
            pages.hide("site")

    def test_it_is_written_before_the_commit(self, on_file, path):
        def look():
            with sqlite3.connect(path) as other:
                seen.append((gone.read(gone.place()), other.execute("SELECT count(*) FROM pages_generation").fetchone()[0]))
            other.close()

        seen, real = [], changes.writer.Announcement.begin

        def begin(self, *arguments):
            look()
            real(self, *arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(changes.writer.Announcement, "begin", begin)
            with pages.changing() as change:
                change.hide("site")
        assert seen == [({"site": 1}, 0)]

    def test_what_was_otherwise_written_is_hidden(self, on_file):
        with on_file.schema_editor() as editor:
            editor.create_model(Tag)
        with pages.changing(otherwise="lists"):
            Tag.objects.create(name="New", slug="new")
        assert gone.read(gone.place()) == {"lists": 1}

    def test_where_it_cannot_be_written_nothing_is_hidden_and_nothing_committed(self, on_file, settings, tmp_path):
        (tmp_path / "file").write_text("")
        settings.DATA_DIR = tmp_path / "file" / "folder"
        with (
            pytest.raises(OperationalError, match=r"gone\.json in the data folder cannot be written"),
            pages.changing() as change,
        ):
            change.hide("site")
        assert numbers() == {}

    def test_a_damaged_word_is_replaced_by_one_that_hides_all(self, on_file):
        with pages.changing("site", "lists", "article:7"):
            pass
        gone.place().write_text("{")
        with pages.changing() as change:
            change.hide("article:7")
        assert gone.read(gone.place()) == {"site": 1, "lists": 1, "article:7": 2}


def test_two_writers_with_counters_never_leave_them_broken(on_file, path, counters):
    def write():
        other = connected(path)
        for _ in range(20):
            announce_on(other)
        other.close()

    def announce_on(other):
        with other.writing():
            raised = counters.begin(["site"])
            counters.finish(raised)

    threads = [threading.Thread(target=write) for _ in range(4)]
    before = counters.stamp(["site"])[0][1]
    for thread in threads:
        thread.start()
    for _ in range(20):
        with pages.changing("site"):
            pass
    for thread in threads:
        thread.join()
    assert counters.stamp(["site"])[0][1] == before + 100


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from site_config import pages
from site_config.pages import counters, writer

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

begin = writer.Announcement.begin
if sys.argv[1] == "before the counters begin":
    writer.Announcement.begin = die
if sys.argv[1] == "before the commit":
    writer.Announcement.begin = lambda *arguments: (begin(*arguments), die())
if sys.argv[1] == "after the commit":
    counters.Counters.finish = die
with pages.changing("site") as change:
    change.hide("site")
    if sys.argv[1] == "while it writes":
        connection.cursor().execute("INSERT INTO pages_generation VALUES ('lists', 1)")
        die()
if sys.argv[1] == "never":
    print("changed", end="")
"""
STEPS = ["while it writes", "before the counters begin", "before the commit", "after the commit", "never"]


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_that_is_killed(on_file, path, tmp_path, step):
    """At every step: a real process, by its own code. What it committed is seen, what it did not never was, and the next
    writer waits for nobody."""
    stores = [store_on(path, check) for check in ("counters", "data_version")]
    for store in stores:
        assert keep(store)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{path}",
        "MASTHEAD_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run([sys.executable, "-c", KILLED, step], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == (0 if step == "never" else -signal.SIGKILL), done.stderr
    is_committed = step in {"after the commit", "never"}
    assert numbers() == ({"site": 1} if is_committed else {})
    for store in stores:
        assert (store.find(KEY) is None) == is_committed
        assert keep(store, generations=(int(is_committed),))
        assert store.find(KEY) is not None
    with pages.changing("site"):
        pass
    for store in stores:
        assert store.find(KEY) is None
        assert not Counters(counters_path(path)).is_broken()
        store.freshness.observer.close()


def test_a_constraint_that_fails_at_the_commit_is_a_rollback(store, on_file):
    keep(store)
    with pytest.raises(IntegrityError), pages.changing("site"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO pages_generation VALUES ('a', 1), ('a', 1)")
    assert store.find(KEY) is not None
