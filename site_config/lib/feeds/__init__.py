"""Feeds in three formats, from one description: Atom (RFC 4287, with RFC 4685 and 5005), RSS 2.0, JSON Feed 1.1.

All addresses are absolute; texts are plain, `html` is safe. What XML cannot hold is left out.
"""

from __future__ import annotations

from collections.abc import Callable

from site_config.lib.addresses import path_to
from site_config.lib.feeds.atom import atom
from site_config.lib.feeds.json_feed import json_feed
from site_config.lib.feeds.records import ATOM, JSON, RSS, TYPES, Answered, Enclosure, Entry, Feed, Person
from site_config.lib.feeds.rss import rss

KINDS: dict[str, Callable[[Feed], str]] = {ATOM: atom, RSS: rss, JSON: json_feed}

__all__ = ["ATOM", "JSON", "KINDS", "RSS", "TYPES", "Answered", "Enclosure", "Entry", "Feed", "Person", "path_of", "write"]


def write(feed: Feed, kind: str) -> tuple[str, str]:
    """The feed in one of KINDS, and its media type."""
    return KINDS[kind](feed), f"{TYPES[kind]}; charset=utf-8"


def path_of(route: tuple[str | int, ...], kind: str) -> str:
    """The path of a feed in one of KINDS; `route` is the name of its view and the arguments. Atom's has no ending."""
    return path_to(str(route[0]), *route[1:], *(() if kind == ATOM else (kind,)))
