"""When the next mail is due, at the pace that somebody chose. By the site's own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from comments.models import Pace

GRACE = timedelta(minutes=3)
"""So that a second thought, a removal or a run of answers is one mail that tells of what stayed."""
MORNING = 7


def next_mail(pace: str, now: datetime) -> datetime:
    """The first moment at which something that is said now is mailed."""
    here = timezone.localtime(now)
    if pace == Pace.HOUR:
        return here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if pace == Pace.DAY:
        return morning(here + timedelta(days=here.hour >= MORNING))
    if pace == Pace.WEEK:
        later = (7 - here.weekday()) % 7 or 7 * (here.hour >= MORNING)
        return morning(here + timedelta(days=later))
    return now + GRACE


def morning(day: datetime) -> datetime:
    """MORNING of this day, also where the clock was changed in its night."""
    naive = datetime(day.year, day.month, day.day, MORNING)
    return timezone.make_aware(naive, day.tzinfo)
