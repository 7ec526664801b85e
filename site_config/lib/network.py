"""Where a request comes from, as far as the settings let us trust it, and never as a stored address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from site_config.lib import sightings

UNDECLARED = "undeclared-proxy"
TOLD_FOR = timedelta(days=1)
PRIVATE = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")]
"""Not all that is called private: the ranges of documentation and of tests are nobody's network."""


def client_address(request: HttpRequest) -> str:
    """The address of the client as text, '' if unknown.

    `settings.TRUSTED_PROXIES` proxies stand before us: that many entries of X-Forwarded-For, counted from
    the right, were written by them. With 0 the header is ignored; but where it comes from this machine or a private
    network, a proxy stands before us that nobody has declared, and the address would be that of all readers together:
    then it is unknown, and the sighting is kept for the desk.
    """
    if is_undeclared_proxy(request):
        sightings.see(UNDECLARED)
        return ""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXIES
    candidate = forwarded[-count] if count and len(forwarded) >= count else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""


def is_undeclared_proxy(request: HttpRequest) -> bool:
    """Whether the request came through a proxy although none is declared. A public peer may forge what it likes."""
    if settings.TRUSTED_PROXIES or not request.META.get("HTTP_X_FORWARDED_FOR", "").strip():
        return False
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return True  # a socket of this machine has no address
    peer = getattr(peer, "ipv4_mapped", None) or peer
    return peer.is_loopback or any(peer in network for network in PRIVATE if network.version == peer.version)


def proxy_trouble() -> str:
    """What to do about a proxy that was seen and not declared, as a sentence for the owner; '' if none was."""
    seen = None if settings.TRUSTED_PROXIES else sightings.last(UNDECLARED)
    if seen is None or timezone.now() - seen > TOLD_FOR:
        return ""
    return (
        "Readers come through a proxy that the settings do not name, so nobody knows one network from another: comments are "
        "not limited by network, and no writer is known again by it. Set MASTHEAD_PROXIES to the number of proxies before the "
        "server (1 for a single nginx or Caddy), let the first of them overwrite X-Forwarded-For, and start the server again."
    )


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
