"""Words as the index knows them: folded, stemmed by the site's language, scripts without spaces cut into pairs.

What is indexed and what is asked for go through the same functions, so the database compares plain tokens: SQLite and
PostgreSQL find the same. Stems are those of Snowball (https://snowballstem.org), in the folded spelling.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings

from site_config.lib.text import fold, strip_controls

LONGEST = 40
"""Letters of a token; what is longer is no word that anybody looks for."""
ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
DENSE_RUN = re.compile(rf"[{DENSE}]+")


class Found(NamedTuple):
    """A word of a text: where it stands, and what the index calls it."""

    start: int
    end: int
    token: str


@cache
def word_pattern() -> re.Pattern[str]:
    """Letters, digits and the marks that belong to them (which `\\w` leaves out), with apostrophes inside. 15 ms, once."""
    marks = "".join(re.escape(chr(code)) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
    letter = rf"(?:[^\W_]|[{marks}])"
    return re.compile(rf"[^\W_]{letter}*(?:['’]{letter}+)*")


# A stemmer keeps the word that it works on in itself.
one_at_a_time = threading.Lock()


@cache
def stemmer():
    """The stemmer of the site's language, or None. Imported where it is needed first: it takes 3 MB."""
    name = ALGORITHMS.get(settings.LANGUAGE_CODE.split("-")[0].lower())
    if name is None:
        return None
    import snowballstemmer

    return snowballstemmer.stemmer(name)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The token of one folded word of a script with spaces."""
    plain = word.replace("’", "'")
    with one_at_a_time:
        algorithm = stemmer()
        stemmed = algorithm.stemWord(plain) if algorithm else plain
    return stemmed.replace("'", "")[:LONGEST] or plain.replace("'", "")[:LONGEST]


@lru_cache(maxsize=20_000)
def tokens_of_word(word: str) -> tuple[str, ...]:
    """The tokens of what word_pattern() finds: one for most, pairs of letters for a run without spaces."""
    found: list[str] = []
    for piece in pieces(fold(word)):
        found += pairs(piece) if DENSE_RUN.fullmatch(piece) else [stem(piece)]
    return tuple(token for token in found if token)


def pieces(folded: str) -> Iterator[str]:
    """Runs without spaces apart from the rest. Only English keeps what follows an apostrophe with its word."""
    for part in re.split(rf"([{DENSE}]+)", folded):
        if part and (DENSE_RUN.fullmatch(part) or is_english()):
            yield part
        elif part:
            yield from (bit for bit in re.split(r"['’]", part) if bit)


@cache
def is_english() -> bool:
    return settings.LANGUAGE_CODE.lower().startswith("en")


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order. About 0.3 µs a letter."""
    return [token for match in word_pattern().finditer(strip_controls(text)) for token in tokens_of_word(match[0])]


def surface(text: str) -> set[str]:
    """The folded words of a text as they are spelt: what a misspelt or half-typed word may have meant."""
    words = {fold(word) for word in set(word_pattern().findall(strip_controls(text)))}
    return {word for word in words if 3 <= len(word) <= LONGEST and not word.isdigit() and not DENSE_RUN.search(word)}


def places(text: str, wanted: frozenset[str]) -> list[Found]:
    """Where words with one of these tokens stand in a text, in order."""
    first = {token[0] for token in wanted if token}
    found = []
    for match in word_pattern().finditer(text):
        if initial(match[0][0]) in first or DENSE_RUN.search(match[0]):
            found += within(match[0], match.start(), wanted)
    return found


@lru_cache(maxsize=4096)
def initial(letter: str) -> str:
    return fold(letter)[:1]


def within(word: str, start: int, wanted: frozenset[str]) -> list[Found]:
    """The parts of one matched word that are wanted: all of it, or pairs of letters in a run without spaces."""
    if not DENSE_RUN.search(word):
        hit = next((token for token in tokens_of_word(word) if token in wanted), None)
        return [Found(start, start + len(word), hit)] if hit else []
    return [Found(start + at, start + at + len(token), token) for token in wanted for at in all_places(word, token)]


def all_places(word: str, token: str) -> Iterator[int]:
    at = word.find(token)
    while at >= 0:
        yield at
        at = word.find(token, at + 1)
