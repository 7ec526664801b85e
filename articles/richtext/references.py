"""What a body refers to by number: images of the library, articles of this site."""

from __future__ import annotations

import re
from html import unescape

NUMBER = re.compile(r"[0-9]{1,18}")
IMAGE = re.compile(r'data-image="([0-9]{1,18})"')
ARTICLE = re.compile(r'data-article="([0-9]{1,18})"')


def image_ids(body: str) -> set[int]:
    return {int(number) for number in IMAGE.findall(body)}


def article_ids(body: str) -> set[int]:
    return {int(number) for number in ARTICLE.findall(body)}


def alternatives(body: str, image_id: int) -> list[str]:
    """The texts that a cleaned body gives instead of this image, one for each place that has one."""
    places = re.findall(rf'<img\b[^>]*\bdata-image="{image_id}"[^>]*>', body)
    return [unescape(found[1]) for place in places if (found := re.search(r'\balt="([^"]+)"', place))]


def is_number(value: str | None) -> bool:
    """Whether it can be the id of a row: a database takes no more digits, and int() takes digits that it does not."""
    return NUMBER.fullmatch(value or "") is not None
