"""The words that differ between two versions, as readers may see them: only what they read, and only near the change."""

from __future__ import annotations

from articles import richtext
from site_config.lib.diff import SAME, Piece, line_diff

MOST = 4000
"""Characters of changed passages that readers are shown."""
AROUND = 80
"""Unchanged characters before and after a change."""
READ = {"title": "Title", "subtitle": "Subtitle", "summary": "Summary", "body": "Text"}

Shown = list[tuple[str, list[list[Piece]]]]
"""For each field its name and its changed lines, in pieces; what JSON makes of it reads the same."""


class TooMuch(ValueError):
    """More changed than anybody would read; the text says how much."""


def changed_words(before: dict, after: dict) -> Shown:
    """Of two snapshots (see revisions.FIELDS). Raises TooMuch."""
    found = []
    for name, label in READ.items():
        lines = line_diff(lines_of(before, name), lines_of(after, name))
        changed = [abridged(line.pieces) for line in lines if line.kind != SAME]
        if changed:
            found.append((label, changed))
    length = sum(len(piece.text) for _, lines in found for line in lines for piece in line)
    if length > MOST:
        raise TooMuch(f"The changed passages have {length:,} characters, and readers are shown {MOST:,} at most.")
    return found


def lines_of(data: dict, name: str) -> list[str]:
    text = str(data.get(name) or "")
    return (richtext.plain_text(text) if name == "body" else text).splitlines()


def abridged(pieces: list[Piece]) -> list[Piece]:
    """A changed line without what is far from the changes."""
    last = len(pieces) - 1
    return [
        Piece(kind, near(text, is_first=place == 0, is_last=place == last)) if kind == SAME else Piece(kind, text)
        for place, (kind, text) in enumerate(pieces)
    ]


def near(text: str, *, is_first: bool, is_last: bool) -> str:
    """The ends of an unchanged text that touch a change, cut between words."""
    if len(text) <= AROUND * ((not is_first) + (not is_last)):
        return text
    head = "" if is_first else text[:AROUND].rpartition(" ")[0] + " "
    tail = "" if is_last else " " + text[-AROUND:].partition(" ")[2]
    return f"{head}…{tail}"
