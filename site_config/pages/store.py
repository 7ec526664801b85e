"""Keeps rendered public pages whole, in this process's memory and as files, and knows exactly when one no longer holds."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError

from site_config.pages import encoding, gone
from site_config.pages.epoch import epoch
from site_config.pages.facade import Facade
from site_config.pages.freshness import Freshness, made_freshness
from site_config.pages.kept import Headers, Kept, Variant
from site_config.pages.shelf import Key, Shelf
from site_config.pages.turns import Turns

logger = logging.getLogger(__name__)

AWAY = 'masthead; hit; detail="the database is away"'
MOST_WAITING = 1000
RECENT = 1.0
"""A page that was used within so many seconds need not be moved to the end of the line again."""


class Drawn(NamedTuple):
    """A page that was just drawn: its whole headers, plain body, subjects with their generations in the snapshot that it
    was drawn from, and the seconds of the clock it holds between."""

    headers: Headers
    body: bytes
    subjects: tuple[str, ...]
    generations: tuple[int, ...]
    began_at: float
    ends_at: float


@dataclass
class Store:
    """Pages by key, the least recently used dropped from memory once `most` bytes are kept there.

    Without `freshness` nothing can be kept. Without `shelf` there is memory only. `facade` is for a proxy.
    """

    most: int
    freshness: Freshness | None
    shelf: Shelf | None = None
    salt: str = ""
    facade: Facade | None = None

    def __post_init__(self) -> None:
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()
        self.turns = Turns(self.shelf.root / "turns" if self.shelf else None)
        self.away = ""
        self.in_a_hurry: deque[tuple[Key, Kept]] = deque(maxlen=MOST_WAITING)

    @property
    def is_on(self) -> bool:
        return self.freshness is not None and self.most > 0

    @property
    def check(self) -> str:
        """How a hit knows that it holds: 'counters', 'data_version', or 'off'."""
        return self.freshness.name if self.freshness and self.most else "off"

    def find(self, key: Key) -> Kept | None:
        """The page, if it still holds: no subject of it changed, its end has not come, the clock did not go back."""
        page = self.pages.get(key)
        if page is None:
            return None
        now = time.time()
        if not page.kept_at <= now < page.ends_at:
            self.drop(key, page)
            return None
        try:
            holds = self.freshness.holds(page)  # type: ignore[union-attr]
        except DatabaseError:
            return None
        if not holds:
            self.drop(key, page)
            return None
        if not -RECENT < now - page.used_at < RECENT:
            self._use(key, page, now)
        return page

    def fetch(self, key: Key) -> Kept | None:
        """The page from its file, if it still holds; then it is in memory again. Raises DatabaseError."""
        page = self.shelf.load(key) if self.shelf else None
        if page is None or self.freshness is None or not page.kept_at <= time.time() < page.ends_at:
            return None
        if not self.freshness.holds(page):
            return None
        self._put(key, page)
        if not page.is_polished:  # its writer will polish its own, but this process goes on with this one
            self.in_a_hurry.append((key, page))
        return page

    def vary(self, page: Kept, coding: str) -> Variant:
        """The page in a coding that nobody has asked for yet. Up to a millisecond."""
        made = page.variant(coding)
        with self.lock:
            self._charge(page)
            self._make_room()
        return made

    def stale(self, key: Key) -> Kept | None:
        """The page as it was, for when the database cannot be asked; None if it shows what is gone, or may be ahead of
        the clock."""
        page = self.pages.get(key) or (self.shelf.load(key) if self.shelf else None)
        if page is None or page.kept_at > time.time() or not gone.may_be_shown(page.subjects, page.generations):
            return None
        return page

    def made(self, drawn: Drawn, coding: str) -> Kept:
        """The page in one coding, pressed in a hurry, not kept yet."""
        page = Kept(
            headers=drawn.headers,
            digest=encoding.digest_of(drawn.body, self.salt),
            subjects=drawn.subjects,
            generations=drawn.generations,
            kept_at=drawn.began_at,
            ends_at=drawn.ends_at,
        )
        coding = coding or "gzip"
        page.add(coding, encoding.encode(drawn.body, coding, in_a_hurry=True), in_a_hurry=True)
        return page

    def keep(self, key: Key, page: Kept) -> bool:
        """Keeps a page that was just drawn, unless one of its subjects has changed since its snapshot."""
        try:
            if self.freshness is None or not self.freshness.holds(page):
                return False
        except DatabaseError:
            return False
        if page.size > self.most // 4:
            return False
        self._put(key, page)
        self.in_a_hurry.append((key, page))
        if self.shelf:
            self.shelf.put(key, page)
        return True

    def polish(self, key: Key, page: Kept) -> None:
        """Compresses a page well, if it is still kept."""
        if page.is_polished or self.pages.get(key) is not page:
            return
        page.polish()
        with self.lock:
            self._charge(page)
            self._make_room()
        if self.shelf:
            self.shelf.put(key, page)

    def is_away(self) -> bool:
        """Whether the database cannot be asked. Asks it once more where it did not answer a moment ago: a page as it was is
        shown only if there is no way to know better."""
        if self.freshness is None or not (self.away or self.freshness.observer.is_resting):
            return False
        if not self.freshness.observer.answers():
            return True
        self.note_trouble("")
        return False

    def note_trouble(self, trouble: str) -> None:
        """Has every answer say so while the database is away."""
        if bool(trouble) != bool(self.away):
            logger.warning("The database is away (%s): kept pages are served.", trouble) if trouble else logger.warning(
                "The database is back."
            )
        self.away = AWAY if trouble else ""

    def leave_to_parent(self) -> None:
        """To be called in a process that was forked off: another thread may have held a lock at that moment."""
        self.lock = threading.Lock()
        self.turns = Turns(self.turns.path)
        if self.freshness:
            self.freshness.observer.leave_to_parent()

    def drop(self, key: Key, page: Kept | None = None) -> None:
        """Forgets what is kept under this key; if `page` is given, only that."""
        with self.lock:
            if page is None or self.pages.get(key) is page:
                self._drop(key)

    def clear(self) -> None:
        with self.lock:
            while self.pages:
                self._drop(next(iter(self.pages)))

    def _put(self, key: Key, page: Kept) -> None:
        page.used_at = time.time()
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            page.is_held = True
            self._charge(page)
            self._make_room()

    def _charge(self, page: Kept) -> None:
        """Counts what the page takes now, if it is held."""
        if page.is_held:
            size = page.size
            self.size += size - page.charged
            page.charged = size

    def _use(self, key: Key, page: Kept, now: float) -> None:
        page.used_at = now
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)

    def _make_room(self) -> None:
        while self.size > self.most and self.pages:
            self._drop(next(iter(self.pages)))

    def _drop(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.charged
            page.charged, page.is_held = 0, False


@cache
def the_store() -> Store:
    """This process's store by the settings, made when it is first asked for."""
    freshness = made_freshness() if settings.PAGE_STORE_BYTES else None
    if freshness is None:
        return Store(0, None)
    shelf = Shelf(settings.DATA_DIR / "pages", epoch(), settings.PAGE_FILES_BYTES) if settings.PAGE_FILES_BYTES else None
    if shelf:
        prepare(shelf.root)
    facade = Facade(settings.PAGE_FACADE, epoch()) if settings.PAGE_FACADE else None
    return Store(settings.PAGE_STORE_BYTES, freshness, shelf, epoch(), facade)


def prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        logger.warning("The folder %s cannot be made (%s): pages are kept in memory only.", folder.name, error.strerror)
