"""Slugs: the last part of an address. Letters of any script, digits and hyphens."""

from __future__ import annotations

import re
from functools import cache

from django.db.models import QuerySet
from django.urls import URLResolver, get_resolver
from django.utils.text import slugify

SLUG = re.compile(r"^[-\w]+$")
LONGEST = 100
# Promised by the plan of addresses, also while no view answers there yet.
PROMISED = {"static", "media", "search", "corrections", "feed", "tag", "by", "archive"}


@cache
def reserved() -> frozenset[str]:
    """First segments that the URL configuration answers itself."""
    first = {str(pattern.pattern).lstrip("^").split("/")[0] for pattern in get_resolver().url_patterns}
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and not str(pattern.pattern):
            first |= {str(inner.pattern).lstrip("^").split("/")[0] for inner in pattern.url_patterns}
    return frozenset({word for word in first if SLUG.match(word)} | PROMISED)


def is_reserved(slug: str) -> bool:
    return slug in reserved() or bool(re.fullmatch(r"\d{4}", slug))


def suggest(text: str, default: str = "article") -> str:
    """A slug made of `text`, at most LONGEST characters, never reserved; `default` where no letter is left."""
    slug = slugify(text, allow_unicode=True)[:LONGEST].strip("-_") or default
    return f"{slug}-{default}" if is_reserved(slug) else slug


def free_slug(text: str, others: QuerySet, *, default: str = "article") -> str:
    """As `suggest`, with -2, -3 … behind it while one of `others` has it. Costs one query."""
    slug = suggest(text, default)
    taken = set(others.filter(slug__startswith=slug[: LONGEST - 4]).values_list("slug", flat=True))
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug[: LONGEST - 4]}-{number}"
    return candidate
