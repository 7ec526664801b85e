"""Whether it is written in a language of this place: the site's or the article's. Never enough alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from django.conf import settings

from comments.spam.draft import Draft, Reason
from comments.spam.past import Past
from comments.spam.traces import ADDRESS

LOOKED_AT = 1000
LETTERS = 10
"""Fewer say nothing: a quoted word, a name."""
WORDS = 12
MOSTLY = 0.6
SHARE_OF_LITTLE_WORDS = 0.15
SCRIPTS = {
    "LATIN": "Latin", "CYRILLIC": "Cyrillic", "GREEK": "Greek", "ARABIC": "Arabic", "HEBREW": "Hebrew", "CJK": "Chinese",
    "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean", "THAI": "Thai", "DEVANAGARI": "Devanagari",
    "ARMENIAN": "Armenian", "GEORGIAN": "Georgian", "BENGALI": "Bengali", "TAMIL": "Tamil",
}  # fmt: skip
WRITES = {
    "CYRILLIC": "be bg kk ky mk mn ru sr tg uk", "ARABIC": "ar ckb fa ps ug ur", "DEVANAGARI": "hi mr ne sa", "GREEK": "el",
    "HEBREW": "he yi", "CJK": "zh ja ko", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "ARMENIAN": "hy",
    "GEORGIAN": "ka", "BENGALI": "bn", "TAMIL": "ta", "LATIN": "sr",
}  # fmt: skip
"""Which languages each writes. All others are taken to be written in Latin letters."""
LITTLE_WORDS = {
    "en": ("English", "the and is of to that it you was for with this are have not but they what from be on as"),
    "de": ("German", "der die das und ist nicht ich ein eine zu den mit von auf auch es sich dem wie im für wir aber"),
    "fr": ("French", "le la les et est pas je une des que pour dans ce il sur avec plus vous nous mais au du ne c'est"),
    "es": ("Spanish", "el los las y es que una por para con del se su más pero como lo muy este está son yo todo"),
    "it": ("Italian", "il gli che è di non una per con del della sono anche ma più questo come mi si nel alla ho"),
    "pt": ("Portuguese", "o os as e que não um uma para com do da em se mais por como mas foi muito você isso são"),
    "nl": ("Dutch", "het een en van niet dat ik is te op voor met zijn maar ook aan er wat naar deze bij dan nog"),
    "pl": ("Polish", "nie to się na jest że do jak ale co po tak już tylko ten jego czy być mnie przez dla są"),
    "tr": ("Turkish", "bir ve bu da de için çok ne ben ama gibi var daha olarak değil mi o ile kadar sonra her şey"),
    "id": ("Indonesian", "yang dan di ini itu untuk dengan tidak dari ada saya akan juga ke pada bisa karena atau sudah"),
}
ASCII_LETTER = re.compile(r"[a-z]", re.I | re.A)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def other_script(draft: Draft, past: Past) -> Reason | None:
    expected = set().union(*map(scripts_of, languages_here(draft)))
    if draft.source.isascii() and "LATIN" in expected:
        return None
    script, share = main_script(draft.source)
    if share < MOSTLY or script in expected:
        return None
    return Reason("script", f"Mostly in {SCRIPTS.get(script, 'other')} letters", 0.8)


def other_language(draft: Draft, past: Past) -> Reason | None:
    words = WORD.findall(ADDRESS.sub(" ", draft.source[:LOOKED_AT]).casefold())
    here = {language for language in languages_here(draft) if language in LITTLE_WORDS}
    if len(words) < WORDS or not here:
        return None
    expected = max(met(words, language) for language in here)
    if expected >= len(words) * SHARE_OF_LITTLE_WORDS:
        return None
    most, likely = max((met(words, language), language) for language in LITTLE_WORDS)
    if likely in here or most < max(len(words) * SHARE_OF_LITTLE_WORDS, 3 * expected):
        return None
    return Reason("language", f"Looks {LITTLE_WORDS[likely][0]}, unlike this site", 0.5)


def met(words: list[str], language: str) -> int:
    known = little_words(language)
    return sum(word in known for word in words)


def languages_here(draft: Draft) -> set[str]:
    return {code.split("-")[0].split("_")[0].lower() for code in (settings.LANGUAGE_CODE, draft.language) if code}


def scripts_of(language: str) -> set[str]:
    return {script for script, languages in WRITES.items() if language in languages.split()} or {"LATIN"}


def main_script(source: str) -> tuple[str, float]:
    """The script of most letters, by the first word of their Unicode names, and its share; '' for too few letters."""
    text = ADDRESS.sub(" ", source[:LOOKED_AT])
    met = Counter(script_of(letter) for letter in text if letter > "\x7f" and letter.isalpha())
    met["LATIN"] += len(ASCII_LETTER.findall(text))
    if met.total() < LETTERS:
        return "", 0.0
    script, number = met.most_common(1)[0]
    return script, number / met.total()


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0].split("-")[0]


@lru_cache(maxsize=32)
def little_words(language: str) -> frozenset[str]:
    return frozenset(LITTLE_WORDS[language][1].split())
