"""Who may post here: this site's own pages, and staff only with Django's own proof."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from site_config.lib.origin import is_foreign
from site_config.pages.views import staff_of

__all__ = ["is_foreign", "proven_staff"]


def proven_staff(request: HttpRequest):
    """The signed-in member of staff, if Django's CSRF check passes for this request; else None, and the post is anonymous."""
    user = staff_of(request)
    if user is None:
        return None
    check = CsrfViewMiddleware(lambda _: None)  # type: ignore[arg-type, return-value]
    check.process_request(request)
    return user if check.process_view(request, lambda _: None, (), {}) is None else None
