"""What a request asks for, as the key of a kept page: the path and the known parameters, and nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from site_config.pages.shelf import Key

LONGEST_QUERY = 2000
MOST_PARAMETERS = 50
LONGEST_PATH = 500

HOST = urlsplit(settings.SITE_URL).netloc.lower()
Names = frozenset[str]
_proofs: dict[str, Callable[[str], bool]] = {}


def prove(name: str, is_genuine: Callable[[str], bool]) -> None:
    """Registers how the value of a parameter that goes round the store is told from a forged one."""
    _proofs[name] = is_genuine


def is_proven(name: str, value: str) -> bool:
    return name in _proofs and _proofs[name](value)


def key(path: str, query: str) -> Key | None:
    """The key of a request for `path`, or None where Django has to judge.

    That is a query with a proven token that goes round the store, or one that is endless or no plain UTF-8, or an endless
    path. A path alone is its own key, and so is one whose query says nothing that its view knows.
    """
    if not query:
        return path
    if len(path) > LONGEST_PATH:
        return None
    known, around = parameters_of(path)
    if "%" not in query and not any(name in query for name in known | around):
        return path
    if len(query) > LONGEST_QUERY or query.count("&") > MOST_PARAMETERS:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    if any("\x00" in name + value or (name in around and is_proven(name, value)) for name, value in pairs):
        return None
    asked = tuple(sorted({name: value for name, value in pairs if name in known}.items()))
    return (path, asked) if asked else path


def page_key(method: str, host: str, path: str, query: str) -> Key | None:
    """The key of a public page that Django would keep, asked for under the site's own name; else None. About 40 µs."""
    return key(path, query) if method in {"GET", "HEAD"} and host.lower() == HOST and is_page(path) else None


def query_of(key: Key) -> str:
    """The query string that says what the key says."""
    return "" if isinstance(key, str) else urlencode(key[1])


def known_names(query: Mapping[str, str], parameters: Names, around: Names) -> set[str]:
    """Which names of a parsed query count: the view's own, and those that go round the store with proof."""
    return {name for name in query if name in parameters or (name in around and is_proven(name, query[name]))}


def is_page(path: str) -> bool:
    """Whether the view of this path is marked as a public page. About 30 µs."""
    try:
        return hasattr(resolve(path).func, "page_parameters")
    except Resolver404:
        return False


@lru_cache(maxsize=4096)
def parameters_of(path: str) -> tuple[Names, Names]:
    """What the view of this path knows, and what takes it round the store; see `pages.page`."""
    try:
        view = resolve(path).func
    except Resolver404:
        return frozenset(), frozenset()
    return getattr(view, "page_parameters", (frozenset(), frozenset()))
