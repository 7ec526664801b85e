"""Headers that every answer carries, the id and the log line of a request, and the door for those that no page can read."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from site_config.lib import logs
from site_config.lib.policy import content_security_policy

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
        "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
SLOW = 1.0
requests = logging.getLogger("masthead.requests")


class RequestId:
    """Gives each request that Django answers an id: in X-Request-ID, in each line of the log, on the page of a fault.

    The outermost middleware, so that no kept page has one. Trusted proxies may bring their own. At the end a line is
    logged: WARNING for what took over SLOW seconds, INFO for a fault of ours (5xx), DEBUG for all else.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = id_of(request)
        before, began = logs.request_id.set(found), time.perf_counter()
        try:
            response = self.get_response(request)
            note(request, response, time.perf_counter() - began)
        finally:
            logs.request_id.reset(before)
        response.headers["X-Request-ID"] = found
        return response


def id_of(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    level = logging.WARNING if seconds > SLOW else logging.INFO if response.status_code >= 500 else logging.DEBUG
    if requests.isEnabledFor(level):
        facts = {
            "method": request.method if request.method in METHODS else "other",
            "route": logs.route_of(request),
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        requests.log(level, "slow" if level == logging.WARNING else "answered", extra=facts)


class SecurityHeaders:
    """Content-Security-Policy and Permissions-Policy, unless the answer brought its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = content_security_policy(settings.SECURE_CSP)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


class RefuseUnreadable:
    """404 for a path, and 400 for a query, that holds NUL bytes or bytes that are not UTF-8.

    Neither can name anything here, and databases refuse both with an error of their own. What is typed into the search
    field is never an error: its view takes anything.
    """

    ANYTHING = "/search/"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "\ufffd" in request.path:
            return render(request, "404.html", status=404)
        if not request.path.startswith(self.ANYTHING) and not readable(request.META.get("QUERY_STRING", "")):
            return render(request, "400.html", status=400)
        return self.get_response(request)


def readable(query: str) -> bool:
    raw = unquote_to_bytes(query.encode("latin-1", "replace"))
    try:
        return "\x00" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
