"""What is left of a name when look-alikes are one: 'Еditоr', 'EDIT0R', 'e d i t o r' and 'Editor' are the same.

After Unicode Technical Standard 39: characters of all scripts that are mistaken for each other become one of them, a Latin
letter where there is one. Beyond its tables: small capitals, turned letters, letters in boxes, and what is written for letters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from site_config.lib.text import INVISIBLE, LETTERS, is_accent

DIRECTION = "\u200e\u200f"
"""The tables put these marks round what is written from right to left."""
PASS_FOR = {
    "a": "ᴀɐΛɅʌᴧΔ∆∀@4", "b": "ʙɓß8", "c": "ᴄɔↄ¢©", "d": "ᴅɖ", "e": "ᴇǝəɘɛᴈ€3", "f": "ꜰɟƒ", "g": "ɢɡƃᵷ9", "h": "ʜɥ",
    "i": "ɪᴉᏆ!¡", "j": "ᴊ", "k": "ᴋĸʞ", "l": "ʟ1|", "m": "ᴍʍɯ", "n": "ɴᴎηɳ", "o": "ᴏ0°", "p": "ᴘ", "q": "ꞯ", "r": "ʀᴙɹя",
    "s": "ꜱ$5§", "t": "ᴛʇ7+†", "u": "ᴜ", "v": "ᴠ", "w": "ᴡωѡ", "y": "ʏʎ", "z": "ᴢ2",
}  # fmt: skip
BOXED = (0x1F150, 0x1F170, 0x1F1E6)
"""Where the alphabets of white letters in circles and in squares begin, and the one that flags are made of."""
SAME_STROKE = str.maketrans({"i": "l", "j": "l"})
NO_LETTER = re.compile(r"[\W_]+")


def skeleton(name: str) -> str:
    """The same for names that a reader takes for one another. About 10 µs; the first takes some 50 ms."""
    plain = unmarked(unicodedata.normalize("NFKC", INVISIBLE.sub("", name))).translate(prototypes())
    plain = unmarked(plain.casefold()).translate(LETTERS).translate(prototypes())
    letters = NO_LETTER.sub("", plain)
    return letters.replace("rn", "m").replace("vv", "w").translate(SAME_STROKE) or plain


def unmarked(text: str) -> str:
    """Without accents, and without circles and the like put round a letter."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not is_accent(c) and unicodedata.category(c) != "Me"))


@cache
def prototypes() -> dict[int, str]:
    """What each look-alike becomes, in lower case. Only characters that `skeleton` has left when it asks."""
    table = {first + number: chr(ord("a") + number) for first in BOXED for number in range(26)}
    table |= {ord(sign): letter for letter, signs in PASS_FOR.items() for sign in signs}
    for alike in classes():
        chosen = prototype(alike)
        table |= {ord(one): chosen for one in alike if one != chosen and len(one) == 1 and is_left(one)}
    others = {chr(one).swapcase(): letter for one, letter in table.items()}
    return {ord(one): letter for one, letter in others.items() if len(one) == 1} | table


def classes() -> Iterable[set[str]]:
    """The sets of characters that look alike. A megabyte of JSON is read, and nothing of it kept."""
    known = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8"))
    class_of: dict[str, set[str]] = {}
    for one, others in known.items():
        for other in (one, *(entry["c"] for entry in others)):
            mine = class_of.setdefault(one.strip(DIRECTION), {one.strip(DIRECTION)})
            theirs = class_of.setdefault(other.strip(DIRECTION), {other.strip(DIRECTION)})
            if mine is not theirs:
                mine |= theirs
                class_of |= dict.fromkeys(theirs, mine)
    return {id(alike): alike for alike in class_of.values()}.values()


def prototype(alike: set[str]) -> str:
    """The one of a class that stands for it: Latin letters first."""
    latin = sorted({bare for one in alike if (bare := unmarked(one).lower()).isascii() and bare}, key=rank)
    others = (letter for letter, signs in PASS_FOR.items() if not alike.isdisjoint(signs))
    return latin[0] if latin else next(others, min(alike, key=lambda one: (len(one), one)))


def rank(text: str) -> tuple[bool, int, str]:
    return not text.isalpha(), len(text), text


def is_left(character: str) -> bool:
    """Whether it comes through normalisation as it is."""
    return not character.isascii() and unmarked(unicodedata.normalize("NFKC", character)) == character
