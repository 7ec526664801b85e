"""Real faults: a folder without room, a database file that is moved away or locked, a server that is not there."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from site_config.jobs import heartbeat
from site_config.operations import readiness

ROOT = Path(__file__).parents[3]
CODE = """
import django, sys
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
connection.close()
print("migrated", flush=True)
from site_config.operations import readiness
for line in sys.stdin:
    print("|".join(map(str, readiness.signs())), flush=True)
"""


@pytest.fixture
def site(tmp_path):
    """A site of its own with a real database file; calling it gives the lines."""
    environment = {"MASTHEAD_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "site_config.settings", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", CODE], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    assert process.stdout.readline() == "migrated\n"

    def ask() -> dict[str, str]:
        process.stdin.write("\n")
        process.stdin.flush()
        lines = process.stdout.readline().strip().split("|")
        return {line.split(" ", 1)[1].partition(":")[0]: line for line in lines}

    yield ask
    process.kill()
    process.communicate()


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def troubles() -> dict[str, str]:
    return {sign.name: str(sign) for sign in readiness.signs() if sign.trouble}


@pytest.mark.django_db
def test_it_works(data):
    heartbeat._touched = float("-inf")
    heartbeat.beat()
    assert [str(sign) for sign in readiness.signs()] == [
        "ok database", "ok migrations", "ok data folder", "ok page store: off", "ok job runner",
    ]  # fmt: skip
    assert "brief" not in connections._connections.__dict__


@pytest.mark.django_db
def test_the_database_is_not_waited_for_long():
    with readiness.brief_connection() as alias, connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW statement_timeout")
        assert cursor.fetchone() == (readiness.LIMIT * 1000 if connection.vendor == "sqlite" else f"{readiness.LIMIT}s",)


class TestDatabaseFile:
    def test_it_is_there_then_moved_away_then_back(self, site, tmp_path):
        file = tmp_path / "masthead.sqlite3"
        assert site()["database"] == "ok database"
        file.rename(tmp_path / "away")
        lines = site()
        assert lines["database"].startswith("bad database: it does not answer; look at DATABASE_URL")
        assert "migrations" not in lines
        assert not file.exists()
        (tmp_path / "away").rename(file)
        assert site()["database"] == "ok database"

    def test_a_busy_writer_is_no_trouble(self, site, tmp_path):
        writer = sqlite3.connect(tmp_path / "masthead.sqlite3", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        lines = site()
        writer.close()
        assert lines["database"] == "ok database"

    def test_a_locked_one(self, site, tmp_path):
        holder = sqlite3.connect(tmp_path / "masthead.sqlite3", isolation_level=None)
        holder.execute("PRAGMA journal_mode=DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        lines = site()
        holder.close()
        assert lines["database"].startswith("bad")

    def test_garbage_in_its_place(self, site, tmp_path):
        for file in tmp_path.glob("masthead.sqlite3*"):
            file.write_bytes(b"garbage" * 1000)
        assert site()["database"].startswith("bad")

    def test_migrations_that_are_missing_are_counted(self, site, tmp_path):
        assert site()["migrations"] == "ok migrations"
        with sqlite3.connect(tmp_path / "masthead.sqlite3") as database:
            database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.close()
        assert site()["migrations"] == "bad migrations: 1 are not applied; run: python3 manage.py migrate"

    def test_an_empty_database(self, site, tmp_path):
        site()
        for file in tmp_path.glob("masthead.sqlite3*"):
            file.unlink()
        sqlite3.connect(tmp_path / "masthead.sqlite3").close()
        (tmp_path / "masthead.sqlite3").touch()
        lines = site()
        assert lines["database"] == "ok database"
        assert "are not applied" in lines["migrations"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="is about a server")
@pytest.mark.django_db
def test_a_server_that_is_not_there(data, settings):
    place = connection.settings_dict
    before = dict(place)
    place |= {"HOST": "127.0.0.1", "PORT": "9"}
    try:
        assert troubles()["database"].startswith("bad database")
    finally:
        place |= before


def test_one_that_stands_for_others_counts_as_applied_with_them(monkeypatch):
    stands_for = frozenset({("a", "1"), ("a", "2")})
    monkeypatch.setattr(readiness, "migrations", lambda: {("a", "both"): stands_for, ("b", "1"): frozenset()})
    assert readiness.unapplied({("a", "1"), ("a", "2"), ("b", "1")}) == []
    assert readiness.unapplied({("a", "both"), ("b", "1")}) == []
    assert readiness.unapplied({("a", "1")}) == [("a", "both"), ("b", "1")]


@pytest.mark.django_db
def test_the_migrations_of_this_release_are_those_that_are_applied():
    applied = set(MigrationRecorder(connection).applied_migrations())
    assert readiness.unapplied(applied) == []
    assert len(readiness.migrations()) > 20


def test_a_folder_that_is_gone(data):
    shutil.rmtree(data)
    sign = readiness.data_folder()
    assert sign.is_needed
    assert str(sign).startswith("bad data folder: it cannot be written (No such file or directory); make room")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can make a small disk")
def test_a_full_disk(data):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", data], capture_output=True)
    if done.returncode:
        pytest.skip("no disk can be made here")
    try:
        assert "MB are free" in str(readiness.data_folder())
        assert not readiness.data_folder().is_needed
        with pytest.raises(OSError) as told:
            (data / "filling").write_bytes(bytes(100_000))
        assert told.value.errno == errno.ENOSPC
        assert str(readiness.data_folder()).startswith("bad data folder: it cannot be written (No space left on device)")
    finally:
        subprocess.run(["umount", data], check=True)


def test_a_runner_that_never_ran_is_a_warning(data):
    assert str(readiness.job_runner()) == "warning job runner: it never ran here; start: python3 manage.py serve"


def test_a_runner_that_is_silent_is_a_warning(data):
    (data / "jobs.alive").touch()
    os.utime(data / "jobs.alive", (time.time() - 600,) * 2)
    sign = readiness.job_runner()
    assert not sign.is_needed
    assert str(sign).startswith("warning job runner: nothing was heard of it for 10 minutes")
