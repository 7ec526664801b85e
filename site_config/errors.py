"""The designed answers to what went wrong: 400, 403, 404, 500."""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from site_config import outage
from site_config.lib import logs


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database or the request: whatever broke must not break this page too."""
    if outage.is_outage(sys.exc_info()[1]):
        return outage.away(request)
    names = {"site_name": settings.SITE_NAME, "site_tagline": settings.SITE_TAGLINE, "site_url": settings.SITE_URL}
    names["request_id"] = logs.request_id.get()
    return HttpResponse(loader.render_to_string("500.html", names), status=500)
