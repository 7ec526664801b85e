"""Whether a form was sent from a page of this site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sent this form, as far as the browser tells. Programs that tell nothing pass."""
    fetched = request.headers.get("Sec-Fetch-Site", "")
    if fetched:
        return fetched not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
