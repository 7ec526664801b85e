"""The text of a body without its markup."""

from __future__ import annotations

import re
from html import unescape

BREAK = re.compile(r"</(?:p|h[2-4]|li|td|th|tr|caption|figcaption|blockquote|pre|aside|table|div)>|<br\s*/?>|<hr\s*/?>")
TAG = re.compile(r"<[^>]*>")
SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r"\s*\n\s*")


def plain_text(html: str) -> str:
    """Cleaned HTML as lines of text, a line for each block."""
    text = unescape(TAG.sub("", BREAK.sub("\n", html)))
    return LINES.sub("\n", SPACES.sub(" ", text)).strip()
