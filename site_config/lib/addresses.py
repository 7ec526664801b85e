"""Absolute addresses, from settings alone: never from what a request claims."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """`path` (beginning with a slash) under SITE_URL; an address that is absolute already stays as it is."""
    return path if path.startswith(("http://", "https://")) else settings.SITE_URL + path
