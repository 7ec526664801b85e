"""Pieces of the article page that follow from a few plain values: drawn once for the same values in a process."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string

from articles import share
from articles.reading import Subject

Entries = tuple[tuple[str, str, "Entries"], ...]
MOST = 256


@lru_cache(maxsize=MOST)
def end(shared: share.Shared, tags: tuple[Subject, ...], services: tuple[str, ...]) -> str:
    """The foot of an article: its tags and the links to share it."""
    context = {"shared": shared, "tags": tags, "share_links": share.links(shared, list(services))}
    return render_to_string("articles/_end.html", context)


def contents(entries: list[dict]) -> str:
    """The list of an article's parts, as `richtext.render()` gives them; '' for two or fewer."""
    return _contents(frozen(entries)) if len(entries) > 2 else ""


def frozen(entries: list[dict]) -> Entries:
    return tuple((entry["id"], entry["text"], frozen(entry["inner"])) for entry in entries)


@lru_cache(maxsize=MOST)
def _contents(entries: Entries) -> str:
    return render_to_string("articles/_contents.html", {"contents": entries})
