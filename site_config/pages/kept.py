"""A page as it is kept: its bytes in the codings that were asked for, its headers, and what it depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from site_config.pages import encoding
from site_config.pages.counters import Stamp

Headers = list[tuple[str, str]]
FRAME = 1500
"""Bytes that a page takes beside its bodies, about."""
MADE_ANEW = {"content-encoding", "content-length", "etag", "vary"}
SAID_AGAIN = {"cache-control", "content-location", "date", "expires", "link", "last-modified"}
"""What a 304 repeats (RFC 9110, 15.4.5), with ETag and Vary."""


class Answer(NamedTuple):
    """A whole response: status, headers as (name, value) pairs of text, body."""

    status: int
    headers: Headers
    body: bytes


class Variant(NamedTuple):
    """A page in one coding: the answer for who has nothing, and the one for who has it already."""

    tag: str
    whole: Answer
    unchanged: Answer

    def unless(self, had: str) -> Answer:
        """What is sent to who says by If-None-Match what they have."""
        tag = encoding.matching(had, self.tag)
        if not tag:
            return self.whole
        if tag == self.tag:
            return self.unchanged
        headers = [pair if pair[0] != "ETag" else ("ETag", tag) for pair in self.unchanged.headers]
        return self.unchanged._replace(headers=headers)


@dataclass(slots=True)
class Kept:
    """`generations` are those of `subjects` in the snapshot that the page was drawn from, between the seconds of the clock
    `kept_at` and `ends_at` it holds by itself, `stamp` is what the counters said when it was last checked. The
    store notes in `is_held` and `charged` whether it counts the page's size, and which."""

    headers: Headers
    digest: str
    subjects: tuple[str, ...]
    generations: tuple[int, ...]
    kept_at: float
    ends_at: float
    variants: dict[str, Variant] = field(default_factory=dict)
    stamp: Stamp | None = None
    is_polished: bool = False
    used_at: float = 0.0
    is_held: bool = False
    charged: int = 0

    @property
    def size(self) -> int:
        return FRAME + sum(len(variant.whole.body) for variant in list(self.variants.values()))

    def add(self, coding: str, body: bytes, *, in_a_hurry: bool) -> Variant:
        """Takes `body`, already in that coding, as what is sent to who wants it."""
        made = variant(self.headers, self.digest, coding, body, in_a_hurry=in_a_hurry)
        self.variants[coding] = made
        return made

    def plain(self) -> bytes:
        """The body without any coding. About 0.2 ms."""
        coding, found = list(self.variants.items())[0]  # noqa: RUF015 (another thread may add one)
        return encoding.decode(found.whole.body, coding)

    def variant(self, coding: str) -> Variant:
        """In the coding wanted; made at once where it was not asked for yet. Without coding it is not kept."""
        found = self.variants.get(coding)
        if found is not None:
            return found
        body = self.plain()
        if not coding:
            return variant(self.headers, self.digest, "", body)
        pressed = encoding.encode(body, coding, in_a_hurry=True)
        # Another thread may have polished the page meanwhile.
        return self.variants.setdefault(coding, variant(self.headers, self.digest, coding, pressed, in_a_hurry=True))

    def polish(self) -> None:
        """Compresses well what was pressed in a hurry. About 4 ms, in which other threads run."""
        body = self.plain()
        for coding in encoding.CODINGS:
            self.add(coding, encoding.encode(body, coding), in_a_hurry=False)
        self.is_polished = True


def variant(headers: Headers, digest: str, coding: str, body: bytes, *, in_a_hurry: bool = False) -> Variant:
    tag = encoding.entity_tag(digest, coding, in_a_hurry=in_a_hurry)
    own = [("Vary", "Accept-Encoding"), ("ETag", tag)]
    kept = [pair for pair in headers if pair[0].lower() not in MADE_ANEW]
    whole = [*kept, *own, ("Content-Length", str(len(body)))]
    if coding:
        whole.append(("Content-Encoding", coding))
    again = [pair for pair in kept if pair[0].lower() in SAID_AGAIN]
    return Variant(tag, Answer(200, whole, body), Answer(304, [*again, *own], b""))
