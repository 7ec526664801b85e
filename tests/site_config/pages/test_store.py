"""The store against a real SQLite file, written by other connections, as other processes would, with both of its checks."""

import sqlite3
import time

import pytest
from django.db import DatabaseError

from site_config.pages import gone
from site_config.pages.counters import Counters
from site_config.pages.freshness import Freshness
from site_config.pages.observer import Observer
from site_config.pages.shelf import Shelf
from site_config.pages.store import Drawn, Store

KEY = "/one/"
NEVER = float("inf")
BODY = b"<p>page</p>" * 20


class Writer:
    """Another process that writes: by the protocol of `changing()`, one step at a time."""

    def __init__(self, path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.counters = Counters(path.with_name(f"{path.name}-pages"))
        self.raised = ()

    def begin(self, *subjects: str, words: str = "new") -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        for subject in subjects:
            self.connection.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", [subject, words])
            self.connection.execute(
                "INSERT INTO pages_generation VALUES (?, 1) ON CONFLICT (subject) DO UPDATE SET number = number + 1", [subject]
            )
        self.raised = self.counters.begin(subjects)

    def end(self, how: str = "COMMIT") -> None:
        self.connection.execute(how)
        self.counters.finish(self.raised)

    def change(self, *subjects: str, words: str = "new") -> None:
        self.begin(*subjects, words=words)
        self.end()

    def close(self) -> None:
        self.connection.close()


def new_database(folder):
    path = folder / "site.sqlite3"
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("CREATE TABLE pages_generation (subject TEXT PRIMARY KEY, number INTEGER)")
    made.execute("CREATE TABLE content (subject TEXT PRIMARY KEY, words TEXT)")
    made.close()
    return path


def store_on(path, check: str, *, most: int = 1_000_000, shelf: Shelf | None = None) -> Store:
    counters = Counters(path.with_name(f"{path.name}-pages")) if check == "counters" else None
    return Store(most, Freshness(Observer(path), counters), shelf)


@pytest.fixture
def database(tmp_path):
    return new_database(tmp_path)


@pytest.fixture
def writer(database):
    made = Writer(database)
    yield made
    made.close()


@pytest.fixture(params=["counters", "data_version"])
def store(request, database, tmp_path):
    made = store_on(database, request.param, shelf=Shelf(tmp_path / "pages", "epoch", 10_000_000))
    yield made
    made.freshness.observer.close()


def drawn(body: bytes = BODY, subjects=("site",), generations=None, began_at=None, ends_at: float = NEVER) -> Drawn:
    numbers = generations or (0,) * len(subjects)
    began_at = time.time() if began_at is None else began_at
    return Drawn([("Content-Type", "text/html")], body, tuple(subjects), numbers, began_at, ends_at)


def keep(store, key=KEY, coding="gzip", **options) -> bool:
    return store.keep(key, store.made(drawn(**options), coding))


def test_it_works(store):
    assert store.find(KEY) is None
    assert keep(store)
    page = store.find(KEY)
    assert page.variant("").whole.body == BODY
    assert page.variant("br").whole.headers[-1] == ("Content-Encoding", "br")


def test_a_change_of_its_subject_ends_it(store, writer):
    keep(store)
    writer.change("site")
    assert store.find(KEY) is None
    assert store.fetch(KEY) is None


def test_a_change_of_another_subject_does_not(store, writer):
    keep(store)
    writer.change("article:7")
    assert store.find(KEY) is not None


def test_what_was_rolled_back_never_was(store, writer):
    keep(store)
    writer.begin("site")
    writer.end("ROLLBACK")
    assert store.find(KEY) is not None


def test_what_is_not_committed_yet_does_not_count_yet(store, writer):
    keep(store)
    writer.begin("site")
    assert store.find(KEY) is not None
    writer.end()
    assert store.find(KEY) is None


def test_a_writer_killed_before_its_commit_changes_nothing(store, writer):
    keep(store)
    writer.begin("site")
    writer.close()
    assert store.find(KEY) is not None
    assert store.find(KEY) is not None


def test_a_writer_killed_after_its_commit_is_seen(store, writer):
    keep(store)
    writer.begin("site")
    writer.connection.execute("COMMIT")
    writer.close()
    assert store.find(KEY) is None


def test_after_a_killed_writer_pages_are_kept_again(store, writer, database):
    writer.begin("site")
    writer.connection.execute("COMMIT")
    keep(store, generations=(1,))
    assert store.find(KEY) is not None
    writer.counters.heal()
    assert store.find(KEY) is not None
    writer.change("site")
    assert store.find(KEY) is None


def test_a_page_drawn_from_an_older_snapshot_is_not_kept(store, writer):
    page = store.made(drawn(), "gzip")
    writer.change("site")
    assert not store.keep(KEY, page)
    assert store.find(KEY) is None


def test_a_page_ends_by_the_clock(store):
    keep(store, ends_at=time.time() - 1)
    assert store.find(KEY) is None
    assert store.fetch(KEY) is None


def test_a_clock_that_went_back_ends_it(store):
    keep(store, began_at=time.time() + 3600)
    assert store.find(KEY) is None
    assert store.fetch(KEY) is None
    assert store.stale(KEY) is None


def test_memory_is_bounded_and_the_least_used_goes_first(store, monkeypatch):
    monkeypatch.setattr("site_config.pages.store.RECENT", -1)
    store.most = 20_000
    for number in range(20):
        keep(store, f"/{number}/", body=bytes(str(number), "ascii") * 500)
        store.find("/0/")
    assert store.size <= store.most
    assert "/0/" in store.pages
    assert "/1/" not in store.pages
    assert store.size == sum(page.size for page in store.pages.values())


def test_codings_that_come_later_count_too(store):
    keep(store)
    before = store.size
    store.vary(store.find(KEY), "br")
    assert store.size > before
    store.polish(KEY, store.find(KEY))
    assert store.size == store.find(KEY).size
    store.drop(KEY)
    assert store.size == 0


def test_a_page_too_large_for_the_store_is_not_kept(store):
    store.most = 4000
    assert not keep(store, body=bytes(range(256)) * 100, coding="br")
    assert store.size == 0


def test_what_memory_lost_is_found_on_disk(store):
    keep(store)
    store.clear()
    assert store.find(KEY) is None
    assert store.fetch(KEY).variant("").whole.body == BODY
    assert store.find(KEY) is not None


def test_polishing_makes_it_smaller_and_keeps_its_words(store):
    body = b"".join(b"<p>%d squared is %d</p>" % (number, number * number) for number in range(500))
    keep(store, body=body)
    quick = store.find(KEY).variant("gzip")
    store.polish(KEY, store.find(KEY))
    slow = store.find(KEY).variant("gzip")
    assert len(slow.whole.body) < len(quick.whole.body)
    assert slow.tag != quick.tag
    assert store.find(KEY).variant("").whole.body == body


def test_without_a_database_nothing_is_found_or_kept(tmp_path):
    store = store_on(tmp_path / "none.sqlite3", "data_version")
    assert not keep(store)
    with pytest.raises(DatabaseError):
        store.freshness.holds(store.made(drawn(), "gzip"))


@pytest.fixture
def away(store, database, settings, tmp_path):
    """The database is moved away when this is called."""
    settings.DATA_DIR = tmp_path

    def leave():
        database.rename(database.with_suffix(".away"))
        store.freshness.observer.close()

    return leave


def test_while_the_database_is_away_pages_are_as_they_were(store, away):
    keep(store)
    away()
    assert store.stale(KEY).variant("").whole.body == BODY
    store.clear()
    assert store.stale(KEY).variant("").whole.body == BODY


def test_what_is_gone_is_not_even_then(store, away):
    keep(store, "/gone/", subjects=("article:1", "site"))
    keep(store, "/other/", subjects=("article:2", "site"))
    gone.remember({"article:1": 1})
    away()
    assert store.stale("/gone/") is None
    assert store.stale("/other/") is not None


def test_a_page_drawn_after_something_went_is_good(store, away, writer):
    writer.change("article:1")
    keep(store, subjects=("article:1",), generations=(1,))
    gone.remember({"article:1": 1})
    away()
    assert store.stale(KEY) is not None


def test_a_damaged_word_of_what_is_gone_hides_all(store, away, tmp_path):
    keep(store)
    (tmp_path / gone.NAME).write_text("garbage")
    away()
    assert store.stale(KEY) is None
