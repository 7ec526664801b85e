"""Lines: breaking a text, balancing it, and finding the size at which it fits."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from PIL import ImageDraw

from articles.cards import faces
from articles.share import graphemes

ELLIPSIS = "…"
LETTERS = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
"""Chinese, Japanese and Korean: a line may end after any of them."""
SYLLABLES = "[\u0e40-\u0e44\u0ec0-\u0ec4]?[\u0e01-\u0e2e\u0e81-\u0eae][\u0e30-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebc\u0ec6-\u0ecd]*"
"""Thai and Lao, roughly: vowels stay with the letter that they are read with."""
WORD = re.compile(rf"\s+|{LETTERS}|{SYLLABLES}|(?:(?!{LETTERS}|{SYLLABLES})\S)+")
TALL = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u0dff\u0e00-\u0e7f\ufb50-\ufdff\ufe70-\ufefc]")
"""Scripts with marks far above and below their letters."""


class Block(NamedTuple):
    """A text that is set: its lines, at this size, a baseline every `leading` pixels."""

    lines: list[str]
    size: int
    leading: int

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


def is_right_to_left(text: str) -> bool:
    """By its first letter that has a direction, as `dir=auto` does it."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in strong if kind in {"L", "R", "AL"}), False)


def width(text: str, face: Path, size: int) -> float:
    return sum(faces.font(piece.face, size).getlength(piece.text) for piece in faces.pieces(text, face))


def fit(text: str, face: Path, sizes: tuple[int, ...], *, room: tuple[int, int]) -> Block:
    """The text at the largest of `sizes`, largest first, at which it goes into `room` with its words whole.

    At the smallest, words that are wider than the room are parted, and what is too much gives way to an ellipsis.
    """
    for size in sizes:
        lines = broken(text, face, size, room[0])
        leading = leading_of(text, size)
        if lines and leading * len(lines) <= room[1]:
            return Block(balanced(text, face, size, room[0], len(lines)), size, leading)
    lines = parted(text, face, size, room[0])
    most = max(1, room[1] // leading)
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(lines[most - 1], face, size, room[0])]
    return Block(lines, size, leading)


def leading_of(text: str, size: int) -> int:
    return round(size * (1.36 if TALL.search(text) else 1.14))


def words_of(text: str) -> list[str]:
    """What lines are made of; spaces are words too."""
    return WORD.findall(text)


def broken(text: str, face: Path, size: int, room: float) -> list[str]:
    """Lines that are filled one after the other, none wider than `room`; [] if a word is wider."""
    widths = {word: width(word, face, size) for word in set(words_of(text))}
    if max(widths.values(), default=0) > room:
        return []
    return filled(words_of(text), widths, room)


def filled(words: list[str], widths: dict[str, float], room: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for word in words:
        if line and used + widths[word] > room and not word.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not word.isspace():
            line, used = line + word, used + widths[word]
    return [*lines, line.rstrip()] if line.strip() else lines


def balanced(text: str, face: Path, size: int, room: int, count: int) -> list[str]:
    """As many lines as the fullest setting needs, of widths as even as can be: the narrowest room for so many."""
    words = words_of(text)
    widths = {word: width(word, face, size) for word in set(words)}
    low, high = max(widths.values()), float(room)
    while high - low > 2:
        middle = (low + high) / 2
        low, high = (low, middle) if len(filled(words, widths, middle)) <= count else (middle, high)
    return filled(words, widths, high)


def parted(text: str, face: Path, size: int, room: int) -> list[str]:
    """Lines in which words may be parted between letters."""
    bits = []
    for word in words_of(text):
        bits += [word] if width(word, face, size) <= room else halves(word, face, size, room)
    return filled(bits, {bit: width(bit, face, size) for bit in set(bits)}, room)


def halves(word: str, face: Path, size: int, room: int) -> list[str]:
    """A word in parts that are no wider than the room."""
    found = [""]
    for letter in graphemes(word):
        if found[-1] and width(found[-1] + letter, face, size) > room:
            found.append("")
        found[-1] += letter
    return found


def shortened(line: str, face: Path, size: int, room: int) -> str:
    """The line with an ellipsis behind it, and as few letters less as that takes."""
    letters = graphemes(line)
    while letters and width("".join(letters).rstrip() + ELLIPSIS, face, size) > room:
        letters.pop()
    return "".join(letters).rstrip() + ELLIPSIS


def draw(
    canvas: ImageDraw.ImageDraw, at: tuple[int, int], line: str, face: Path, size: int, colour: str, *, backwards: bool
) -> None:
    """Draws a line of a text. `at` is where its baseline starts: its right end for one that is right to left (`backwards`)."""
    x, anchor, direction = float(at[0]), "rs" if backwards else "ls", "rtl" if backwards else "ltr"
    for piece in faces.pieces(line, face):
        font = faces.font(piece.face, size)
        canvas.text((x, at[1]), piece.text, font=font, fill=colour, anchor=anchor, direction=direction)
        x += font.getlength(piece.text) * (-1 if backwards else 1)
