"""The store against a model of it: readers, a writer that is killed at any step, the clock, and whatever breaks files.

Two processes share one database and one shelf, and there are two such pairs: one checks by the counters, one by the rows.
Both do the same at every step. What they give is compared with each other and with what is committed.
"""

import contextlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from unittest import mock

from django.db import DatabaseError
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from site_config.pages import gone, observer, store, tending
from site_config.pages.counters import Counters, place_of
from site_config.pages.freshness import Freshness, counters_path
from site_config.pages.observer import Observer
from site_config.pages.shelf import Shelf
from site_config.pages.store import Drawn, Store
from tests.site_config.pages.test_store import new_database

PAGES = {"/": ("lists", "site"), "/one/": ("article:1", "site"), "/two/": ("article:2", "site"), "/part/": ("article:1",)}
SUBJECTS = ("article:1", "article:2", "lists", "site")
STEPS = ("written", "announced", "begun", "committed", "finished", "finished")
CHECKS = ("counters", "data_version")
NEVER = float("inf")
ROOM = 8_000

keys = st.sampled_from(sorted(PAGES))
workers = st.integers(0, 1)
subjects = st.sets(st.sampled_from(SUBJECTS), min_size=1, max_size=3)
codings = st.sampled_from(["br", "gzip", ""])


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


