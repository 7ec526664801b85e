"""The served HTML of an article as the text that readers select from, and the same HTML with passages marked. Pure.

Nothing is added but `mark` elements round text and one link behind each passage; they can stand wherever text does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from html import unescape
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from comments.anchors import FURTHEST, LONGEST, Quote, Span, Text, describe, find, without_spaces

TOKEN = re.compile(
    r'(?P<tag><[^>"]*(?:"[^"]*"[^>"]*)*>)|(?P<entity>&#?\w+;)|(?P<space>\s+)|(?P<words>[^<&\s]+(?: [^<&\s]+)*|.)', re.S
)
NAME = re.compile(r"</?([a-z][a-z0-9]*)")
INLINE = {"a", "strong", "em", "s", "sub", "sup", "code", "span", "mark", "picture", "source", "img"}
CLOSED = {"a", "code"}
"""In these no link may stand, or should: one that belongs there stands behind them."""
PARAGRAPHS = {"p", "li", "figcaption", "pre", "blockquote", "aside"}
OPENS, COUNTS, CLOSES = 2, 1, 0
"""The order of what is added at one place."""
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*(?= )|[。！？]")


class Piece(NamedTuple):
    """Characters of the text from `at` to `end`, and where they are in the HTML. There is no tag among them."""

    at: int
    end: int
    start: int
    stop: int

    def place(self, at: int) -> int:
        """Where in the HTML the character at this place of the text begins; an entity is one character."""
        return self.stop if at >= self.end else self.start + (at - self.at)


class Flat(NamedTuple):
    """The text of some HTML: white space as one space, and one between blocks. `exits` are for pieces inside CLOSED."""

    text: Text
    pieces: list[Piece]
    exits: dict[int, int]
    paragraphs: list[Span]

    def number(self, at: int) -> int:
        """Of the piece in which this character of the text is."""
        return bisect_right(self.pieces, at, key=attrgetter("at")) - 1

    def place(self, at: int) -> int:
        """Where in the HTML a character of the text begins."""
        return self.pieces[self.number(at)].place(at)

    def place_after(self, end: int) -> int:
        """Where in the HTML the character before this place of the text ends."""
        return self.pieces[self.number(end - 1)].place(end)


@lru_cache(maxsize=32)
def flatten(html: str) -> Flat:
    """About 1 ms for 10,000 words."""
    made = Flattening()
    for found in TOKEN.finditer(html):
        made.take(found)
    made.end_block()
    return Flat(Text("".join(made.text)), made.pieces, made.exits, made.paragraphs)


class Flattening:
    """What `flatten()` knows while it reads."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = self.begun = 0
        self.pieces: list[Piece] = []
        self.exits: dict[int, int] = {}
        self.paragraphs: list[Span] = []
        self.opened = [""]
        self.spaced = True
        """Whether the text ends with a space, or has not begun."""
        self.parted, self.fresh = False, True
        """Whether a break stands between the last word and the next, and whether no word of this block has come yet."""
        self.closed: list[str] = []
        self.closed_from = 0

    def take(self, found: re.Match) -> None:
        kind, raw, (start, stop) = found.lastgroup, found[0], found.span()
        if kind == "tag":
            self.tag(raw, stop)
            return
        words = unescape(raw)[:1] if kind == "entity" else raw
        if words.isspace():
            if not self.spaced:
                self.add(" ", start, stop)
                self.spaced = True
            return
        if self.parted and not self.spaced:
            self.text.append(" ")
            self.length += 1
        if self.fresh:
            self.begun = self.length
        self.parted = self.fresh = self.spaced = False
        self.add(words, start, stop)

    def add(self, words: str, start: int, stop: int) -> None:
        self.pieces.append(Piece(self.length, self.length + len(words), start, stop))
        self.text.append(words)
        self.length += len(words)

    def tag(self, raw: str, stop: int) -> None:
        found = NAME.match(raw)
        name, closing = found[1] if found else "", raw.startswith("</")
        if name == "br":
            self.parted = True
        elif name in CLOSED:
            self.enclose(name, closing, stop)
        elif name not in INLINE:
            self.end_block()
            if closing and len(self.opened) > 1:
                self.opened.pop()
            elif not closing and name != "hr":
                self.opened.append(name)

    def end_block(self) -> None:
        end = self.length - self.spaced
        if self.opened[-1] in PARAGRAPHS and not self.fresh and end > self.begun:
            self.paragraphs.append((self.begun, end))
        self.parted = self.fresh = True

    def enclose(self, name: str, closing: bool, stop: int) -> None:
        if not closing:
            if not self.closed:
                self.closed_from = len(self.pieces)
            self.closed.append(name)
        elif self.closed and self.closed.pop() and not self.closed:
            self.exits.update(dict.fromkeys(range(self.closed_from, len(self.pieces)), stop))


def paragraphs(html: str) -> list[Quote]:
    """What a reader without script can choose from: the paragraphs and list items, cut at a sentence where they are long."""
    flat = flatten(html)
    return [describe(flat.text.plain, start, shortened(flat.text.plain, start, end)) for start, end in flat.paragraphs]


