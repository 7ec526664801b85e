"""Where other apps join the article page. Articles know none of them: each registers itself in its AppConfig."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

after_article: list[str] = []
"""Names of templates that are drawn after the article, with the page's context."""

# Nobody can write this into a title or a comment.
PLACE = f"\ue000{secrets.token_hex(16)}-{{}}\ue000"


def later(request: HttpRequest, html: str) -> str:
    """A placeholder to print instead of long HTML, which `fill_in()` puts there once the templates are done.

    Each block, include and condition of a template copies whatever stands inside it: 30 µs each for a long thread.
    """
    waiting = vars(request).setdefault("waiting_html", [])
    waiting.append(html)
    return PLACE.format(len(waiting) - 1)


def fill_in(request: HttpRequest, page: str) -> str:
    """The page with all that waits for it in its places."""
    for number, html in enumerate(getattr(request, "waiting_html", ())):
        page = page.replace(PLACE.format(number), html)
    return page
