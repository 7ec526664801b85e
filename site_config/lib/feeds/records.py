"""What a feed says, whatever its format. Plain values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

ATOM, RSS, JSON = "atom", "rss", "json"
TYPES = {ATOM: "application/atom+xml", RSS: "application/rss+xml", JSON: "application/feed+json"}
NEVER = datetime(2025, 1, 1, tzinfo=UTC)
"""When a feed without entries was updated: Atom wants a moment, and an empty feed does not change."""


class Person(NamedTuple):
    name: str
    url: str = ""


class Enclosure(NamedTuple):
    """A file that goes with an entry; `length` in bytes, as the server sends it."""

    url: str
    type: str
    length: int


class Answered(NamedTuple):
    """What an entry is a reply to: the id and the address that it has in a feed of its own."""

    id: str
    url: str


class Entry(NamedTuple):
    """`replies` is the address of the feed of what was said about it, `talk` of the page where that stands."""

    id: str
    url: str
    title: str
    html: str
    published: datetime
    updated: datetime
    summary: str = ""
    authors: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    enclosure: Enclosure | None = None
    replies: str = ""
    talk: str = ""
    reply_count: int = 0
    answers: Answered | None = None


class Feed(NamedTuple):
    """`url` is the page that it is the feed of, `address` its own, `next` that of the part with older entries."""

    id: str
    title: str
    url: str
    address: str
    language: str
    entries: list[Entry]
    subtitle: str = ""
    author: Person | None = None
    icon: str = ""
    next: str = ""
    as_of: datetime = NEVER
    """When it was updated, if it has no entries."""

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=self.as_of)
