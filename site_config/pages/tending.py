"""What a web process does for its store in the background, each second: sees whether the database is there, and compresses
well the pages that were pressed in a hurry and have lived for a second."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from site_config.lib.sqlite.access import needs_new_process
from site_config.pages.changes import announce_everything, heal
from site_config.pages.facade import Facade, fits
from site_config.pages.store import Store, the_store

logger = logging.getLogger(__name__)

PAUSE = 1.0
ROUND = 60.0
"""Seconds between two looks after the files and after what dead writers left."""


class Tender(threading.Thread):
    """Tends the store until `stop()`. A process that is forked off begins its own by `start_tending()`."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True, name="pages-tender")
        self.store = store
        self.over = threading.Event()
        self.swept_at = time.monotonic()

    def run(self) -> None:
        while not self.over.wait(PAUSE):
            try:
                tend(self.store)
                if time.monotonic() - self.swept_at > ROUND:
                    self.swept_at = time.monotonic()
                    sweep(self.store)
            except Exception:  # whatever fails here, readers get their pages
                logger.exception("Tending the kept pages failed")

    def stop(self) -> None:
        self.over.set()
        self.join()


def tend(store: Store, now: float | None = None) -> None:
    """One round. Costs some microseconds where there is nothing to do."""
    look_after_database(store)
    now = time.time() if now is None else now
    while store.in_a_hurry and not now - PAUSE <= store.in_a_hurry[0][1].kept_at <= now:
        key, page = store.in_a_hurry.popleft()
        store.polish(key, page)
    if store.facade:
        face(store, store.facade, now)


def face(store: Store, facade: Facade, now: float) -> None:
    """Gives the proxy the pages that it had to ask for within the last two rounds."""
    for key, page in list(store.pages.items()):
        if page.used_at > now - 2 * PAUSE and page.is_polished and fits(key, page) and not facade.has(str(key)):
            facade.put(key, page, holds=lambda page=page: store.freshness.holds(page))


def look_after_database(store: Store) -> None:
    """Has every answer say so while the database is away. If another file was put into its place, no page holds any longer."""
    if store.freshness is None:
        return
    observer = store.freshness.observer
    trouble = observer.trouble()
    if observer.is_another:
        store.clear()
        with own_connection() as connection:
            announce_everything(connection)
        observer.is_another = False
    store.freshness.renew()
    store.note_trouble(trouble)
    if needs_new_process(observer.database):
        logger.warning("The database can be written again, by a new process only: this one ends, and another one begins")
        os.kill(os.getpid(), signal.SIGTERM)


def sweep(store: Store) -> None:
    """What is needed once in ROUND seconds. Costs 1 ms, and 10 for each thousand files if any were written."""
    if store.freshness and store.freshness.counters and store.freshness.counters.is_broken():
        with own_connection() as connection:
            heal(connection)
    if store.shelf and not store.shelf.is_swept:
        store.shelf.sweep()


@contextmanager
def own_connection() -> Iterator[Any]:
    """This thread's connection to the site's database, closed at the end."""
    try:
        yield connections[DEFAULT_DB_ALIAS]
    finally:
        connections[DEFAULT_DB_ALIAS].close()


def start_tending() -> Tender | None:
    """For the server shells. Where nothing is kept there is nothing to tend."""
    store = the_store()
    if not store.is_on:
        return None
    if store.facade:
        store.facade.open()
    tender = Tender(store)
    tender.start()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: begin_again(store))
    return tender


def begin_again(store: Store) -> None:
    store.leave_to_parent()
    Tender(store).start()
