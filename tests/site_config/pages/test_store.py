"""The store against a real SQLite file, written by other connections, as other processes would."""

import sqlite3
import threading
import time

import pytest
from django.db import DatabaseError
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from site_config.pages.observer import Observer
from site_config.pages.store import Drawn, Store

KEY = ("/one/", ())
NEVER = float("inf")


def new_database(folder):
    path = folder / "site.sqlite3"
    with connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE pages_generation (subject TEXT PRIMARY KEY, number INTEGER)")
        made.execute("CREATE TABLE content (subject TEXT PRIMARY KEY, words TEXT)")
    return path


def connect(path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def write(connection, subject: str, words: str) -> None:
    """What a verb does: the change and its generation."""
    connection.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", [subject, words])
    connection.execute(
        "INSERT INTO pages_generation VALUES (?, 1) ON CONFLICT (subject) DO UPDATE SET number = number + 1", [subject]
    )


@pytest.fixture
def database(tmp_path):
    return new_database(tmp_path)


@pytest.fixture
def store(database):
    made = Store(1_000_000, Observer(database))
    yield made
    made.observer._forget()


def drawn(body: bytes = b"<p>page</p>", subjects=("site",), ends_at: float = NEVER) -> Drawn:
    return Drawn([("Content-Type", "text/html")], body, frozenset(subjects), time.time(), ends_at)


def keep(store, key=KEY, **options) -> bool:
    return store.keep(key, drawn(**options), store.moment())


def test_it_works(store):
    assert store.find(KEY) is None
    assert keep(store)
    page = store.find(KEY)
    assert page.variants[""].body == b"<p>page</p>"
    assert page.variants["br"].headers[-1] == ("Content-Encoding", "br")


def test_a_change_of_its_subject_ends_it(store, database):
    keep(store)
    with connect(database) as other:
        write(other, "site", "new")
    assert store.find(KEY) is None


def test_a_change_of_another_subject_does_not(store, database):
    keep(store)
    with connect(database) as other:
        write(other, "article:7", "new")
    assert store.find(KEY) is not None


def test_what_was_rolled_back_never_was(store, database):
    keep(store)
    other = connect(database)
    other.execute("BEGIN IMMEDIATE")
    write(other, "site", "new")
    other.execute("ROLLBACK")
    other.close()
    assert store.find(KEY) is not None


def test_what_is_not_committed_yet_does_not_count_yet(store, database):
    keep(store)
    other = connect(database)
    other.execute("BEGIN IMMEDIATE")
    write(other, "site", "new")
    assert store.find(KEY) is not None
    other.execute("COMMIT")
    other.close()
    assert store.find(KEY) is None


def test_a_page_drawn_while_something_was_committed_is_not_kept(store, database):
    moment = store.moment()
    with connect(database) as other:
        write(other, "article:7", "anything at all")
    assert not store.keep(KEY, drawn(), moment)
    assert store.find(KEY) is None


def test_a_page_ends_by_the_clock(store):
    keep(store, ends_at=time.time() - 1)
    assert store.find(KEY) is None


def test_a_clock_that_went_back_ends_it(store):
    store.keep(KEY, drawn()._replace(began_at=time.time() + 3600), store.moment())
    assert store.find(KEY) is None


def test_memory_is_bounded_and_the_least_used_goes_first(store):
    store.most = 20_000
    for number in range(20):
        keep(store, (f"/{number}/", ()), body=bytes(str(number), "ascii") * 500)
        store.find(("/0/", ()))
    assert store.size <= store.most
    assert ("/0/", ()) in store.pages
    assert ("/1/", ()) not in store.pages
    assert store.size == sum(page.size for page in store.pages.values())


def test_a_page_too_large_for_the_store_is_not_kept(store):
    store.most = 4000
    assert not keep(store, body=bytes(range(256)) * 100)
    assert store.size == 0


def test_without_a_database_nothing_is_found_or_kept(tmp_path):
    store = Store(1_000_000, Observer(tmp_path / "none.sqlite3"))
    assert store.moment() is None
    assert not store.keep(KEY, drawn(), 1)
    with pytest.raises(DatabaseError):
        store.observer.moment()


def test_after_the_database_was_away_nothing_old_is_served(store, database):
    keep(store)
    database.rename(database.with_suffix(".away"))
    store.observer._forget()
    assert store.find(KEY) is None


def test_one_draws_and_the_others_wait_for_that(store):
    drew, found, started = [], [], threading.Barrier(5)

    def ask():
        started.wait()
        with store.turn(KEY) as is_first:
            if is_first:
                drew.append(keep(store))
            else:
                found.append(store.find(KEY) is not None)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drew
    assert all(found)
    assert len(drew) + len(found) == 5
    assert not store.drawing


def test_a_page_that_could_not_be_drawn_keeps_nobody_waiting(store):
    with pytest.raises(ZeroDivisionError), store.turn(KEY):
        1 / 0
    with store.turn(KEY) as is_first:
        assert is_first


class ReadersAndWriters(RuleBasedStateMachine):
    """Two writers with open transactions, and pages that say what they showed: a hit shows what is committed."""

    subjects = st.sampled_from(["site", "lists", "article:1", "article:2"])
    writers = st.integers(0, 1)

    @initialize()
    def begin(self):
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.path = new_database(Path(self.folder.name))
        self.store = Store(1_000_000, Observer(self.path))
        self.connections = [connect(self.path), connect(self.path)]
        self.reader = connect(self.path)
        self.busy: int | None = None
        self.count = 0
        self.drawing: tuple | None = None

    def committed(self, subjects) -> bytes:
        rows = dict(self.reader.execute("SELECT subject, words FROM content").fetchall())
        return repr([rows.get(subject) for subject in sorted(subjects)]).encode()

    @rule(writer=writers, subject=subjects)
    def change(self, writer, subject):
        if self.busy not in {None, writer}:
            return
        if self.busy is None:
            self.connections[writer].execute("BEGIN IMMEDIATE")
            self.busy = writer
        self.count += 1
        write(self.connections[writer], subject, str(self.count))

    @rule()
    def commit(self):
        self.finish("COMMIT")

    @rule()
    def roll_back(self):
        self.finish("ROLLBACK")

    @rule()
    def die(self):
        """A writer that is killed: its transaction is gone with its connection."""
        if self.busy is not None:
            self.connections[self.busy].close()
            self.connections[self.busy] = connect(self.path)
            self.busy = None

    def finish(self, how: str) -> None:
        if self.busy is not None:
            self.connections[self.busy].execute(how)
            self.busy = None

    @rule(first=subjects, second=subjects)
    def start_drawing(self, first, second):
        subjects = frozenset({first, second})
        moment = self.store.moment()
        self.drawing = (subjects, moment, self.committed(subjects))

    @rule()
    def end_drawing(self):
        if self.drawing:
            subjects, moment, body = self.drawing
            self.store.keep(("/".join(sorted(subjects)), ()), drawn(body, subjects), moment)
            self.drawing = None

    @invariant()
    def every_hit_is_what_is_committed(self):
        for key in list(getattr(self, "store", None).pages if hasattr(self, "store") else ()):
            page = self.store.find(key)
            if page is not None:
                assert page.variants[""].body == self.committed(page.subjects)

    def teardown(self):
        if hasattr(self, "folder"):
            for connection in [*self.connections, self.reader]:
                connection.close()
            self.store.observer._forget()
            self.folder.cleanup()


TestReadersAndWriters = ReadersAndWriters.TestCase
TestReadersAndWriters.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
