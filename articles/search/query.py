"""What people type into the search field, understood. Nothing they type is an error.

`two words` must both be there, `"a phrase"` as it stands, `-word` and `-"a phrase"` not; `tag:energy`, `author:"Ada L"`,
`since:2024-05`, `until:2025` narrow it down, `-tag:energy` and `-author:ada` leave out. A term that cannot be understood is
looked for as words; of a day, that is said.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from datetime import date
from typing import NamedTuple

from articles.search.words import tokens
from site_config.lib.text import one_line

LONGEST = 400
MOST_TERMS = 24
MOST_NAMED = 4
KEYS = {"tag": "tags", "author": "authors", "by": "authors", "since": "since", "from": "since", "until": "until", "to": "until"}
PIECE = re.compile(r'(?P<no>-?)(?:(?P<key>[a-z]{2,8}):)?(?:["“„«](?P<phrase>[^"“”„«»]*)["”“»]?|(?P<word>[^\s"“”„«»]+))', re.I)
DAYLESS = re.compile(r"(?:since|until):", re.I)
"""As in `since: 2024`, which is two words."""
DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


class Term(NamedTuple):
    """Words to find side by side: `tokens` are what the index calls them, `text` is as it was typed."""

    tokens: tuple[str, ...]
    text: str
    is_phrase: bool = False


class Query(NamedTuple):
    """`since` and `until` are the first and the last day; `no_days` what was typed for one and is none.

    What is found has all of `tags` and `authors`, and none of `no_tags` and `no_authors`.
    """

    text: str
    must: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()
    no_authors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    no_days: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.must or self.tags or self.authors or self.since or self.until)

    @property
    def wanted(self) -> frozenset[str]:
        """The tokens that excerpts mark."""
        return frozenset(token for term in self.must for token in term.tokens)


def parse(text: str) -> Query:
    """Understands at most LONGEST characters and MOST_TERMS terms of them. Never raises."""
    line = one_line(text[: LONGEST * 4])[:LONGEST]
    found: dict[str, list] = defaultdict(list)
    for piece in PIECE.finditer(line):
        put(found, piece)
    return Query(
        line,
        must=tuple(found["must"][:MOST_TERMS]),
        without=tuple(found["without"][:MOST_TERMS]),
        tags=tuple(found["tags"][:MOST_NAMED]),
        authors=tuple(found["authors"][:MOST_NAMED]),
        no_tags=tuple(found["no_tags"][:MOST_NAMED]),
        no_authors=tuple(found["no_authors"][:MOST_NAMED]),
        since=max(found["since"], default=None),
        until=min(found["until"], default=None),
        no_days=tuple(dict.fromkeys(found["no_days"]))[:MOST_NAMED],
    )


def put(found: dict[str, list], piece: re.Match[str]) -> None:
    """Adds one piece to what it is."""
    words = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    kind = KEYS.get((piece["key"] or "").lower())
    if kind in {"tags", "authors"} and words.strip():
        found[f"no_{kind}" if piece["no"] else kind].append(words.strip())
    elif kind in {"since", "until"} and not piece["no"] and (day := day_of(words, is_last=kind == "until")):
        found[kind].append(day)
    else:
        if (kind in {"since", "until"} and not piece["no"]) or DAYLESS.fullmatch(piece[0]):
            found["no_days"].append(piece[0])
        whole = f"{piece['key']} {words}" if piece["key"] else words
        if cut := tuple(tokens(whole))[:MOST_TERMS]:
            is_phrase = piece["phrase"] is not None
            found["without" if piece["no"] else "must"].append(Term(cut, whole, is_phrase))


def day_of(words: str, *, is_last: bool) -> date | None:
    """The first day of '2024', '2024-05' or '2024-05-17', or the last; None for what is no day."""
    match = DAY.fullmatch(words.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        month = month or (12 if is_last else 1)
        return date(year or 0, month, day or (calendar.monthrange(year or 0, month)[1] if is_last else 1))
    except (ValueError, calendar.IllegalMonthError):
        return None
