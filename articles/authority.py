"""Permanent ids of what feeds name (RFC 4151): they change neither with a slug nor when the site moves to another host."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from articles.models import Authority
from site_config import pages
from site_config.lib.prepared import Prepared

ONE = 1
FIRST_DAY = "2025"
LOCAL = (".localhost", ".local", ".internal", ".test", ".invalid")
stored = Prepared(lambda: Authority.objects.values_list("name"))


def authority() -> str:
    """Who names things here: what was settled, until then the host of SITE_URL. One query."""
    rows = stored()
    return rows[0][0] if rows else f"{host()},{FIRST_DAY}"


def tag_uri(of: str, path: str) -> str:
    """The id that the authority `of` gives to what `path` says, such as article/7."""
    return f"tag:{of}:{path}"


def settle() -> None:
    """Has the site keep the authority that it has now, once it is where others can reach it. One query, mostly."""
    if stored() or is_local(host()):
        return
    with pages.changing("site"):
        Authority.objects.get_or_create(pk=ONE, defaults={"name": f"{host()},{timezone.localdate().isoformat()}"})


def host() -> str:
    return (urlsplit(settings.SITE_URL).hostname or "localhost").encode("idna").decode("ascii")


def is_local(name: str) -> bool:
    """Whether the name is nobody's own: that of a machine or a number, under which many a site is tried."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(LOCAL)
    return True