def shortened(text: str, start: int, end: int) -> int:
    """The end of as many whole sentences from `start` on as a passage may have."""
    if end - start <= LONGEST:
        return end
    ends = [found.end() for found in SENTENCE_END.finditer(text, start, start + LONGEST)]
    cut = text.rfind(" ", start, start + LONGEST - FURTHEST)
    return ends[-1] if ends else max(cut, start + LONGEST // 2)


class Group(NamedTuple):
    """Passages that overlap: marked as one, with one number."""

    spans: dict[int, Span]
    """By comment, in the order of where they begin."""
    start: int
    end: int


class Marked(NamedTuple):
    """HTML cut where the links go: the comments of the group whose link stands after each piece but the last."""

    pieces: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    ids: dict[int, str]
    """The id of the mark at which the passage of a comment begins; comments without one have lost their passage."""

    def html(self, here: Container[int] = ()) -> str:
        """With links to the first comment of each group; `here` are the comments on this page."""
        parts = [self.pieces[0]]
        for piece, group in zip(self.pieces[1:], self.groups, strict=True):
            parts += (number(group, here), piece)
        return "".join(parts)


def number(group: tuple[int, ...], here: Container[int]) -> str:
    """The link behind a passage: how many comments it has, leading to the first of them, if possible on this page."""
    on_page = next((pk for pk in group if pk in here), None)
    where = f'href="#c-{on_page}"' if on_page else f'href="/comments/{group[0]}/" rel="nofollow"'
    count = len(group)
    label = f"{count} comment{'' if count == 1 else 's'} on this passage"
    return f'<a class="notes" {where} lang="en" aria-label="{label}">{count}</a>'


Added = tuple[int, int, str | tuple[int, ...]]
"""A place in the HTML, the order there, and what is put in: HTML, or the comments of a group for its link."""


def marked(html: str, quotes: Mapping[int, Quote]) -> Marked:
    """The HTML with the passages of these comments marked, as far as they are found in it."""
    flat = flatten(html)
    found = {pk: span for pk, quote in quotes.items() if (span := find(flat.text, quote))}
    spans = {pk: without_spaces(flat.text.plain, *span) for pk, span in found.items()}
    ids: dict[int, str] = {}
    added: list[Added] = []
    for group in grouped(spans):
        names = {
            start: f"p-{min(pk for pk, span in group.spans.items() if span[0] == start)}" for start, _ in group.spans.values()
        }
        ids |= {pk: names[start] for pk, (start, _) in group.spans.items()}
        for start, stop, name in segments(flat, group, names):
            opening = f'<mark class="noted" id="{name}">' if name else '<mark class="noted">'
            added += [(start, OPENS, opening), (stop, CLOSES, "</mark>")]
        added.append((way_out(flat, group.end), COUNTS, tuple(sorted(group.spans))))
    return woven(html, sorted(added, key=lambda item: item[:2]), ids)


def grouped(spans: Mapping[int, Span]) -> Iterator[Group]:
    group: Group | None = None
    for pk, span in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        if group and span[0] < group.end:
            group = Group(group.spans | {pk: span}, group.start, max(group.end, span[1]))
            continue
        if group:
            yield group
        group = Group({pk: span}, *span)
    if group:
        yield group


def segments(flat: Flat, group: Group, names: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """The stretches of HTML that marks go round, each without a tag in it; one begins wherever a passage does."""
    for run in runs(flat, group):
        first, last = max(group.start, run[0].at), min(group.end, run[-1].end)
        if flat.text.plain[first:last].isspace():
            continue
        cuts = [first, *sorted(at for at in names if first < at < last), last]
        for start, end in pairwise(cuts):
            yield flat.place(start), flat.place_after(end), names.get(start, "")


def runs(flat: Flat, group: Group) -> Iterator[list[Piece]]:
    """The pieces of a group, those together that follow one another without a tag between them."""
    run: list[Piece] = []
    for number in range(flat.number(group.start), flat.number(group.end - 1) + 1):
        piece = flat.pieces[number]
        if run and run[-1].stop != piece.start:
            yield run
            run = []
        run.append(piece)
    yield run


def way_out(flat: Flat, end: int) -> int:
    """Where in the HTML the link behind a passage stands: never inside another link, nor inside code."""
    return flat.exits.get(flat.number(end - 1)) or flat.place_after(end)


def woven(html: str, added: list[Added], ids: dict[int, str]) -> Marked:
    """The HTML with what is added put in, which is in order, and cut where links go."""
    pieces, groups = [], []
    parts: list[str] = []
    done = 0
    for place, _, what in added:
        parts.append(html[done:place])
        done = place
        if isinstance(what, str):
            parts.append(what)
        else:
            pieces.append("".join(parts))
            groups.append(what)
            parts = []
    pieces.append("".join(parts) + html[done:])
    return Marked(tuple(pieces), tuple(groups), ids)
