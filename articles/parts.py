"""Where other apps join the article page. Articles know none of them: each registers itself in its AppConfig."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from articles.models import Article

after_article: list[str] = []
"""Names of templates that are drawn after the article, with the page's context."""

body_filters: list[Callable[[HttpRequest, Article], str | None]] = []
"""Each may give the article's body otherwise, once the rest of the page is drawn: with safe HTML made of its
`linked_html`, or None to leave it at that.

They are asked one after another, and the last that gives something has it: a second one would have to build on the first.
"""

replies: list[Callable[[Article, str], str]] = []
"""Each gives the absolute address of a feed of what was said about an article, in a format; '' where it has none."""

not_for_robots: list[str] = []
"""Paths, as robots.txt has them, at which search engines find nothing to keep."""

# Nobody can write this into a title or a comment.
PLACE = f"\ue000{secrets.token_hex(16)}-{{}}\ue000"
FACTS = PLACE.format("facts")
"""Stands in the JSON-LD of an article, behind its last property, for what others have to say of it."""


def body(request: HttpRequest, article: Article) -> str:
    """The body of the article, to be printed: a placeholder for what the filters make of it in the end."""

    def filtered() -> str:
        found = [given for ask in body_filters if (given := ask(request, article)) is not None]
        return found[-1] if found else article.linked_html

    return later(request, filtered)


def later(request: HttpRequest, html: str | Callable[[], str]) -> str:
    """A placeholder to print instead of long HTML, or of a function that will give it: `fill_in()` puts it there in the end.

    Each block, include and condition of a template copies whatever stands inside it: 30 µs each for a long thread.
    """
    waiting = vars(request).setdefault("waiting_html", [])
    waiting.append(html)
    return PLACE.format(len(waiting) - 1)


def tell(request: HttpRequest, facts: str, changed: datetime | None) -> None:
    """What another app says of the article to machines while the page is drawn: properties as JSON, each behind a comma, that
    may stand in a script element; and when what it shows changed last."""
    request.told_facts, request.told_changed = facts, changed  # type: ignore[attr-defined]


def changed(request: HttpRequest) -> datetime | None:
    return getattr(request, "told_changed", None)


def fill_in(request: HttpRequest, page: str) -> str:
    """The page with all that waits for it in its places."""
    for number, html in enumerate(getattr(request, "waiting_html", ())):
        page = page.replace(PLACE.format(number), html if isinstance(html, str) else html())
    return page.replace(FACTS, getattr(request, "told_facts", ""))


def feed_of_replies(article: Article, kind: str) -> str:
    """The address of the feed of what was said about an article, '' for none. No query."""
    return next((address for tell in replies if (address := tell(article, kind))), "")
