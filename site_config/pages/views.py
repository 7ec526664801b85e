"""The mark of a public page: the same bytes for every reader, and what they depend on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from site_config.pages import encoding

REVALIDATE = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"


def depends(request: HttpRequest, *subjects: str) -> None:
    """States that the page being drawn shows something of these subjects."""
    subjects_of(request).update(subjects)


def until(request: HttpRequest, *moments: datetime | None) -> None:
    """States when the page changes by itself, whatever is written: the first of these moments that is still to come."""
    now = time.time()
    coming = [moment.timestamp() for moment in moments if moment and moment.timestamp() > now]
    request.page_ends = min([getattr(request, "page_ends", float("inf")), *coming])  # type: ignore[attr-defined]


def subjects_of(request: HttpRequest) -> set[str]:
    if not hasattr(request, "page_subjects"):
        request.page_subjects = set()  # type: ignore[attr-defined]
    return request.page_subjects  # type: ignore[attr-defined]


def page(*parameters: str, around: tuple[str, ...] = ()) -> Callable:
    """Marks a view whose answer is a function of path, known `parameters` and database alone.

    Unknown parameters are dropped from `request.GET`. A request with one of the `around` parameters (a signed
    token that the view checks), or of a signed-in member of staff, is answered beside the store: private and
    unkept, with `request.staff` set to the user or None. Only GET and HEAD are answered.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            request.staff = staff_of(request)  # type: ignore[attr-defined]
            keep_known(request, {*parameters, *around})
            response = view(request, *args, **kwargs)
            if request.staff or any(name in request.GET for name in around):  # type: ignore[attr-defined]
                response.headers["Cache-Control"] = PRIVATE
                return response
            if settings.PAGES_STRICT and response.status_code == 200 and not subjects_of(request):
                raise RuntimeError(f"{view.__name__} is a page but states no pages.depends().")
            return finish(request, response)

        answering = require_safe(shown)
        answering.page_parameters = frozenset(parameters), frozenset(around)  # type: ignore[attr-defined]
        return answering

    return decorate


def staff_of(request: HttpRequest):
    """The signed-in member of staff, or None. A request without a session cookie costs no query.

    Who brings a cookie of nobody's session is a reader: the cookie is forgotten, so that Django's middleware
    neither deletes it nor adds Vary: Cookie on an answer that shared caches may keep.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    if user.is_authenticated and user.is_active and user.is_staff:
        return user
    del request.COOKIES[settings.SESSION_COOKIE_NAME]
    if hasattr(request, "session"):
        request.session.accessed = False
    return None


def keep_known(request: HttpRequest, known: set[str]) -> None:
    if set(request.GET) - known:
        query = request.GET.copy()
        for name in set(query) - known:
            del query[name]
        request.GET = query  # type: ignore[assignment]


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Coding, entity tag, freshness; 304 where the reader has these bytes already."""
    response.headers.setdefault("Cache-Control", REVALIDATE)
    if response.status_code != 200 or response.streaming:
        return response
    request.page_body = response.content  # type: ignore[attr-defined]
    coding = encoding.choose(request.headers.get("Accept-Encoding", ""))
    tag = encoding.entity_tag(response.content, coding)
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["ETag"] = tag
    if encoding.matches(request.headers.get("If-None-Match", ""), tag):
        return unchanged(response)
    response.content = encoding.encode(response.content, coding)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Content-Length"] = str(len(response.content))
    return response


def unchanged(response: HttpResponse) -> HttpResponse:
    answer = HttpResponseNotModified()
    for name in ("Cache-Control", "ETag", "Vary", "Link", "Last-Modified"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer
