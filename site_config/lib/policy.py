"""The Content-Security-Policy of an answer that needs another one than most."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse


def content_security_policy(directives: dict[str, list[str]]) -> str:
    """The header value of a policy in the shape of Django 6's SECURE_CSP."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def allow(response: HttpResponse, **directives: list[str]) -> HttpResponse:
    """Gives the answer the site's policy with these directives (`frame_src=["'self'"]`) in place of its own."""
    own = {name.replace("_", "-"): values for name, values in directives.items()}
    response.headers["Content-Security-Policy"] = content_security_policy({**settings.SECURE_CSP, **own})
    return response


def framed(response: HttpResponse) -> HttpResponse:
    """Lets pages of this site, and no others, show the answer in a frame."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return allow(response, frame_ancestors=["'self'"])
