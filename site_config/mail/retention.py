"""How long it is known that a mail was sent, and to whom."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from site_config.mail.models import Letter

SENT_FOR, DEAD_FOR = timedelta(days=30), timedelta(days=90)


def forget() -> int:
    """Deletes letters sent more than SENT_FOR ago, and dead ones older than DEAD_FOR; how many."""
    now = timezone.now()
    sent = Letter.objects.filter(state=Letter.State.SENT, created_at__lt=now - SENT_FOR)
    dead = Letter.objects.filter(state=Letter.State.DEAD, created_at__lt=now - DEAD_FOR)
    return sent.delete()[0] + dead.delete()[0]
