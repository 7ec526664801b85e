"""What changed between two texts: line by line, and in a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORD = re.compile(r"\w+")
MOST_WORK = 4_000_000
ALIKE = 0.5

SAME, GONE, NEW = "same", "gone", "new"


class Piece(NamedTuple):
    """A run of text that both have (SAME), only the older one (GONE), or only the newer one (NEW)."""

    kind: str
    text: str


class Line(NamedTuple):
    """A line of either text or of both; `kind` is SAME, GONE, NEW, or "changed" for one that was reworded."""

    kind: str
    pieces: list[Piece]

    @property
    def before(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != NEW]

    @property
    def after(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != GONE]


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of which all but the new ones make up `before`, and all but the gone ones `after`.

    Tokens are words, single signs, and runs of space. A changed word touches that token alone. Costs about
    1 ms for each 100 changed words in a row; runs that are too different for it are given whole.
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    pieces: list[Piece] = []
    for kind, text in tidied(token_runs(old, new)):
        if text and pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, pieces[-1].text + text)
        elif text:
            pieces.append(Piece(kind, text))
    return pieces


def token_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(gone, new, same) texts in turn. What both begin and end with is found first, so that a single change is one."""
    start = common(old, new)
    end = common(old[start:][::-1], new[start:][::-1])
    yield "", "", "".join(old[:start])
    tail = "".join(old[len(old) - end :])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    here = there = 0
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for one, other, length in matcher.get_matching_blocks() if len(old) * len(new) <= MOST_WORK else ():
        yield "".join(old[here:one]), "".join(new[there:other]), "".join(old[one : one + length])
        here, there = one + length, other + length
    yield "".join(old[here:]), "".join(new[there:]), tail


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def tidied(runs: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Pieces in reading order. Space alone between two replaced runs belongs to both: they read as one."""
    gone = new = ""
    for run_gone, run_new, same in runs:
        gone, new = gone + run_gone, new + run_new
        if same.isspace() and gone and new:
            gone, new = gone + same, new + same
            continue
        if same:
            yield from settled(gone, new)
            yield SAME, same
            gone = new = ""
    yield from settled(gone, new)


def settled(gone: str, new: str) -> Iterator[tuple[str, str]]:
    """The space at the end of both is the same again."""
    space = gone[len(gone.rstrip()) :]
    space = space if new.endswith(space) else ""
    yield GONE, gone.removesuffix(space)
    yield NEW, new.removesuffix(space)
    yield SAME, space


def line_diff(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """All lines of both, in order. Costs some milliseconds for texts of a thousand lines."""
    lines: list[Line] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(SAME, [Piece(SAME, line)]) for line in before[i:j]]
        else:
            lines += reworded(before[i:j], after[k:m])
    return lines


def reworded(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Pairs each line with the next one that shares most of its words; the others came or went."""
    place = 0
    for line in before:
        found = next((index for index in range(place, len(after)) if alike(line, after[index])), None)
        if found is None:
            yield Line(GONE, [Piece(GONE, line)])
            continue
        yield from (Line(NEW, [Piece(NEW, other)]) for other in after[place:found])
        yield Line("changed", word_diff(line, after[found]))
        place = found + 1
    yield from (Line(NEW, [Piece(NEW, other)]) for other in after[place:])


def alike(one: str, other: str) -> bool:
    """Whether the shorter of the two has at least half of its words from the other."""
    words, others = set(WORD.findall(one)), set(WORD.findall(other))
    return len(words & others) >= ALIKE * max(1, min(len(words), len(others)))
