"""For the plain-text parts of mails: lines that fit, and quotations that look like ones."""

from __future__ import annotations

import re
import textwrap

from django import template

register = template.Library()
WIDTH = 72
DEEPEST = 8
MARKS = re.compile(r"(?:[ \t]*>)+")
ITEM = re.compile(r"(?:[-+*]|\d+[.)])\s|```")


@register.filter
def wrapped(text: str) -> str:
    """Each line in lines of WIDTH characters at most; addresses stay whole, whatever their length."""
    return "\n".join(lines(line, "") for line in str(text).strip().splitlines())


@register.filter
def quoted(text: str) -> str:
    """Line by line, each with the marks of the quotation in which it stands, one more than it has itself.

    A line without a mark below a line with one is of the same paragraph, as Markdown has it, and gets the same.
    """
    made, above = [], 0
    for line in str(text).split("\n"):
        marks, words = parted(line)
        depth = max(marks, above) if words and not ITEM.match(words) else marks
        made.append(lines(words, "> " * (1 + depth)) if words else ("> " * (1 + depth)).rstrip())
        above = depth if words else 0
    return "\n".join(made)


def parted(line: str) -> tuple[int, str]:
    """How many marks of quotation a line begins with, and the rest."""
    found = MARKS.match(line)
    begin = found[0] if found else ""
    return min(begin.count(">"), DEEPEST), line[len(begin) :].strip()


def lines(text: str, before: str) -> str:
    whole = " ".join(text.split())
    return textwrap.fill(
        whole, WIDTH, initial_indent=before, subsequent_indent=before, break_long_words=False, break_on_hyphens=False
    )
