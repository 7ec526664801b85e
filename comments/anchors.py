"""Passages of a text by their words: W3C text quote selectors, made and found again after the text has changed. Pure.

A passage is found as it stood, with what stood before and after it; else without regard to case and to the kinds of
quotation marks, dashes and spaces; else by its words, most of which must be there in their order. What is short, or
stands more than once, is found by its surroundings.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from comments.alignment import IS_DENSE, WORD, Index, Pair, common, densest, weight, words_of

LONGEST = 600
AROUND = 48
"""About how many characters before and after a passage are kept: whole words, 64 at most."""
FURTHEST = 64
TELLING = 20
"""A passage of as many letters is taken for itself wherever it stands; a shorter one must have its surroundings."""
LIKE_ENOUGH, ALONE = 0.4, 0.65
"""Of 1 for the same words, within half of the same surroundings and without them. In prose of one author on one subject 97
of 100 passages that were cut out with what stood around them find nothing as like as the second; of those in which every
fifth word is another, 97 of 100 are more like than the first."""
SURROUNDED = 0.5
CLEARLY = 0.7
"""As like as this, and as much like it around: nothing better is looked for."""
ALIKE = str.maketrans({
    **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " "),
})  # fmt: skip


class Quote(NamedTuple):
    """The words of a passage, and what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


Span = tuple[int, int]


class Text:
    """A text in which passages are looked for; what that needs is made when it is first needed."""

    def __init__(self, plain: str) -> None:
        self.plain = plain

    @cached_property
    def normal(self) -> str:
        return normal(self.plain)

    @cached_property
    def index(self) -> Index:
        return Index(self.normal)


def normal(text: str) -> str:
    """As long as the text, letter for letter, so that places are the same in both."""
    lowered = text.translate(ALIKE).lower()
    return (
        lowered if len(lowered) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text.translate(ALIKE))
    )


def selector(quote: Quote) -> dict[str, str]:
    return {"type": "TextQuoteSelector", **quote._asdict()}


def describe(text: str, start: int, end: int) -> Quote:
    """The quote of a stretch of text, made to hold whole words and no space at its ends."""
    start, end = whole_words(text, start, end)
    before, after = text[max(0, start - FURTHEST) : start], text[end : end + FURTHEST]
    if len(before) > AROUND and (cut := before.find(" ", 0, len(before) - AROUND)) >= 0:
        before = before[cut + 1 :]
    if len(after) > AROUND and (cut := after.rfind(" ", AROUND)) >= 0:
        after = after[:cut]
    return Quote(text[start:end], before, after)


def without_spaces(text: str, start: int, end: int) -> Span:
    """The same stretch without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def whole_words(text: str, start: int, end: int) -> Span:
    """The same stretch without white space at its ends, and with all of the words of which it has a part."""
    start, end = without_spaces(text, start, end)
    if start == end:
        return start, end
    for word in WORD.finditer(text, max(0, start - FURTHEST), start + FURTHEST):
        if word.start() < start < word.end():
            start = word.start()
    for word in WORD.finditer(text, max(0, end - FURTHEST), end + FURTHEST):
        if word.start() < end < word.end():
            end = word.end()
    return start, end


def find(text: Text, quote: Quote) -> Span | None:
    """Where the passage stands now, or None if it is not there any more."""
    if not WORD.search(quote.exact):
        return None
    if (span := as_it_stood(text.plain, quote)) or (span := as_it_stood(text.normal, Quote(*map(normal, quote)))):
        return span
    return by_words(text, quote)


def as_it_stood(text: str, quote: Quote) -> Span | None:
    """With its surroundings, or alone if it is long enough and stands there once."""
    at = text.find("".join((quote.prefix, quote.exact, quote.suffix)))
    if at >= 0:
        start = at + len(quote.prefix)
        return start, start + len(quote.exact)
    if is_telling(quote.exact):
        at = text.find(quote.exact)
        if at >= 0 and text.find(quote.exact, at + 1) < 0:
            return at, at + len(quote.exact)
    return None


def is_telling(words: str) -> bool:
    return len(words) + 2 * len(IS_DENSE.findall(words)) >= TELLING


class Wanted(NamedTuple):
    """The words of a quote with its surroundings; its own are those from `first` up to `last`."""

    words: list[str]
    weights: list[float]
    first: int
    last: int

    def worth(self, pairs: list[Pair], *, inside: bool) -> float:
        return sum(self.weights[column] for column, _ in pairs if (self.first <= column < self.last) == inside)


def wanted(quote: Quote) -> Wanted:
    parts = [words_of(normal(part)) for part in (quote.prefix, quote.exact, quote.suffix)]
    words = [word for part in parts for word in part]
    first = len(parts[0])
    return Wanted(words, [weight(word) for word in words], first, first + len(parts[1]))


def by_words(text: Text, quote: Quote) -> Span | None:
    """The stretch whose words are most like those of the passage, if they are like enough."""
    given = wanted(quote)
    own = sum(given.weights[given.first : given.last])
    around = sum(given.weights) - own
    best, most = None, 0.0
    for start, end in text.index.windows(given.words):
        there = text.index.words[start:end]
        pairs = [(column, start + row) for column, row in densest(common(given.words, there), given.weights)]
        inner = [row for column, row in pairs if given.first <= column < given.last]
        if not inner:
            continue
        spread = sum(map(weight, text.index.words[inner[0] : inner[-1] + 1]))
        likeness = 2 * given.worth(pairs, inside=True) / (own + spread)
        surrounded = given.worth(pairs, inside=False) / around if around else 1.0
        is_surrounded = surrounded >= SURROUNDED
        if likeness < (LIKE_ENOUGH if is_surrounded else ALONE) or not (is_surrounded or is_telling(quote.exact)):
            continue
        if likeness + surrounded / 4 > most:
            best, most = pairs, likeness + surrounded / 4
        if likeness > CLEARLY and surrounded > CLEARLY:
            break
    return stretch(text, quote, given, best) if best else None


def stretch(text: Text, quote: Quote, given: Wanted, pairs: list[Pair]) -> Span:
    """From the first to the last word that was found; where the next word outside was found too, up to that."""
    inner = [number for number, pair in enumerate(pairs) if given.first <= pair[0] < given.last]
    (first, from_word), (last, to_word) = pairs[inner[0]], pairs[inner[-1]]
    if inner[0] and pairs[inner[0] - 1][0] == given.first - 1:
        before = pairs[inner[0] - 1][1] + 1
        from_word = before if from_word - before <= 2 * (first - given.first) else from_word
    if inner[-1] + 1 < len(pairs) and pairs[inner[-1] + 1][0] == given.last:
        behind = pairs[inner[-1] + 1][1] - 1
        to_word = behind if behind - to_word <= 2 * (given.last - 1 - last) else to_word
    start, end = text.index.spans[from_word][0], text.index.spans[to_word][1]
    own = list(WORD.finditer(quote.exact))
    head, tail = quote.exact[: own[0].start()], quote.exact[own[-1].end() :]
    start -= len(head) if text.plain.endswith(head, 0, start) else 0
    end += len(tail) if text.plain.startswith(tail, end) else 0
    return start, end
