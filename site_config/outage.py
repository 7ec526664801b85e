"""What people get while the database is away: a word about it, and what they typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader

SECRET = re.compile(
    r"pass(?!age)|pwd|secret|token|fresh|login|user|mail|otp|credential|session|signature|csrf|(^|[_-])(key|code)([_-]|$)", re.I
)
SHORTEST = 20
RETRY = "30"


class DatabaseAway:
    """Answers 503 where a view fails because the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return away(request) if is_outage(exception) else None


def is_outage(exception: BaseException | None) -> bool:
    return isinstance(exception, (OperationalError, InterfaceError))


def away(request: HttpRequest) -> HttpResponse:
    """The page of an outage. Asks nothing of the database."""
    names = {"site_name": settings.SITE_NAME, "site_tagline": settings.SITE_TAGLINE, "site_url": settings.SITE_URL}
    page = loader.render_to_string("503.html", {**names, "kept": list(typed(request)), "sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY, "Cache-Control": "no-store"})


def typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """(name, text) of the fields of a form that somebody may have spent time on; never a password or a token."""
    if request.method != "POST":
        return
    try:
        fields = request.POST.lists()
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError):
        return
    for name, values in fields:
        for value in values:
            if not SECRET.search(name) and (len(value) >= SHORTEST or name in {"name", "title"}):
                yield name.replace("_", " ").capitalize(), value
