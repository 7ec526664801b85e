"""The words that measurements read and write: those of the article that comes with the project, by fixed dice."""

from __future__ import annotations

import random
import re
from html import unescape
from typing import NamedTuple

from tests.server import ROOT

SOURCE = ROOT / "articles/content/the-power-struggle-in-ai.html"
COMMENTS = 100
COMMENT_WORDS = 45


class Remark(NamedTuple):
    """What a reader says; `answers` is the place in the list of the remark that it answers, or None."""

    name: str
    text: str
    answers: int | None


def body() -> str:
    """The article's HTML: some 1,300 words, two tables. Without its drawings, which are another file."""
    return re.sub(r"<figure>.*?</figure>\s*", "", SOURCE.read_text(encoding="utf-8").split("---\n", 2)[2], flags=re.S)


def words() -> list[str]:
    return unescape(re.sub(r"<[^>]+>", " ", body())).split()


def remarks(count: int = COMMENTS) -> list[Remark]:
    """The same ones each time. One of four begins a thread, the others answer one of the last three."""
    dice, known = random.Random(20), words()
    names = [word for word in known if word.isalpha()]
    return [
        Remark(
            f"{dice.choice(names)} {number}".title(),
            said(dice, known),
            number - dice.randint(1, min(3, number % 4)) if number % 4 else None,
        )
        for number in range(count)
    ]


def said(dice: random.Random, known: list[str]) -> str:
    start = dice.randrange(len(known) - COMMENT_WORDS)
    return " ".join(known[start : start + COMMENT_WORDS])
