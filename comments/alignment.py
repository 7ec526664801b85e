"""Where words of one text stand in another that has changed: an index of its words, and their longest common order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

# Scripts that put no spaces between words: there each letter counts as a word.
DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{DENSE}]|[^\W_{DENSE}]+")
IS_DENSE = re.compile(f"[{DENSE}]")
SHORT = 3
COMMON = 60
"""Pairs of words that stand in a text more often than this say nothing about where a passage is."""
RARE = 12
MOST_PLACES = 2
GAP = 0.2
"""What each word that stands between two matches costs, where a match of a word is worth 1."""


Pair = tuple[int, int]
"""The number of a word in the quotation, and that of the same word in the text."""


def words_of(text: str) -> list[str]:
    """The words of a text in order; two ways of composing a letter are one."""
    return WORD.findall(text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text))


@lru_cache(maxsize=4096)
def weight(word: str) -> float:
    """A short word is found anywhere, so it counts half; one letter of a script without spaces counts whole."""
    return 0.5 if len(word) <= SHORT and not IS_DENSE.match(word) else 1.0


class Index:
    """The words of a text, and where each, and each two together, stand. Each list is made when it is first needed."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        return [found[0] for found in WORD.finditer(self.text)]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in WORD.finditer(self.text)]

    @cached_property
    def singles(self) -> dict[str, list[int]]:
        return places_of(self.words)

    @cached_property
    def doubles(self) -> dict[tuple[str, str], list[int]]:
        return places_of(pairwise(self.words))

    def windows(self, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The few stretches of the text where most of the words stand in about this order, the likeliest first."""
        width = max(8, len(wanted) // 2)
        least = max(2, len(wanted) // 12)
        votes = votes_of(pairwise(wanted), self.doubles, width, COMMON)
        if max(votes.values(), default=0) < 2 * least:
            votes += votes_of(wanted, self.singles, width, RARE)
        both = {step: votes[step] + votes[step + 1] for first in list(votes) for step in (first - 1, first)}
        least = max(least, max(both.values(), default=0) // 2)
        room = len(wanted) // 4 + 6
        taken: set[int] = set()
        for step in sorted(both, key=lambda step: (-both[step], step)):
            if both[step] < least or len(taken) == MOST_PLACES:
                return
            if step - 1 not in taken and step + 1 not in taken:
                taken.add(step)
                yield max(0, step * width - room), max(0, (step + 2) * width + len(wanted) + room)


def votes_of(things: Iterable, places: Mapping[Any, list[int]], width: int, most: int) -> Counter[int]:
    """For each beginning in the text that the things speak for, in steps of `width`, how many do; those that stand in more
    than `most` places say nothing."""
    get = places.get
    return Counter(
        (place - number) // width
        for number, thing in enumerate(things)
        if (found := get(thing)) and len(found) <= most
        for place in found
    )


def places_of(things: Iterable) -> dict:
    """For each of the things, at which numbers it stands."""
    places: dict = {}
    for number, thing in enumerate(things):
        places.setdefault(thing, []).append(number)
    return places


def common(wanted: Sequence[str], there: Sequence[str]) -> list[Pair]:
    """A longest common subsequence of words, as pairs of numbers.

    Bit by bit in whole numbers (Hyyrö, 'Bit-parallel LCS-length computation revisited', 2004): one step for each word
    that is there, whatever the length of the quotation.
    """
    masks: dict[str, int] = {}
    for number, word in enumerate(wanted):
        masks[word] = masks.get(word, 0) | 1 << number
    full = (1 << len(wanted)) - 1
    get = masks.get
    state, states = full, []
    for word in there:
        found = state & get(word, 0)
        state = ((state + found) | (state - found)) & full
        states.append(state)
    pairs, column, row = [], len(wanted), len(there)
    while row and column:
        bit = 1 << (column - 1)
        if states[row - 1] & bit:
            column -= 1
            continue
        row -= 1
        if not row or states[row - 1] & bit:
            column -= 1
            pairs.append((column, row))
    return pairs[::-1]


def densest(pairs: Sequence[Pair], weights: Sequence[float]) -> Sequence[Pair]:
    """The run of pairs that is worth most, gaps counted against it: words that match far off by chance fall away."""
    best, most = (0, 0), 0.0
    start, worth = 0, 0.0
    for number, (column, row) in enumerate(pairs):
        if number:
            worth -= GAP * (max(column - pairs[number - 1][0], row - pairs[number - 1][1]) - 1)
        if worth <= 0:
            start, worth = number, 0.0
        worth += weights[column]
        if worth > most:
            best, most = (start, number + 1), worth
    return pairs[best[0] : best[1]]
