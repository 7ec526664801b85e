"""What readers and writers get when something is wrong. What was withdrawn or removed is never among it.

README's table says what they get: MASTHEAD_WRITE_README=1 has these tests write it, otherwise they hold the site to it.
"""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.e2e.faults import breaking, table
from tests.e2e.faults.witness import Witness
from tests.server import ROOT, Site, copy_of, start_again, stop, until_it_answers

SETTLED = 4.0
IN_A_ROW = 4
PATIENCE = 60.0
WELL = "nothing"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def standing(copied):
    """The site that is broken and mended again and again: a list, of which the last is the one that runs."""
    running = [start_again(copied("faults"), breaking.wrap())]
    yield running
    stop(running[-1])


@pytest.fixture
def looking():
    """A maker of witnesses who have seen what they must not see again."""
    made = []

    def look(site: Site) -> Witness:
        made.append(Witness(site, next(numbers)))
        made[-1].prepare()
        return made[-1]

    yield look
    for witness in made:
        witness.close()


@pytest.fixture
def witness(standing, looking):
    return looking(standing[-1])


@pytest.fixture
def on_sqlite(original):
    if original.environment.get("DATABASE_URL"):
        pytest.skip("This is about SQLite's file, or about the pages that are kept with it.")


def again(standing: list[Site], **settings: str) -> Site:
    """Stops the site and serves it again, with other settings."""
    stop(standing[-1])
    standing[-1].environment.update(settings)
    standing.append(start_again(standing[-1], breaking.wrap()))
    until_it_answers(standing[-1])
    return standing[-1]


def holds(witness: Witness, name: str) -> None:
    """Holds what the witness gets against README's row, once the site has settled; or writes that."""
    if table.WRITES:
        time.sleep(SETTLED)
        table.write(name, witness.row())
        return
    expected, deadline = table.rows()[name], time.monotonic() + PATIENCE
    while (row := witness.row()) != expected and time.monotonic() < deadline:
        time.sleep(0.5)
    assert row == expected, name


def recovers(witness: Witness) -> None:
    """Mended, all is as if nothing had been, whichever worker is asked: several times in a row."""
    deadline, well = time.monotonic() + PATIENCE, 0
    while well < IN_A_ROW and time.monotonic() < deadline:
        row = witness.row()
        well = well + 1 if row == table.rows()[WELL] else 0
        time.sleep(0.5)
    assert row == table.rows()[WELL]
    assert well == IN_A_ROW


@contextlib.contextmanager
def broken(way: contextlib.AbstractContextManager[None]) -> Iterator[None]:
    """`way`, or a skipped test where this machine does not let itself be broken so."""
    try:
        way.__enter__()
    except breaking.Impossible as error:
        pytest.skip(str(error))
    try:
        yield
    finally:
        way.__exit__(None, None, None)


def test_all_is_well(witness):
    holds(witness, WELL)


@pytest.mark.usefixtures("on_sqlite")
def test_the_database_is_locked(standing, witness):
    name = "another program keeps the database locked"
    with broken(breaking.locked(standing[-1], "IMMEDIATE")):
        holds(witness, name)
    with broken(breaking.locked(standing[-1], "EXCLUSIVE")):
        again(standing)
        holds(witness, name)
    recovers(witness)


@pytest.mark.usefixtures("on_sqlite")
def test_the_database_is_away(standing, witness):
    with broken(breaking.moved_away(standing[-1])):
        holds(witness, "the database file is gone")
        again(standing)
        holds(witness, "the database file is gone")
    recovers(witness)


@pytest.mark.usefixtures("on_sqlite")
def test_the_database_cannot_be_written(standing, witness):
    name = "the database file is read-only"
    with broken(breaking.immutable(standing[-1])):
        holds(witness, name)
        again(standing)
        holds(witness, name)
    recovers(witness)


@pytest.mark.usefixtures("on_sqlite")
def test_the_disk_is_full(original, looking, tmp_path):
    with broken(breaking.small_disk(tmp_path, 150)):
        running = [start_again(copy_of(original, tmp_path / "data"), breaking.wrap())]
        try:
            witness = looking(running[0])
            with breaking.full(running[0]):
                holds(witness, "the disk is full")
                again(running)
                holds(witness, "the disk is full")
            recovers(witness)
        finally:
            stop(running[-1])


def test_the_clock_goes_back(standing, looking, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0s")
    if not (settings := breaking.clock_in(clock)):
        pytest.skip("faketime is not installed.")
    witness = looking(again(standing, **settings))
    clock.write_text("-3600s")
    holds(witness, "the clock goes back an hour")
    again(standing)
    holds(witness, "the clock goes back an hour")
    again(standing, **dict.fromkeys(settings, ""))
    recovers(witness)


def test_a_worker_is_stuck(standing, witness):
    """Who meets the other one is answered. What the stuck one keeps is out of date when it goes on; it notices."""
    with breaking.stuck_worker(standing[-1]):
        witness.gets_through()
    recovers(witness)


def test_jobs_are_not_done(standing, witness):
    with breaking.stuck_jobs(standing[-1]):
        holds(witness, "the job runner is stuck")


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize("way", [breaking.forbidden, breaking.garbage, breaking.older])
def test_the_kept_pages_are_unusable(standing, witness, way):
    stop(standing[-1])
    with broken(way(standing[-1])):
        standing.append(start_again(standing[-1], breaking.wrap()))
        with broken(breaking.moved_away(standing[-1])):
            holds(witness, "the database file is gone, and so are the kept pages")
        recovers(witness)


@pytest.mark.usefixtures("on_sqlite")
def test_nothing_is_kept(standing, witness):
    again(standing, MASTHEAD_PAGE_STORE_MB="0")
    holds(witness, WELL)
    with broken(breaking.moved_away(standing[-1])):
        holds(witness, "the database file is gone, and `MASTHEAD_PAGE_STORE_MB` is 0")
    again(standing, MASTHEAD_PAGE_STORE_MB="64")
    recovers(witness)


@pytest.mark.usefixtures("on_sqlite")
def test_without_counters_it_is_the_same(standing, looking):
    witness = looking(again(standing, MASTHEAD_PAGE_COUNTERS="false"))
    with broken(breaking.moved_away(standing[-1])):
        holds(witness, "the database file is gone")
    again(standing, MASTHEAD_PAGE_COUNTERS="true")
    recovers(witness)


def test_site_url_is_not_what_the_proxy_says(standing, witness):
    again(standing, SITE_URL="https://elsewhere.example")
    witness.is_turned_away(400)
    again(standing, SITE_URL=standing[0].url)
    recovers(witness)


def refused(site: Site, **settings: str) -> str:
    """What `serve` says where it does not start."""
    environment = {**site.environment, **settings}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_second_site_with_the_same_data_does_not_start(standing):
    assert "running already" in refused(standing[-1], PORT=str(standing[-1].process.pid % 20000 + 20000))


@pytest.mark.parametrize("number", ["0", "500", "-1", "two"])
def test_numbers_of_workers_that_cannot_be_are_named(standing, number):
    assert "MASTHEAD_WORKERS" in refused(standing[-1], MASTHEAD_WORKERS=number)
