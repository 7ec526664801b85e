"""What is kept of people who follow, and for how long."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from comments.models import Address, Following, Notice

UNCONFIRMED_FOR = timedelta(days=7)
NETWORK_FOR = timedelta(days=30)
TOLD_FOR = timedelta(days=60)


def forget() -> int:
    """Erases requests that nobody confirmed, addresses that follow nothing, networks and old notices; how many addresses.

    Who wants no mail from here is remembered by a hash alone.
    """
    now = timezone.now()
    with transaction.atomic():
        Following.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_FOR).delete()
        Following.objects.filter(asked_at__lt=now - NETWORK_FOR).exclude(network="").update(network="")
        Notice.objects.filter(told_at__lt=now - TOLD_FOR).delete()
        idle = Address.objects.filter(stopped_at=None, followings=None)
        return idle.delete()[1].get("comments.Address", 0)
