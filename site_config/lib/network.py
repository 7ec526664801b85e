"""Where a request comes from, as far as the settings let us trust it, and never as a stored address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client as text, '' if unknown.

    `settings.TRUSTED_PROXIES` proxies stand before us: that many entries of X-Forwarded-For, counted from
    the right, were written by them. With 0 the header is ignored.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXIES
    candidate = forwarded[-count] if count and len(forwarded) >= count else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """The network that one household or office shares: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def keyed_hash(address: str, when: datetime) -> str:
    """32 hex digits that stand for the network of `address` in the month of `when`; '' for no address.

    The key is derived from the secret key and the month, so hashes of different months cannot be joined.
    """
    network = network_of(address)
    if not network:
        return ""
    key = hashlib.sha256(f"network:{when:%Y-%m}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()[:32]
