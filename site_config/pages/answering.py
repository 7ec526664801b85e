"""What the server shells ask before Django wakes."""

from __future__ import annotations

from typing import Protocol

from site_config.lib import session_keys
from site_config.pages import encoding, figures, keys
from site_config.pages.kept import Answer, Kept
from site_config.pages.keys import HOST
from site_config.pages.store import the_store

CACHE_STATUS = "Cache-Status"
"""RFC 9211."""


class Headers(Protocol):
    """A request's headers by lower-case name."""

    def get(self, name: str) -> str | None: ...


def answer(method: str, host: str, path: str, query: str, headers: Headers) -> Answer | None:
    """The kept page for this request, or None: then Django answers.

    None for any method but GET and HEAD, another host than SITE_URL's, a genuine session cookie or token, and whatever
    is not kept or no longer holds. Costs about 2 µs.
    """
    if method not in {"GET", "HEAD"}:
        return None
    key = keys.key(path, query) if query else path
    if key is None:
        return None
    page = the_store().find(key)
    if page is None or (host != HOST and host.lower() != HOST):
        return None
    cookie = headers.get("cookie")
    if cookie and session_keys.in_header(cookie):
        return None
    found = respond(page, method, headers)
    if found.status == 304:
        figures.not_modified()
    else:
        figures.hit()
    return found


def respond(page: Kept, method: str, headers: Headers) -> Answer:
    store = the_store()
    coding = encoding.choose(headers.get("accept-encoding") or "")
    variant = page.variants.get(coding) or store.vary(page, coding)
    had = headers.get("if-none-match")
    found = variant.unless(had) if had else variant.whole
    if store.away:
        found = found._replace(headers=[*found.headers, (CACHE_STATUS, store.away)])
    return found._replace(body=b"") if method == "HEAD" else found
