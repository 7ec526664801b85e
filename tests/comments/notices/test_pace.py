from datetime import datetime

import pytest
from django.utils import timezone

from comments.notices.pace import next_mail


@pytest.mark.parametrize(
    ("pace", "now", "then"),
    [
        ("each", "2025-02-15T12:00+00:00", "2025-02-15T12:03+00:00"),
        ("hour", "2025-02-15T12:00+00:00", "2025-02-15T13:00+00:00"),
        ("hour", "2025-02-15T23:59+00:00", "2025-02-16T00:00+00:00"),
        ("day", "2025-02-15T06:59+00:00", "2025-02-15T07:00+00:00"),
        ("day", "2025-02-15T07:00+00:00", "2025-02-16T07:00+00:00"),
        ("day", "2025-02-28T12:00+00:00", "2025-03-01T07:00+00:00"),
        ("week", "2025-02-17T06:00+00:00", "2025-02-17T07:00+00:00"),
        ("week", "2025-02-17T07:00+00:00", "2025-02-24T07:00+00:00"),
        ("week", "2025-02-16T12:00+00:00", "2025-02-17T07:00+00:00"),
    ],
)
def test_it_works(pace, now, then):
    assert next_mail(pace, datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_the_morning_is_the_sites_own(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        assert next_mail("day", datetime.fromisoformat("2025-03-29T12:00+00:00")) == datetime.fromisoformat(
            "2025-03-30T05:00+00:00"
        )
