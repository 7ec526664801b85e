"""Three versions of a sequence made one: what either side changed is taken, where both changed the same is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Chunk(NamedTuple):
    """A stretch of the merged sequence. In a conflict `mine` and `theirs` differ from each other and from the base;
    everywhere else both are what stands."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]
    is_conflict: bool


def merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Chunk]:
    """The stretches in order (the diff3 of Khanna, Kunal and Pierce, 2007). Time: as difflib's, twice."""
    at = at_mine = at_theirs = 0
    for start, start_mine, start_theirs, length in stable(base, mine, theirs):
        if start > at or start_mine > at_mine or start_theirs > at_theirs:
            yield settle(base[at:start], mine[at_mine:start_mine], theirs[at_theirs:start_theirs])
        if length:
            same = base[start : start + length]
            yield Chunk(same, same, same, False)
        at, at_mine, at_theirs = start + length, start_mine + length, start_theirs + length


def settle(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Chunk:
    if list(mine) == list(theirs) or list(theirs) == list(base):
        return Chunk(base, mine, mine, False)
    if list(mine) == list(base):
        return Chunk(base, theirs, theirs, False)
    return Chunk(base, mine, theirs, True)


def stable(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where all three agree, as (place in base, in mine, in theirs, length); at last an empty one at their ends."""
    in_mine, in_theirs = places(base, mine), places(base, theirs)
    at = 0
    while at < len(base):
        if at not in in_mine or at not in in_theirs:
            at += 1
            continue
        length = 1
        while in_mine.get(at + length) == in_mine[at] + length and in_theirs.get(at + length) == in_theirs[at] + length:
            length += 1
        yield at, in_mine[at], in_theirs[at], length
        at += length
    yield len(base), len(mine), len(theirs), 0


def places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """For each place in `base` that has its like in `other`, which that is."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
