"""What a reader yields and the loader takes: plain values, nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


class BadRecord(ValueError):
    """One record cannot be read; the text names it and says what is wrong. The rest goes on."""


@dataclass(frozen=True)
class PictureRecord:
    """A picture beside the text: the file, and the words that go with it."""

    file: Path
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True)
class CorrectionRecord:
    """What was wrong in a published article and what is right, and when that was said."""

    date: datetime
    text: str


@dataclass(frozen=True)
class ArticleRecord:
    """An article or plain page. `body` is HTML in which pictures are named by their `src` in `pictures`; `feed_id` is the id
    by which feed readers know it already, '' where none does.
    """

    source_id: str
    digest: str
    title: str
    body: str
    kind: str = "article"
    subtitle: str = ""
    summary: str = ""
    slug: str = ""
    language: str = "en"
    canonical_url: str = ""
    feed_id: str = ""
    date: datetime | None = None
    draft: bool = False
    bylines: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lead: PictureRecord | None = None
    pictures: dict[str, PictureRecord] = field(default_factory=dict)
    corrections: tuple[CorrectionRecord, ...] = ()
