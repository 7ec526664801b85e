"""What a request asks for, as the key of a kept page: the path and the known parameters, and nothing else of it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.urls import Resolver404, resolve

LONGEST_QUERY = 2000
MOST_PARAMETERS = 50


def known_query(path: str, query: str) -> tuple[tuple[str, str], ...] | None:
    """The parameters that the path's view knows, sorted, the last of each name; None where Django has to judge.

    That is a query that goes round the store, is endless or no plain UTF-8, or a path that no public page has.
    """
    if not query:
        return ()
    if len(query) > LONGEST_QUERY or query.count("&") > MOST_PARAMETERS:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    if not pairs:
        return ()
    known, around = parameters_of(path)
    if any(name in around or "\x00" in name + value for name, value in pairs):
        return None
    return tuple(sorted({name: value for name, value in pairs if name in known}.items()))


def is_page(path: str) -> bool:
    """Whether the view of this path is marked as a public page."""
    try:
        return hasattr(resolve(path).func, "page_parameters")
    except Resolver404:
        return False


def parameters_of(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """What the view of this path knows, and what takes it round the store; see `pages.page`. About 30 µs."""
    try:
        view = resolve(path).func
    except Resolver404:
        return frozenset(), frozenset()
    return getattr(view, "page_parameters", (frozenset(), frozenset()))
