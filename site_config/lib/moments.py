"""Moments as people read them on the desk: by the site's own clock, in its language."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def by_the_clock(moment: datetime, form: str = "H:i") -> str:
    """The moment in the site's time zone, in a form of Django's `date` filter."""
    return date_format(timezone.localtime(moment), form)


def day_and_time(moment: datetime) -> str:
    """For sentences: 8 March 2025, 08:00."""
    return by_the_clock(moment, "j F Y, H:i")


def in_short(moment: datetime) -> str:
    """For lists: 8 Mar 2025, 08:00."""
    return by_the_clock(moment, "j M Y, H:i")


def how_long(span: timedelta) -> str:
    """A length of time in its two largest units: '3 h 12 min', '2 days 3 h', 'less than a minute'."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // (24 * 60), minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} day{'' if days == 1 else 's'}" + (f" {hours} h" if hours and days < 7 else "")
    if hours:
        return f"{hours} h" + (f" {rest} min" if rest else "")
    return f"{rest} min" if rest else "less than a minute"
