"""Pieces of the article page that follow from a few plain values: drawn once for the same values in a process."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from articles import reading, seo, share
from articles.related import Near

Entries = tuple[tuple[str, str, "Entries"], ...]
MOST = 256


@lru_cache(maxsize=MOST)
def end(
    shared: share.Shared | None, tags: tuple[reading.Subject, ...], services: tuple[str, ...], near: tuple[Near, ...] = ()
) -> str:
    """The foot of an article: its tags, the links to share it (none for what has no public address), what is close to it."""
    links = share.links(shared, list(services)) if shared else []
    context = {"shared": shared, "tags": tags, "near": near, "share_links": links}
    return render_to_string("articles/_end.html", context)


class Head(NamedTuple):
    """What the head of an article tells machines. `replies` is the feed of what is said about it, `twin` its Markdown."""

    shared: share.Shared
    image: seo.Image | None
    language: str
    published: datetime | None
    modified: datetime | None
    authors: tuple[str, ...]
    tags: tuple[reading.Subject, ...]
    replies: str
    twin: str


@lru_cache(maxsize=MOST)
def machines(head: Head) -> str:
    """Canonical address, alternates, Open Graph."""
    context = {"head": head, "site_name": settings.SITE_NAME, "locale": seo.locale_of(head.language)}
    return render_to_string("articles/_machines.html", context)


def contents(entries: list[dict]) -> str:
    """The list of an article's parts, as `richtext.render()` gives them; '' for two or fewer."""
    return _contents(frozen(entries)) if len(entries) > 2 else ""


def frozen(entries: list[dict]) -> Entries:
    return tuple((entry["id"], entry["text"], frozen(entry["inner"])) for entry in entries)


@lru_cache(maxsize=MOST)
def _contents(entries: Entries) -> str:
    return render_to_string("articles/_contents.html", {"contents": entries})
