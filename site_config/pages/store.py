"""Keeps rendered public pages in this process's memory, whole, and knows exactly when one no longer holds."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError

from site_config.pages import encoding
from site_config.pages.observer import Observer

Key = tuple[str, tuple[tuple[str, str], ...]]
CODINGS = ("", "gzip", "br")
LONGEST_WAIT = 10.0
MADE_ANEW = {"content-encoding", "content-length", "etag", "vary"}


class Variant(NamedTuple):
    """A page in one coding."""

    tag: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Kept:
    """A page as it was drawn, with what it depends on and the generations that were read before it was drawn."""

    variants: dict[str, Variant]
    subjects: tuple[str, ...]
    generations: tuple[int, ...]
    kept_at: float
    ends_at: float
    size: int


class Drawn(NamedTuple):
    """A page that was just drawn: its whole headers, plain body, subjects, and the seconds of the clock it holds between."""

    headers: list[tuple[str, str]]
    body: bytes
    subjects: frozenset[str]
    began_at: float
    ends_at: float


@dataclass
class Store:
    """Pages by (path, known query), the least recently used dropped once `most` bytes are kept."""

    most: int
    observer: Observer | None
    pages: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    drawing: dict[Key, threading.Event] = field(default_factory=dict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_on(self) -> bool:
        return self.observer is not None and self.most > 0

    def moment(self) -> int | None:
        """To be taken before a page is drawn; None while nothing can be kept."""
        if self.observer is None or not self.most:
            return None
        try:
            return self.observer.moment()
        except DatabaseError:
            return None

    def find(self, key: Key) -> Kept | None:
        """The page, if it still holds: no subject of it changed, its end has not come, the clock did not go back."""
        page = self.pages.get(key)
        if page is None or self.observer is None:
            return None
        try:
            holds = self.observer.generations(page.subjects) == page.generations
        except DatabaseError:
            return None
        if not holds or not page.kept_at <= time.time() < page.ends_at:
            self.drop(key)
            return None
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
        return page

    def keep(self, key: Key, drawn: Drawn, moment: int) -> bool:
        """Keeps a page, unless anything at all was committed since `moment`, which was taken before it was drawn."""
        if self.observer is None:
            return False
        subjects = tuple(sorted(drawn.subjects))
        try:
            generations = self.observer.generations(subjects)
            if self.observer.moment() != moment:
                return False
        except DatabaseError:
            return False
        variants = {coding: variant(drawn, coding) for coding in CODINGS}
        size = sum(len(made.body) for made in variants.values()) + 2000
        if size > self.most // 4:
            return False
        page = Kept(variants, subjects, generations, drawn.began_at, drawn.ends_at, size)
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.size += size
            while self.size > self.most:
                self._drop(next(iter(self.pages)))
        return True

    @contextmanager
    def turn(self, key: Key) -> Iterator[bool]:
        """True for whoever may draw this page now; the others wait until that is done and then get False."""
        with self.lock:
            done = self.drawing.get(key)
            if is_first := done is None:
                done = self.drawing[key] = threading.Event()
        if not is_first:
            done.wait(LONGEST_WAIT)
            yield False
            return
        try:
            yield True
        finally:
            with self.lock:
                del self.drawing[key]
            done.set()

    def drop(self, key: Key) -> None:
        with self.lock:
            self._drop(key)

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.size = 0

    def _drop(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.size


def variant(drawn: Drawn, coding: str) -> Variant:
    tag = encoding.entity_tag(drawn.body, coding)
    body = encoding.encode(drawn.body, coding)
    headers = [pair for pair in drawn.headers if pair[0].lower() not in MADE_ANEW]
    headers += [("Vary", "Accept-Encoding"), ("ETag", tag), ("Content-Length", str(len(body)))]
    if coding:
        headers.append(("Content-Encoding", coding))
    return Variant(tag, headers, body)


def made() -> Store:
    """This process's store by the settings. Only SQLite can be observed so far: elsewhere nothing is kept."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3") or not settings.PAGE_STORE_BYTES:
        return Store(0, None)
    return Store(settings.PAGE_STORE_BYTES, Observer(Path(database["NAME"])))


store = made()
