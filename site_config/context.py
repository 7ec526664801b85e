"""What every template may know about the site: settings only, nothing of the visitor."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    return {"site_name": settings.SITE_NAME, "site_tagline": settings.SITE_TAGLINE, "site_url": settings.SITE_URL}
