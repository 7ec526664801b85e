"""By what comments resemble each other: the sites that they link to, and texts that are nearly the same.

A text leaves BANDS numbers, by MinHash: two texts share one of them the more likely, the more pairs of neighbouring words
they have in common (1 in 30 with a fifth of them the same, 2 in 5 with half, 19 in 20 with four fifths). See Leskovec,
Rajaraman, Ullman, 'Mining of Massive Datasets', chapter 3; all ROWS × BANDS minima come from one hash of each pair, as in
Li, Owen, Zhang, 'One Permutation Hashing' (2012), so that it is linear in the text: some 50 µs for 40 words.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from django.conf import settings
from django.db import connection

from comments.models import Comment, Trace
from site_config.lib.text import fold

BANDS, ROWS = 4, 3
LETTERS, LONG_WORDS = 4, 12
SHORTEST = 20
"""Letters of a text without its addresses. Shorter ones ('I agree with this') are the same by chance."""
MOST_HOSTS = 20
MOST_ALIKE = 20
"""How many sharers of one number are looked at, the newest."""
ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"()\]]{1,2000}", re.I)
WORD = re.compile(r"[^\W_]+")
SECOND_LEVEL = {"ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"}

Value = tuple[int, int]
"""Kind and number of a trace."""

# Written out: each number has a limit of its own, and Django has no such unions on SQLite.
NEWEST = """SELECT * FROM (SELECT "kind", "value", "comment_id" FROM "comments_trace" WHERE "kind" = %s AND "value" = %s
    ORDER BY "comment_id" DESC LIMIT %s) AS newest"""
SHARERS = """SELECT t."kind", t."value", c."id", c."state", c."created_at" > %s FROM ({}) AS t
    JOIN "comments_comment" AS c ON c."id" = t."comment_id\""""


@lru_cache(maxsize=32)
def traces(source: str) -> list[Value]:
    """Of a tidied text. Asked before the transaction and in it; nobody changes the list."""
    links = [(int(Trace.Kind.LINK), number_of(host)) for host in foreign_hosts(source)]
    return links + [(int(Trace.Kind.TEXT), number) for number in bands(source)]


# --- links ---------------------------------------------------------------------------------------------------------------


def hosts(source: str) -> list[str]:
    """The site of each link in a text, as it would be registered, in order and as often as linked."""
    return [site for address in ADDRESS.findall(source) if (site := site_of(address))]


def foreign_hosts(source: str) -> list[str]:
    """The sites linked to, each once, without our own; at most MOST_HOSTS."""
    return [host for host in dict.fromkeys(hosts(source)) if host != site_of(settings.SITE_URL)][:MOST_HOSTS]


@lru_cache(maxsize=1000)
def site_of(address: str) -> str:
    """'deals.example' of 'https://WWW.shop.deals.example:80/x?y': the last two labels, three under the likes of co.uk.

    No list of public suffixes is kept: under a suffix of two labels that is not known here, sites are taken for one.
    """
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
        host = host.rstrip(".").encode("idna").decode() if not host.isascii() else host.rstrip(".")
    except (ValueError, UnicodeError):
        return ""
    labels = host.lower().split(".")
    if len(labels) < 2 or all(label.isdigit() for label in labels):
        return host[:253]
    kept = 3 if len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    return ".".join(labels[-kept:])[:253]


# --- text ----------------------------------------------------------------------------------------------------------------


def pieces(source: str) -> set[str]:
    """What is compared of a text: its pairs of neighbouring words, folded, so that marks, spacing and addresses hide
    nothing; groups of LETTERS where words are not parted. None for fewer than SHORTEST letters.
    """
    words = WORD.findall(fold(ADDRESS.sub(" ", source)))
    letters = sum(map(len, words))
    if letters < SHORTEST:
        return set()
    if letters <= LONG_WORDS * len(words):
        return {f"{one} {two}" for one, two in pairwise(words)}
    text = "".join(words)
    return {text[at : at + LETTERS] for at in range(len(text) - LETTERS + 1)}


def bands(source: str) -> list[int]:
    """The numbers of its pieces; none if it has none."""
    least = minima(pieces(source))
    rows = [least[at : at + ROWS] for at in range(0, len(least), ROWS)]
    return [number_of(f"{band}:{row}") for band, row in enumerate(rows)]


def minima(found: set[str]) -> list[int]:
    """The least hash in each of BANDS × ROWS bins; a bin that is empty takes that of the next one that is not."""
    if not found:
        return []
    count = BANDS * ROWS
    hashes = (crc32(piece.encode("utf-8", "replace")) for piece in found)
    least = {number % count: number for number in sorted(hashes, reverse=True)}
    filled, last = [0] * count, least[min(least)]
    for place in reversed(range(count)):
        filled[place] = last = least.get(place, last)
    return filled


def likeness(one: set[str], other: set[str]) -> float:
    """The share of pieces that two texts have in common, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def number_of(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


# --- rows ----------------------------------------------------------------------------------------------------------------


def leave(comment: Comment, values: list[Value]) -> None:
    """Stores the traces of a comment that has none. One query, none for no traces."""
    if not values:
        return
    rows = ", ".join(["(%s, %s, %s)"] * len(values))
    flat = [part for kind, number in values for part in (comment.pk, kind, number)]
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "comments_trace" ("comment_id", "kind", "value") VALUES {rows}', flat)  # noqa: S608


def rewrite(comment: Comment) -> None:
    """Makes the traces those of the text as it is now: after an edit, or none once it is withdrawn. Two queries."""
    comment.traces.all().delete()
    leave(comment, traces(comment.source))


class Sharer(NamedTuple):
    """A comment that has a trace."""

    kind: int
    value: int
    pk: int
    state: str
    is_recent: bool


def sharers(values: list[Value], *, since: datetime, most: int = MOST_ALIKE) -> list[Sharer]:
    """The comments that have one of these traces, for each the newest `most`; `is_recent`: written after `since`.

    One query, none for no values. It reads `most` index entries for each at most, however many there are.
    """
    if not values:
        return []
    branches = " UNION ALL ".join([NEWEST] * len(values))
    flat = [part for kind, number in values for part in (kind, number, most)]
    after = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        cursor.execute(SHARERS.format(branches), [after, *flat])
        return [Sharer(*row[:4], bool(row[4])) for row in cursor.fetchall()]
