"""Who may post here: this site's own pages, and staff only with Django's own proof."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from site_config.pages.views import staff_of


def is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sent this form, as far as the browser tells. Programs that tell nothing pass."""
    fetched = request.headers.get("Sec-Fetch-Site", "")
    if fetched:
        return fetched not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}


def proven_staff(request: HttpRequest):
    """The signed-in member of staff, if Django's CSRF check passes for this request; else None, and the post is anonymous."""
    user = staff_of(request)
    if user is None:
        return None
    check = CsrfViewMiddleware(lambda _: None)  # type: ignore[arg-type, return-value]
    check.process_request(request)
    return user if check.process_view(request, lambda _: None, (), {}) is None else None
