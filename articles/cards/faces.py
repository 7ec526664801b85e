"""The fonts of a card, what they have, and a text in pieces of one font each.

The site's own (articles/fonts) have Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Devanagari and Thai. An owner
adds others, say for Chinese, by putting their files into the folder `fonts` of the data folder.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from PIL import ImageFont

OWN = Path(__file__).resolve().parent.parent / "fonts"
SERIF, SANS = OWN / "card-serif.ttf", OWN / "card-sans.ttf"
KINDS = {".ttf", ".otf", ".ttc"}
IGNORABLE = {"Cf"}
"""Joiners and direction marks: no glyph, but the letters round them may depend on them."""
NEEDED = "LN"
"""Categories without which a text says something else: letters and numbers."""


class Piece(NamedTuple):
    text: str
    face: Path


@cache
def more() -> tuple[Path, ...]:
    """The owner's fonts, by name. Looked for once in a process."""
    folder = settings.DATA_DIR / "fonts"
    return tuple(sorted(file for file in folder.iterdir() if file.suffix.lower() in KINDS)) if folder.is_dir() else ()


def described() -> list[tuple[str, int]]:
    """What tells one choice of fonts from another, for the key of a card."""
    return [(file.name, file.stat().st_size) for file in more()]


def chain(first: Path) -> list[Path]:
    """The fonts to try for each character, in order."""
    return list(dict.fromkeys([first, SERIF, *more()]))


@lru_cache(maxsize=64)
def font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.RAQM)


def drawable(text: str, first: Path = SERIF) -> str:
    """The text without what no font has (pictographs, say), one line; '' if letters or numbers are among that."""
    faces = chain(first)
    kept = []
    for character in unicodedata.normalize("NFC", text):
        shown = drawn_as(character, faces)
        if not shown and unicodedata.category(character)[0] in NEEDED:
            return ""
        kept.append(shown)
    words = "".join(kept).split()
    return " ".join(word for word in words if any(unicodedata.category(one) not in IGNORABLE for one in word))


def drawn_as(character: str, faces: list[Path]) -> str:
    """The character, or what stands for it (𝐀 is A), or ''."""
    if character.isspace() or unicodedata.category(character) in IGNORABLE or has(faces, character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(has(faces, one) for one in plain) else ""


def has(faces: list[Path], character: str) -> bool:
    return any(ord(character) in coverage(face) for face in faces)


def pieces(text: str, first: Path) -> list[Piece]:
    """A text that is drawable() in runs of one font each. Spaces and marks stay with what is before them."""
    found: list[Piece] = []
    faces = chain(first)
    for character in text:
        before = found[-1] if found else None
        face = face_of(character, faces, before.face if before else first)
        if before and before.face == face:
            found[-1] = Piece(before.text + character, face)
        else:
            found.append(Piece(character, face))
    return found


def face_of(character: str, faces: list[Path], before: Path) -> Path:
    belongs = character.isspace() or unicodedata.category(character)[0] in "MC"
    if belongs or (unicodedata.category(character)[0] in "PZ" and ord(character) in coverage(before)):
        return before
    return next((face for face in faces if ord(character) in coverage(face)), before)


# --- what a font has: its table `cmap` (https://learn.microsoft.com/typography/opentype/spec/cmap) ---------------


@lru_cache(maxsize=32)
def coverage(face: Path) -> frozenset[int]:
    """The code points that the font has a glyph for. Some ms, once for each font. Raises OSError, struct.error."""
    data = face.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    for at in range(start + 12, start + 12 + count * 16, 16):
        name, _, place, _ = struct.unpack_from(">4sIII", data, at)
        if name == b"cmap":
            return frozenset(code for sub in subtables(data, place) for code in codes(data, sub))
    return frozenset()


def subtables(data: bytes, cmap: int) -> Iterator[int]:
    """Where the Unicode subtables are."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for number in range(count):
        platform, encoding, place = struct.unpack_from(">HHI", data, cmap + 4 + number * 8)
        if platform == 0 or (platform == 3 and encoding in {1, 10}):
            yield cmap + place


def codes(data: bytes, at: int) -> Iterator[int]:
    """Of a subtable of format 4 or 12, which are those that fonts have."""
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 12:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for number in range(groups):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + number * 12)
            yield from range(first, last + 1)
    elif kind == 4:
        (double,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, last + 1 if last < 0xFFFF else 0xFFFF)
