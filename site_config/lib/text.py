"""Plain text: folding, cleaning, counting. No HTML, no models."""

from __future__ import annotations

import re
import unicodedata

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# Zero-width, direction and variation characters, which let two names look alike. In prose they stay: scripts need some.
INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
SPACE = re.compile(r"\s+")
WORD = re.compile(r"\w+(?:[’'\-.,]\w+)*")
LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def strip_controls(text: str) -> str:
    """Without control characters and lone surrogates, which XML, HTML and PostgreSQL refuse; line ends become \\n."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Controls dropped, every run of white space one space, none at the ends."""
    return SPACE.sub(" ", strip_controls(text)).strip()


def fold(text: str) -> str:
    """The form under which two spellings are the same: 'AI', 'ai', 'AI ', 'Énergie' and 'energie'."""
    if text.isascii():
        return SPACE.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold())
    letters = "".join(c for c in plain if not is_accent(c)).translate(LETTERS)
    return SPACE.sub(" ", unicodedata.normalize("NFC", letters)).strip()


def is_accent(character: str) -> bool:
    """Whether it is a mark that spelling may leave out. Voiced sound marks, viramas and tone marks make other words."""
    place = unicodedata.combining(character)
    return place == 1 or 10 <= place <= 36 or place >= 200


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: only spaces, controls, invisible or combining characters."""
    return all(unicodedata.category(c)[0] in "ZCM" for c in INVISIBLE.sub("", text))


def count_words(text: str) -> int:
    """Words by letters and digits; scripts written without spaces count two characters as one word."""
    dense = sum(1 for c in text if "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\u0e00" <= c <= "\u0e7f")
    return len(WORD.findall(text)) if not dense else len(WORD.findall(text)) + dense // 2


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, an ellipsis where something was cut."""
    text = one_line(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:–—-") + "…"
