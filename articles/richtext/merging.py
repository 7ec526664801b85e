"""Two rewritings of one body made one: block by block, and in a block that both changed word by word."""

from __future__ import annotations

import re
from typing import NamedTuple

from articles.richtext.cleaning import clean, parse
from articles.richtext.plain import plain_text
from site_config.lib.merge import merge

TOKEN = re.compile(r"<[^>]*>|\s+|[^\s<]+")


class Merged(NamedTuple):
    """The body, and for each place where both changed the same words what the other side had there, as text."""

    body: str
    lost: list[str]


def merge_bodies(base: str, mine: str, theirs: str) -> Merged:
    """What either side changed. Where both changed the same words, mine stand. The result is clean."""
    parts: list[str] = []
    lost: list[str] = []
    for chunk in merge(blocks(base), blocks(mine), blocks(theirs)):
        if not chunk.is_conflict:
            parts += chunk.mine
            continue
        joined = merge_words("".join(chunk.base), "".join(chunk.mine), "".join(chunk.theirs))
        parts.append("".join(chunk.mine) if joined is None else joined)
        if joined is None:
            lost.append(plain_text("".join(chunk.theirs)) or "nothing: it was taken out")
    return Merged(clean("\n".join(parts)), lost)


def blocks(body: str) -> list[str]:
    """The HTML of each block that stands at the top."""
    root = parse(body).body
    return [child.html or "" for child in root.iter(include_text=False)] if root else []


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """The same for a stretch of HTML, by words and tags; None where both changed the same of them."""
    chunks = list(merge(TOKEN.findall(base), TOKEN.findall(mine), TOKEN.findall(theirs)))
    if not (base and mine and theirs) or any(chunk.is_conflict for chunk in chunks):
        return None
    return "".join(token for chunk in chunks for token in chunk.mine)
