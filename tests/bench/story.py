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


def long_body(length: int, pictures: list[int], tables: int) -> str:
    """HTML of about `length` words in paragraphs, lists and tables under headings, with these pictures spread over it."""
    dice, known = random.Random(30), [word for word in words() if word.isalnum()]

    def some(count: int) -> str:
        return " ".join(dice.choices(known, k=count))

    table = "<table><caption>{}</caption><tr><th>A<th>B<th>C" + "<tr><th>{}<td>{}<td>{}" * 6 + "</table>"
    parts: list[str] = []
    sections = max(len(pictures), tables, length // 700)
    for number in range(sections):
        parts.append(f"<h2>{some(5)}</h2>")
        parts += [
            f'<p>{some(60)} <a href="https://example.org/{number}">{some(3)}</a> <strong>{some(4)}</strong>.</p>' for _ in "123"
        ]
        if number < len(pictures):
            parts.append(
                f'<figure><img data-image="{pictures[number]}" alt="{some(8)}"><figcaption>{some(10)}</figcaption></figure>'
            )
        if number < tables:
            parts.append(table.format(some(3), *(some(4) for _ in range(18))))
        parts.append(f"<h3>{some(4)}</h3><ul>" + f"<li>{some(12)}</li>" * 4 + "</ul>")
        parts.append(f"<p>{some(70)}</p>" * max(1, (length // sections - 275) // 70))
    return "".join(parts)


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
