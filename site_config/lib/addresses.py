"""Addresses: paths by the names of the URL configuration, and absolute ones from settings alone."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import reverse


@lru_cache(maxsize=4096)
def path_to(name: str, *arguments: str | int) -> str:
    """The path of the view `name`, as `reverse` gives it, but remembered: the plan of addresses never changes."""
    return reverse(name, args=arguments)


def absolute(path: str) -> str:
    """`path` (beginning with a slash) under SITE_URL; an address that is absolute already stays as it is.

    Never from what a request claims.
    """
    return path if path.startswith(("http://", "https://")) else settings.SITE_URL + path
