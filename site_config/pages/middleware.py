"""Keeps public pages as they leave Django, with every header they got on the way. The outermost middleware."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from site_config.pages import keys
from site_config.pages.answering import HOST, Answer, respond
from site_config.pages.store import Drawn, Key, store

NEVER = float("inf")


class KeepPages:
    """Draws each public page in one thread at a time; who asked for the same one meanwhile gets that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request) if store.is_on else None
        if key is None:
            return self.get_response(request)
        with store.turn(key) as is_first:
            page = None if is_first else store.find(key)
            if page is not None:
                return as_response(respond(page, request.method or "", LowerCase(request)))
            return self.draw(request, key)

    def draw(self, request: HttpRequest, key: Key) -> HttpResponse:
        moment, began_at = store.moment(), time.time()
        response = self.get_response(request)
        body = getattr(request, "page_body", None)
        if moment is not None and body is not None and can_be_kept(response):
            subjects = frozenset(getattr(request, "page_subjects", ()))
            ends_at = getattr(request, "page_ends", NEVER)
            store.keep(key, Drawn(list(response.items()), body, subjects, began_at, ends_at), moment)
        return response


class LowerCase:
    """A request's headers for `answer()`."""

    def __init__(self, request: HttpRequest) -> None:
        self.headers = request.headers

    def get(self, name: str) -> str | None:
        return self.headers.get(name)


def key_of(request: HttpRequest) -> Key | None:
    """The key of the public page that is asked for by nobody in particular; None for anything else."""
    if request.method != "GET" or request.META.get("HTTP_HOST", "").lower() != HOST:
        return None
    if settings.SESSION_COOKIE_NAME in request.COOKIES or not keys.is_page(request.path):
        return None
    known = keys.known_query(request.path, request.META.get("QUERY_STRING", ""))
    return None if known is None else (request.path, known)


def can_be_kept(response: HttpResponse) -> bool:
    """A whole public page that sets no cookie and varies by coding alone."""
    public = response.status_code == 200 and response.get("Cache-Control", "").startswith("public")
    return public and not response.cookies and response.get("Vary", "") == "Accept-Encoding"


def as_response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        response.headers[name] = value
    return response
