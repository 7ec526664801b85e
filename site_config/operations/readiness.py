"""Whether this site can do its work: a few signs, each asked for within a short limit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from site_config.jobs import heartbeat
from site_config.pages.store import the_store

LIMIT = 2
"""Seconds that the database gets to let us in, and again for each statement. (libpq takes no less.)"""
LITTLE_ROOM = 100_000_000
BRIEF = "brief"

Key = tuple[str, str]


class Sign(NamedTuple):
    """What was asked, and what is wrong with it and what to do; '' if nothing is. `is_needed`: readers miss it."""

    name: str
    trouble: str = ""
    is_needed: bool = True
    detail: str = ""

    def __str__(self) -> str:
        if self.trouble:
            return f"{'bad' if self.is_needed else 'warning'} {self.name}: {self.trouble}"
        return f"ok {self.name}{self.detail and ': '}{self.detail}"


def signs() -> list[Sign]:
    """All of them, the needed ones first. A few milliseconds; LIMIT seconds where the database is silent."""
    return [*database(), data_folder(), page_store(), job_runner()]


@contextmanager
def brief_connection() -> Iterator[str]:
    """The alias of a connection to the site's database that is opened for this, and waits LIMIT seconds for nothing.

    It is no one of the pool's, which may be busy, and none that was opened while the file was still in its place. On
    SQLite a read waits for no writer; on PostgreSQL the server ends a statement that waits for a lock. Raises
    django.db.Error from within.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS].copy(alias=BRIEF)
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        options.pop("pool", None)
        options["connect_timeout"] = LIMIT
        options["options"] = f"{options.get('options', '')} -c statement_timeout={LIMIT * 1000}"
    else:
        options["timeout"] = LIMIT
        options.pop("init_command", None)
    connections[BRIEF] = connection
    try:
        yield BRIEF
    finally:
        del connections[BRIEF]
        raw = connection.connection
        connection.close()
        if connection.connection is not None:  # Django keeps those to a database in memory open
            raw.close()


def database() -> Iterator[Sign]:
    try:
        with brief_connection() as alias:
            applied = set(MigrationRecorder(connections[alias]).applied_migrations())
    except Error:
        yield Sign("database", "it does not answer; look at DATABASE_URL and MASTHEAD_DATA, and whether its server runs")
        return
    yield Sign("database")
    missing = unapplied(applied)
    advice = f"{len(missing)} are not applied; run: python3 manage.py migrate" if missing else ""
    yield Sign("migrations", advice)


def unapplied(applied: set[Key]) -> list[Key]:
    """The migrations of this release that are not among these."""
    return [key for key, replaced in migrations().items() if key not in applied and not (replaced and replaced <= applied)]


@cache
def migrations() -> dict[Key, frozenset[Key]]:
    """The migrations of this release, each with those that it stands for. Read from the disk once, 0.1 s."""
    nodes = MigrationLoader(None, ignore_no_migrations=True).graph.nodes
    return {key: frozenset(migration.replaces) for key, migration in nodes.items()}


def data_folder() -> Sign:
    name = "data folder"
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(bytes(4096))
            file.flush()
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        return Sign(name, f"it cannot be written ({error.strerror}); make room on its disk, or look at MASTHEAD_DATA")
    if free < LITTLE_ROOM:
        return Sign(name, f"only {free // 1_000_000} MB are free on its disk; make room", is_needed=False)
    return Sign(name)


def page_store() -> Sign:
    return Sign("page store", detail=the_store().check)


def job_runner() -> Sign:
    """A warning at most: pages are read without it."""
    name, silence = "job runner", heartbeat.silence()
    if silence is None:
        return Sign(name, "it never ran here; start: python3 manage.py serve", is_needed=False)
    if silence <= heartbeat.LONG:
        return Sign(name)
    words = f"nothing was heard of it for {silence / 60:.0f} minutes; if no long job runs, start: python3 manage.py serve"
    return Sign(name, words, is_needed=False)
