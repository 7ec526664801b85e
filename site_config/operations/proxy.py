"""What a proxy in front of the site has to know, from the settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from site_config.lib.policy import content_security_policy
from site_config.middleware import PERMISSIONS
from site_config.pages.views import REVALIDATE

UPLOAD = 40


def names() -> dict[str, object]:
    """The names in templates/operations/nginx.conf."""
    site = urlsplit(settings.SITE_URL)
    return {
        "host": site.hostname,
        "listen": site.port or (443 if settings.HTTPS else 80),
        "https": settings.HTTPS,
        "upstream": f"{settings.SITE_HOST}:{settings.SITE_PORT}",
        "facade": settings.PAGE_FACADE or settings.DATA_DIR / "facade",
        "session": settings.SESSION_COOKIE_NAME,
        "upload": UPLOAD,
        "headers": page_headers(),
    }


def page_headers() -> list[tuple[str, str]]:
    """The headers of every public page that the application sends itself."""
    headers = [
        ("Cache-Control", REVALIDATE),
        ("Content-Security-Policy", content_security_policy(settings.SECURE_CSP)),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("Permissions-Policy", PERMISSIONS),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if settings.SECURE_HSTS_SECONDS:
        parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
        parts += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
        headers.append(("Strict-Transport-Security", "; ".join(parts)))
    return headers
