"""For the plain-text parts of mails: lines that fit, and quotations that look like ones."""

from __future__ import annotations

import textwrap

from django import template

register = template.Library()
WIDTH = 72


@register.filter
def wrapped(text: str) -> str:
    """Each paragraph in lines of WIDTH characters at most; addresses stay whole, whatever their length."""
    return "\n\n".join(lines(paragraph, "") for paragraph in str(text).strip().split("\n\n"))


@register.filter
def quoted(text: str) -> str:
    return lines(str(text), "> ")


def lines(text: str, before: str) -> str:
    whole = " ".join(text.split())
    return textwrap.fill(
        whole, WIDTH, initial_indent=before, subsequent_indent=before, break_long_words=False, break_on_hyphens=False
    )
