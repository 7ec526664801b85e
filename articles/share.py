"""Share links: plain addresses, nothing loaded from anyone, no counter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

BLUESKY_LONGEST = 300


class Shared(NamedTuple):
    """What is shared: canonical address, title, share image's absolute address ('' if none), summary."""

    url: str
    title: str
    image: str
    summary: str


class Service(NamedTuple):
    name: str
    address: Callable[[Shared], str]


@lru_cache(maxsize=256)
def value(text: str) -> str:
    """Percent-encoded as one query value (RFC 3986): everything but unreserved characters."""
    return quote(text, safe="")


def text_and_url(shared: Shared) -> str:
    return value(f"{shared.title}\n{shared.url}")


def bluesky_text(shared: Shared) -> str:
    """At most 300 graphemes: the title is shortened, the address never; a long address stands alone."""
    room = BLUESKY_LONGEST - len(shared.url) - 1
    if room < 1:
        return value(shared.url)
    title = shared.title
    if len(title) > room and len(clusters := graphemes(title)) > room:
        title = "".join(clusters[: room - 1]).rstrip() + "…"
    return value(f"{title}\n{shared.url}")


def graphemes(text: str) -> list[str]:
    """Letters with the marks, joiners and selectors that follow them: never fewer clusters than Unicode's own rule gives."""
    clusters: list[str] = []
    for character in text:
        if clusters and (unicodedata.combining(character) or unicodedata.category(character) == "Mn"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


SERVICES: dict[str, Service] = {
    "x": Service("X", lambda s: f"https://x.com/intent/tweet?text={value(s.title)}&url={value(s.url)}"),
    "facebook": Service("Facebook", lambda s: f"https://www.facebook.com/sharer/sharer.php?u={value(s.url)}"),
    "linkedin": Service("LinkedIn", lambda s: f"https://www.linkedin.com/sharing/share-offsite/?url={value(s.url)}"),
    "whatsapp": Service("WhatsApp", lambda s: f"https://wa.me/?text={text_and_url(s)}"),
    "telegram": Service("Telegram", lambda s: f"https://t.me/share/url?url={value(s.url)}&text={value(s.title)}"),
    "reddit": Service("Reddit", lambda s: f"https://www.reddit.com/submit?url={value(s.url)}&title={value(s.title)}"),
    "bluesky": Service("Bluesky", lambda s: f"https://bsky.app/intent/compose?text={bluesky_text(s)}"),
    "mastodon": Service("Mastodon", lambda s: f"https://share.joinmastodon.org/#text={text_and_url(s)}"),
    "threads": Service("Threads", lambda s: f"https://www.threads.com/intent/post?text={value(s.title)}&url={value(s.url)}"),
    "hackernews": Service(
        "Hacker News", lambda s: f"https://news.ycombinator.com/submitlink?u={value(s.url)}&t={value(s.title)}"
    ),
    "pinterest": Service(
        "Pinterest",
        lambda s: (
            (
                f"https://www.pinterest.com/pin/create/button/?url={value(s.url)}"
                f"&media={value(s.image)}&description={value(s.summary)}"
            )
            if s.image
            else ""
        ),
    ),
    "email": Service("E-mail", lambda s: f"mailto:?subject={value(s.title)}&body={text_and_url(s)}"),
}


def links(shared: Shared, services: list[str]) -> list[tuple[str, str]]:
    """(name, address) for each of `services` in their order; those that cannot share this are left out."""
    found = [(SERVICES[name].name, SERVICES[name].address(shared)) for name in services if name in SERVICES]
    return [(name, address) for name, address in found if address]
