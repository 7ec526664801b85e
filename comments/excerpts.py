"""The beginning of a comment, for where a whole one has no room: mails, and the queue's feed. Pure."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from django.utils.safestring import SafeString

from comments.render import safe
from site_config.lib.text import shorten, strip_controls

LONGEST = 500
LONGEST_PASSAGE = 300
LONGEST_ADDRESS = 200
LONGEST_NUMBER = 9
SHORT = 20
TAG_TAKES = 3
"""Characters for which an element is counted, so that what holds many of them and few words ends too."""
TAGS = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote"}
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def text_excerpt(source: str, limit: int = LONGEST) -> str:
    """Its Markdown with its lines, at most `limit` characters, cut between words."""
    text = BLANK_LINES.sub("\n\n", strip_controls(source)).strip()
    return cut(text, limit)


def html_excerpt(html: str, limit: int = LONGEST) -> SafeString:
    """Its stored HTML, cut between words after about `limit` characters. Nothing in it can be clicked on: the address of a
    link stands behind its words. Holds no attribute but the first number of a list."""
    excerpt = Excerpt(limit)
    excerpt.feed(html)
    excerpt.close()
    return safe(excerpt.written())


def text_of_passage(words: str) -> str:
    """The words of the article that a comment is about, as a Markdown quotation to stand before it; '' for none."""
    return f"> {shorten(words, LONGEST_PASSAGE)}\n\n" if words else ""


def html_of_passage(words: str) -> SafeString:
    """The same as HTML."""
    return safe(f"<blockquote><p>{escape(shorten(words, LONGEST_PASSAGE), quote=False)}</p></blockquote>" if words else "")


def cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: max(0, limit - 1)]
    place = max(head.rfind(" "), head.rfind("\n"))
    # Scripts without spaces are cut anywhere, but not for the beginning of a word alone.
    if place > limit // 2 or limit < SHORT:
        head = head[: max(0, place)]
    return head.rstrip(" \n>,;:–—-") + "…"


class Excerpt(HTMLParser):
    """Writes the elements of a comment anew, and its words escaped, until there is no room."""

    def __init__(self, room: int) -> None:
        super().__init__(convert_charrefs=True)
        self.room = room
        self.is_full = False
        self.parts: list[str] = []
        self.opened: list[str] = []
        self.address = ""
        self.linked = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.is_full:
            return
        if tag == "a":
            self.address, self.linked = dict(attrs).get("href") or "", ""
        elif tag == "br":
            self.put("<br>")
        elif tag in TAGS and self.put(f"<{tag}{first_number(tag, attrs)}>"):
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.is_full:
            return
        if tag == "a":
            self.write_address()
        elif self.opened and self.opened[-1] == tag:
            self.parts.append(f"</{self.opened.pop()}>")

    def handle_data(self, data: str) -> None:
        if self.is_full:
            return
        self.linked += data
        if data.isspace():
            data = data[: max(0, self.room)]
        elif len(data) > self.room:
            data, self.is_full = cut(data, self.room), True
        self.room -= len(data)
        self.parts.append(escape(data, quote=False))

    def put(self, tag: str) -> bool:
        """Whether there is room for it."""
        self.is_full = self.room < TAG_TAKES
        self.room -= TAG_TAKES
        self.parts.append("…" if self.is_full else tag)
        return not self.is_full

    def write_address(self) -> None:
        """Where a link leads, unless its words say it."""
        address = self.address.removeprefix("mailto:")
        if address and address != self.linked.strip():
            self.handle_data(f" ({shorten(address, LONGEST_ADDRESS)})")
        self.address = ""

    def written(self) -> str:
        return "".join(self.parts) + "".join(f"</{tag}>" for tag in reversed(self.opened))


def first_number(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    number = dict(attrs).get("start") or "" if tag == "ol" else ""
    return f' start="{number}"' if number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER else ""
