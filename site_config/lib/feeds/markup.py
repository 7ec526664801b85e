"""XML, element by element."""

from __future__ import annotations

import re

from site_config.lib.text import strip_controls

SPECIAL = re.compile(r'[&<>"]')
# By number and not by name: what readers that unescape twice make of it is still the character.
ESCAPES = {"&": "&#38;", "<": "&#60;", ">": "&#62;", '"': "&#34;"}


def escape(text: str) -> str:
    """Text as it may stand in an element or between quotation marks."""
    return SPECIAL.sub(lambda found: ESCAPES[found[0]], strip_controls(text))


def element(name: str, text: str | int = "", **attributes: str | int) -> str:
    """An element. In the names of attributes a double underscore stands for the colon, a last one for nothing; those
    without a value are left out."""
    pairs = "".join(
        f' {key.removesuffix("_").replace("__", ":")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{pairs}>{escape(str(text))}</{name}>" if text != "" else f"<{name}{pairs}/>"


def some(name: str, text: str) -> str:
    """An element, '' for no text."""
    return element(name, text) if text else ""
