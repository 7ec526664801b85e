"""The design of a card: the look of the site at 1200 by 630. Knows no models."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image as Pillow
from PIL import ImageColor, ImageDraw

from articles.cards import faces, setting
from articles.cards.faces import SANS, SERIF
from articles.drawing import cut, encode, upright

VERSION = 1
"""Raise it when cards come out otherwise: all are then drawn anew."""

WIDTH, HEIGHT = 1200, 630
EDGE = 64
PICTURE = 520
"""How wide a lead image is; it is as high as the card."""
PAPER, INK, SOFT, ACCENT = "#fcfcfa", "#1b1e1d", "#565c59", "#0b5b54"
TITLE_TOP, FOOT = 152, HEIGHT - 52
SIZES = (144, 132, 120, 108, 100, 92, 84, 76, 70, 64, 58, 53, 48, 44)
SIZES_BESIDE = (104, 94, 84, 76, 70, 64, 59, 54, 50, 46, 42, 38)
NAMES, NAME = 32, 36
STEPS = 23
"""Between paper and ink: so that letters have smooth edges."""


class Words(NamedTuple):
    """What a card says. `names` are those of the byline, in order."""

    title: str
    names: tuple[str, ...]
    site: str


class Lead(NamedTuple):
    """A picture, and the point that matters in it as `articles.drawing.cut()` takes it."""

    picture: Pillow.Image
    focal: tuple[int, int]


def draw(words: Words, lead: Lead | None = None) -> tuple[bytes, str]:
    """The card, and the extension of its kind: PNG, or JPEG where a photograph is on it. 0.1 s, and 20 MB for a while.

    A title with letters that no font has is left out: the site's name stands in its place.
    """
    card = Pillow.new("RGB", (WIDTH, HEIGHT), PAPER)
    title = faces.drawable(words.title)
    backwards = setting.is_right_to_left(title)
    left, right = EDGE, WIDTH - EDGE
    if lead:
        place = 0 if backwards else WIDTH - PICTURE
        shown = upright(cut(lead.picture, PICTURE / HEIGHT, lead.focal)).resize((PICTURE, HEIGHT), Pillow.Resampling.LANCZOS)
        card.paste(shown, (place, 0), shown if shown.mode == "RGBA" else None)
        left, right = (PICTURE + EDGE - 12, right) if backwards else (left, WIDTH - PICTURE - EDGE + 12)
    write(ImageDraw.Draw(card), words._replace(title=title), (left, right), backwards=backwards, is_beside=lead is not None)
    if lead:
        return encode(card, "JPEG", quality=86, subsampling=0, progressive=True, optimize=True), "jpg"
    return encode(card.quantize(palette=palette(), dither=Pillow.Dither.NONE), "PNG", optimize=True), "png"


def palette() -> Pillow.Image:
    """Paper, and what lies between it and the colours that are written on it."""
    paper, few = ImageColor.getrgb(PAPER), Pillow.new("P", (1, 1))
    ramps = [ImageColor.getrgb(colour) for colour in (INK, ACCENT)]
    steps = [
        round(start + (end - start) * step / STEPS)
        for ramp in ramps
        for step in range(STEPS + 1)
        for start, end in zip(paper, ramp, strict=True)
    ]
    few.putpalette(steps)
    return few


def write(canvas: ImageDraw.ImageDraw, words: Words, span: tuple[int, int], *, backwards: bool, is_beside: bool) -> None:
    """The rule, the site's name, the title and the names, between these two edges."""
    left, right = span
    start = right if backwards else left
    canvas.rectangle((left, 48, right - 1, 55), fill=INK)
    canvas.rectangle((left, 60, right - 1, 61), fill=INK)
    name = faces.drawable(words.site)
    title = words.title or name
    bottom = FOOT
    if words.title and name:
        one_line(canvas, name, SERIF, NAME, INK, span, 110, backwards=backwards)
    if names := byline(words.names):
        one_line(canvas, names, SANS, NAMES, ACCENT, span, FOOT - 4, backwards=backwards)
        bottom -= NAMES + 32
    if title:
        sizes = SIZES_BESIDE if is_beside else SIZES
        block = setting.fit(title, SERIF, sizes, room=(right - left, bottom - TITLE_TOP))
        base = TITLE_TOP + round(block.size * 0.86) + (block.leading - round(block.size * 1.14)) // 2
        for number, line in enumerate(block.lines):
            at = (start, base + number * block.leading)
            setting.draw(canvas, at, line, SERIF, block.size, INK, backwards=backwards)


def byline(names: tuple[str, ...]) -> str:
    """The names; none at all where one of them cannot be written."""
    shown = [faces.drawable(name, SANS) for name in names]
    return ", ".join(shown) if all(shown) else ""


def one_line(canvas, text: str, face, size: int, colour: str, span: tuple[int, int], base: int, *, backwards: bool) -> None:
    """A text on one line, shortened to the room, from the edge at which the title begins."""
    room = span[1] - span[0]
    line = text if setting.width(text, face, size) <= room else setting.shortened(text, face, size, room)
    own = setting.is_right_to_left(line)
    wide = round(setting.width(line, face, size))
    left = span[1] - wide if backwards else span[0]
    setting.draw(canvas, (left + wide if own else left, base), line, face, size, colour, backwards=own)
