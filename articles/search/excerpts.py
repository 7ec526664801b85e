"""Excerpts: the stretch of a text in which most of what was looked for stands, with that marked."""

from __future__ import annotations

from typing import NamedTuple

from articles.search.words import Found, places

AROUND = 240
BEFORE = 60


class Piece(NamedTuple):
    text: str
    is_match: bool


def marked(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """The whole text in pieces."""
    return cut(text, 0, len(text), places(text, wanted))


def excerpt(text: str, wanted: frozenset[str], *, length: int = AROUND) -> tuple[Piece, ...]:
    """About `length` letters round the best match, cut between words; the beginning where nothing matches."""
    found = places(text, wanted)
    start, end = window(text, found, length)
    pieces = cut(text, start, end, found)
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    return tuple(piece for piece in (Piece(lead, False), *pieces, Piece(tail, False)) if piece.text)


def window(text: str, found: list[Found], length: int) -> tuple[int, int]:
    """Where the excerpt begins and ends."""
    first = best(found, length - BEFORE)
    start = max(0, first - BEFORE)
    if start:
        start = next((at + 1 for at in range(start, first) if text[at].isspace()), start)
    end = min(len(text), start + length)
    if end < len(text):
        end = next((at for at in range(end, max(end - 40, start), -1) if text[at].isspace()), end)
    return start, end


def best(found: list[Found], length: int) -> int:
    """Where the stretch of this length begins that has the most different tokens, then the most places. One pass."""
    counts: dict[str, int] = {}
    best, most, left = 0, (0, 0), 0
    for right, place in enumerate(found):
        counts[place.token] = counts.get(place.token, 0) + 1
        while place.end - found[left].start > length:
            counts[found[left].token] -= 1
            if not counts[found[left].token]:
                del counts[found[left].token]
            left += 1
        if (score := (len(counts), right - left)) > most:
            best, most = found[left].start, score
    return best or (found[0].start if found else 0)


def cut(text: str, start: int, end: int, found: list[Found]) -> tuple[Piece, ...]:
    pieces, at = [], start
    for place in sorted(found):
        if place.start >= at and place.end <= end:
            pieces += [Piece(text[at : place.start], False), Piece(text[place.start : place.end], True)]
            at = place.end
    pieces.append(Piece(text[at:end], False))
    return tuple(piece for piece in pieces if piece.text)
