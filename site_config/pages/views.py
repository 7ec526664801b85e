"""The mark of a public page: the same bytes for every reader, and what they depend on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from site_config.lib import session_keys
from site_config.pages import keys

REVALIDATE = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"


def depends(request: HttpRequest, *subjects: str) -> None:
    """States that the page being drawn shows something of these subjects."""
    subjects_of(request).update(subjects)


def until(request: HttpRequest, *moments: datetime | None) -> None:
    """States when the page changes by itself, whatever is written: the first of these moments that was still to come when
    the drawing of the page began. (One that comes meanwhile may or may not show in it.)"""
    began = getattr(request, "page_began", None) or time.time()
    coming = [moment.timestamp() for moment in moments if moment and moment.timestamp() > began]
    request.page_ends = min([getattr(request, "page_ends", float("inf")), *coming])  # type: ignore[attr-defined]


class Overdue(Exception):
    """What a page shows should have changed by itself already."""

    def __init__(self, mend: Callable[[], object]) -> None:
        super().__init__()
        self.mend = mend


def overdue(request: HttpRequest, mend: Callable[[], object]) -> None:
    """States that something should have changed already: the page is given up, `mend()` called, and the page drawn again.

    Only once: what could not be mended (a database that cannot be written) is shown as it is.
    """
    if not getattr(request, "page_mended", False):
        raise Overdue(mend)


def subjects_of(request: HttpRequest) -> set[str]:
    if not hasattr(request, "page_subjects"):
        request.page_subjects = set()  # type: ignore[attr-defined]
    return request.page_subjects  # type: ignore[attr-defined]


def page(*parameters: str, around: tuple[str, ...] = ()) -> Callable:
    """Marks a view whose answer is a function of path, known `parameters` and database alone.

    Unknown parameters are dropped from `request.GET`. A request with a genuine token in one of the `around` parameters
    (see `pages.prove`), or of a signed-in member of staff, is answered beside the store: private and unkept, with
    `request.staff` set to the user or None. Only GET and HEAD are answered.
    """
    known_here, around_here = frozenset(parameters), frozenset(around)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            request.staff = staff_of(request)  # type: ignore[attr-defined]
            keep_known(request, keys.known_names(request.GET, known_here, around_here))
            try:
                response = view(request, *args, **kwargs)
            except Overdue as late:
                return unfinished(late)
            if request.staff or any(name in request.GET for name in around):  # type: ignore[attr-defined]
                response.headers["Cache-Control"] = PRIVATE
                return response
            if settings.PAGES_STRICT and response.status_code == 200 and not subjects_of(request):
                raise RuntimeError(f"{view.__name__} is a page but states no pages.depends().")
            response.headers.setdefault("Cache-Control", REVALIDATE)
            response.is_public_page = response.status_code == 200 and not response.streaming
            return response

        answering = require_safe(shown)
        answering.page_parameters = known_here, around_here  # type: ignore[attr-defined]
        return answering

    return decorate


def unfinished(late: Overdue) -> HttpResponse:
    """What the middleware gets instead of a page; no reader does."""
    response = HttpResponse(status=503)
    response.page_mend = late.mend  # type: ignore[attr-defined]
    return response


def staff_of(request: HttpRequest):
    """The signed-in member of staff, or None. A request without a session cookie costs no query.

    Who brings a cookie of nobody's session is a reader: the cookie is forgotten, so that Django's middleware
    neither deletes it nor adds Vary: Cookie on an answer that shared caches may keep.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    if session_keys.is_genuine(request.COOKIES[settings.SESSION_COOKIE_NAME]):
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
