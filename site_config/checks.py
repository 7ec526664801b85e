"""System checks: each dangerous or wrong setting in a sentence, with what to do about it."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from articles.share import SERVICES
from site_config.lib.network import proxy_trouble


@register(Tags.security, deploy=True)
def secret_key_is_kept(app_configs, **kwargs) -> list[Error]:
    if settings.SECRET_KEY_IS_KEPT:
        return []
    return [
        Warning(
            "There is no secret key yet, so this command uses one of its own.",
            hint="Run `python3 manage.py quickstart` once, or set SECRET_KEY or SECRET_KEY_FILE.",
            id="masthead.W001",
        )
    ]


@register()
def share_services_exist(app_configs, **kwargs) -> list[Error]:
    unknown = [name for name in settings.SHARE_SERVICES if name not in SERVICES]
    if not unknown:
        return []
    return [
        Error(
            f"MASTHEAD_SHARE names services that are not known: {', '.join(unknown)}.",
            hint=f"Known are: {', '.join(SERVICES)}.",
            id="masthead.E002",
        )
    ]


@register(Tags.caches)
def cache_is_shared(app_configs, **kwargs) -> list[Error]:
    if not settings.CACHES["default"]["BACKEND"].endswith("LocMemCache") or settings.WEB_WORKERS == 1:
        return []
    return [
        Error(
            "Sign-in is throttled through the cache, and a LocMemCache belongs to one process only.",
            hint="Set CACHE_URL to a Redis or Valkey server, or leave it empty for the file cache.",
            id="masthead.E003",
        )
    ]


@register(Tags.security, deploy=True)
def site_url_is_public(app_configs, **kwargs) -> list[Warning]:
    if settings.HTTPS:
        return []
    return [
        Warning(
            f"SITE_URL is {settings.SITE_URL}: links in feeds and mails lead there, and nothing is encrypted.",
            hint="Set SITE_URL to the address readers use, beginning with https://.",
            id="masthead.W004",
        )
    ]


@register(Tags.security)
def metrics_token_is_long(app_configs, **kwargs) -> list[Warning]:
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= 16:
        return []
    return [
        Warning(
            "MASTHEAD_METRICS_TOKEN is so short that it can be guessed.",
            hint="Set at least 16 characters, as printed by: openssl rand -hex 24",
            id="masthead.W005",
        )
    ]


@register(Tags.security, deploy=True)
def proxies_are_declared(app_configs, **kwargs) -> list[Warning]:
    trouble = proxy_trouble()
    if not trouble:
        return []
    what, _, hint = trouble.partition(". ")
    return [Warning(f"{what}.", hint=hint, id="masthead.W007")]