class Exactness(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.ways_out = contextlib.ExitStack()
        self.folder = Path(self.ways_out.enter_context(tempfile.TemporaryDirectory()))
        self.clock = Clock()
        self.ways_out.enter_context(override_settings(DATA_DIR=self.folder))
        self.ways_out.enter_context(mock.patch.object(store, "time", self.clock))
        self.ways_out.enter_context(mock.patch.object(observer, "PAUSE", 0.0))
        self.ways_out.enter_context(mock.patch.object(os, "fsync"))
        logging.disable(logging.WARNING)
        self.ways_out.callback(logging.disable, logging.NOTSET)
        self.database = new_database(self.folder)
        self.stores = {(check, worker): self.started(check) for check in CHECKS for worker in (0, 1)}
        self.is_away = False
        self.committed = dict.fromkeys(SUBJECTS, 0)
        self.least = dict.fromkeys(SUBJECTS, 0)
        self.words = 0
        self.drawings = []
        self.begin_writer()

    def started(self, check):
        counters = Counters(counters_path(self.database)) if check == "counters" else None
        shelf = Shelf(self.folder / f"pages-{check}", "epoch", 1_000_000)
        return Store(ROOM, Freshness(Observer(self.database), counters), shelf)

    def teardown(self):
        if hasattr(self, "writer"):
            self.writer.close()
            for each in self.stores.values():
                each.freshness.observer.close()
            self.ways_out.close()

    # --- the writer, one step of its protocol at a time --------------------------------------------------------

    def begin_writer(self):
        self.writer = sqlite3.connect(self.database, isolation_level=None)
        self.writer.execute("PRAGMA synchronous=OFF")
        self.counters = Counters(counters_path(self.database))
        self.step, self.marked, self.written, self.hidden, self.raised = "", set(), {}, set(), ()

    def write(self, subject):
        self.words += 1
        self.writer.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", [subject, str(self.words)])
        return self.words

    @precondition(lambda self: not self.is_away)
    @rule(
        kept=st.sets(keys),
        changed=subjects,
        hides=st.booleans(),
        undone=st.none() | st.sampled_from(SUBJECTS),
        last=st.sampled_from(STEPS),
    )
    def writer_works(self, kept, changed, hides, undone, last):
        """A change, up to the step after which readers come; `undone` is of a savepoint that is rolled back."""
        for key in sorted(kept):
            self.drawn_and_kept(key, None, "gzip")
        if self.step:
            self.writer_goes_on()
            return
        self.writer.execute("BEGIN IMMEDIATE")
        self.marked, self.hidden = set(changed), set(changed) if hides else set()
        self.written = {subject: self.write(subject) for subject in sorted(changed)}
        if undone:
            self.writer.execute("SAVEPOINT part")
            self.write(undone)
            self.writer.execute("ROLLBACK TO part")
            self.marked.add(undone)
        self.step = "written"
        while self.step and self.step != last:
            self.writer_goes_on()

    @precondition(lambda self: self.step)
    @rule(how=st.sampled_from(["goes on", "goes on", "is killed", "is killed and healed", "rolls back"]))
    def writer_moves(self, how):
        """Killed at whatever step it is: the kernel takes its lock, SQLite what it did not commit."""
        if how.startswith("is killed"):
            self.writer.close()
            self.begin_writer()
            self.counters.heal() if how.endswith("healed") else None
        elif how == "rolls back" and self.step != "committed":
            self.writer.execute("ROLLBACK")
            self.finish()
        else:
            self.writer_goes_on()

    def writer_goes_on(self):
        """One step. The last one comes whether the callbacks after the commit fail or not."""
        {"written": self.announce, "announced": self.begin_counters, "begun": self.commit, "committed": self.finish}[
            self.step
        ]()

    def announce(self):
        for subject in sorted(self.marked):
            self.writer.execute(
                "INSERT INTO pages_generation VALUES (?, 1) ON CONFLICT (subject) DO UPDATE SET number = number + 1", [subject]
            )
        if self.hidden:
            numbers = dict(self.writer.execute("SELECT subject, number FROM pages_generation"))
            gone.remember({subject: numbers[subject] for subject in self.hidden})
        self.step = "announced"

    def begin_counters(self):
        self.raised = self.counters.begin(self.marked)
        self.step = "begun"

    def commit(self):
        self.writer.execute("COMMIT")
        self.committed |= self.written
        self.least |= {subject: self.written[subject] for subject in self.hidden & set(self.written)}
        self.step = "committed"

    def finish(self):
        self.counters.finish(self.raised)
        self.step, self.raised = "", ()

    # --- readers -------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.is_away)
    @rule(key=keys, life=st.sampled_from([None, None, 5, 50]))
    def drawing_begins(self, key, life):
        self.drawings.append((key, self.drawn(key, life)))

    @precondition(lambda self: not self.is_away)
    @rule(key=keys, life=st.sampled_from([None, None, 5, 50]), coding=codings)
    def drawn_and_kept(self, key, life, coding):
        for worker in (0, 1):
            self.keep(worker, key, self.drawn(key, life), coding)

    @precondition(lambda self: self.drawings)
    @rule(which=st.integers(0, 9), worker=workers, coding=codings)
    def drawing_ends(self, which, worker, coding):
        self.keep(worker, *self.drawings.pop(which % len(self.drawings)), coding)

    def drawn(self, key, life):
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            numbers = dict(reader.execute("SELECT subject, number FROM pages_generation"))
            content = {subject: int(words) for subject, words in reader.execute("SELECT subject, words FROM content")}
        shown = {subject: content.get(subject, 0) for subject in PAGES[key]}
        assert shown == {subject: self.committed[subject] for subject in shown}
        generations = tuple(numbers.get(subject, 0) for subject in PAGES[key])
        ends_at = NEVER if life is None else self.clock.now + life
        body = json.dumps({"key": key, "shown": shown, "from": self.clock.now, "until": life and ends_at}).encode()
        return Drawn([("Content-Type", "text/html")], body + b" " * 500, PAGES[key], generations, self.clock.now, ends_at)

    def keep(self, worker, key, page, coding):
        kept = {check: self.stores[check, worker].keep(key, self.stores[check, worker].made(page, coding)) for check in CHECKS}
        assert len(set(kept.values())) == 1
        if kept["counters"] and key in self.stores["counters", worker].pages:
            self.is_true(key, self.stores["counters", worker].pages[key], clock=False)

    @rule(key=keys, worker=workers, on_disk=st.booleans())
    def asked_for(self, key, worker, on_disk):
        self.agree(key, worker, (lambda each: each.fetch(key)) if on_disk else (lambda each: each.find(key)))

    def agree(self, key, worker, ask):
        found = {}
        for check in CHECKS:
            try:
                page = ask(self.stores[check, worker])
            except DatabaseError:
                assert self.is_away
                page = None
            if page is not None:
                self.is_true(key, page)
            found[check] = page is not None
        assert found["counters"] == found["data_version"] or self.is_away

    def is_true(self, key, page, *, clock=True):
        told = self.told(key, page)
        assert told["shown"] == {subject: self.committed[subject] for subject in told["shown"]}
        if clock:
            assert told["from"] <= self.clock.now
            assert told["until"] is None or self.clock.now < told["until"]

    def told(self, key, page):
        told = json.loads(page.plain())
        assert told["key"] == key
        return told

    # --- what happens in between, and what breaks -----------------------------------------------------------------

    @rule(
        what=st.sampled_from(["recoded", "tended", "restarted", "healed", "clock moves"]),
        worker=workers,
        key=keys,
        coding=codings,
        seconds=st.sampled_from([-60.0, -6.0, -1.0, 0.5, 2.0, 6.0, 60.0]),
    )
    def time_passes(self, what, worker, key, coding, seconds):
        if what == "clock moves":
            self.clock.now += seconds
            for each in PAGES:
                self.agree(each, worker, lambda store, each=each: store.find(each))
        if what == "healed" and not self.step:
            self.counters.heal()
            assert not self.counters.is_broken()
        for check in CHECKS:
            each = self.stores[check, worker]
            if what == "recoded" and key in each.pages:
                each.vary(each.pages[key], coding)
            if what == "tended":
                tending.tend(each, self.clock.now)
            if what == "restarted":
                each.freshness.observer.close()
                self.stores[check, worker] = self.started(check)

    @rule(
        what=st.sampled_from(["database", "database", "file", "files", "counters", "new counters"]),
        key=keys,
        other=keys,
        how=st.sampled_from(["overwritten", "cut", "changed", "swapped"]),
        at=st.integers(0, 2000),
        numbers=st.lists(st.sampled_from([0, 1, 2, 3, 2**63, 2**64 - 2, 2**64 - 1]), min_size=8, max_size=8),
    )
    def something_breaks(self, what, key, other, how, at, numbers):
        """While no writer is busy: what is in damaged counters then says nothing."""
        if what == "file":
            self.a_file_is_damaged(key, other, how, at)
        elif what == "files":
            for check in CHECKS:
                shutil.rmtree(self.folder / f"pages-{check}", ignore_errors=True)
        elif what == "database" and self.is_away:
            self.database_comes_back()
        elif self.step == "":
            {"database": self.database_goes, "counters": self.counters_are_damaged, "new counters": self.counters_are_replaced}[
                what
            ](numbers)

    def a_file_is_damaged(self, key, other, how, at):
        """Overwritten, cut, changed in one place, or put into another's place."""
        for check in CHECKS:
            shelf = self.stores[check, 0].shelf
            path, source = shelf._path(key), shelf._path(other)
            if not path.exists():
                continue
            content = path.read_bytes()
            at = at % len(content) if content else 0
            damaged = {
                "overwritten": os.urandom(at),
                "cut": content[:at],
                "changed": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] if content else b"",
                "swapped": source.read_bytes() if source.exists() and key != other else b"",
            }
            path.write_bytes(damaged[how])

    def database_goes(self, numbers):
        self.writer.close()
        self.database.rename(self.database.with_suffix(".away"))
        self.is_away = True
        for each in self.stores.values():
            each.note_trouble(each.freshness.observer.trouble())
            assert each.is_away()

    def database_comes_back(self):
        self.database.with_suffix(".away").rename(self.database)
        self.is_away = False
        self.begin_writer()
        for each in self.stores.values():
            assert not each.is_away()

    def counters_are_damaged(self, numbers):
        for number, subject in enumerate(SUBJECTS):
            self.counters.cells[place_of(subject)] = numbers[2 * number]
            self.counters.cells[place_of(subject) + 1] = numbers[2 * number + 1]

    def counters_are_replaced(self, numbers):
        """By a short file or none, and each process looks for that, as it does once a second."""
        path = counters_path(self.database)
        path.unlink()
        if numbers[0]:
            path.write_bytes(bytes(number % 256 for number in numbers))
        self.counters = Counters(path)
        for each in self.stores.values():
            each.freshness.renew()

    @invariant()
    def memory_is_counted(self):
        for each in self.stores.values():
            assert each.size == sum(page.size for page in each.pages.values())
            assert each.size <= each.most

    @invariant()
    def what_the_counters_know_is_true(self):
        for (_, worker), each in self.stores.items():
            for key, page in each.pages.items():
                if each.freshness.is_known_current(page):
                    self.is_true(key, page, clock=False)

    @invariant()
    def what_is_gone_is_shown_in_no_fault(self):
        for each in self.stores.values():
            for key in PAGES:
                page = each.stale(key)
                if page is not None:
                    told = self.told(key, page)
                    assert told["from"] <= self.clock.now
                    for subject, words in told["shown"].items():
                        assert words >= self.least[subject], f"{subject} was hidden"


TestExactness = Exactness.TestCase
TestExactness.settings = settings(
    max_examples=int(os.environ.get("MASTHEAD_EXAMPLES", "60")),
    stateful_step_count=50,
    deadline=None,
    derandomize="MASTHEAD_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
