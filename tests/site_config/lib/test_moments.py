from datetime import UTC, datetime

from django.utils import timezone

from site_config.lib.moments import by_the_clock, day_and_time, in_short

MOMENT = datetime(2025, 3, 8, 23, 30, tzinfo=UTC)


def test_it_works():
    assert by_the_clock(MOMENT) == "23:30"
    assert by_the_clock(MOMENT, "j F") == "8 March"
    assert day_and_time(MOMENT) == "8 March 2025, 23:30"
    assert in_short(MOMENT) == "8 Mar 2025, 23:30"


def test_it_is_the_sites_own_clock():
    with timezone.override("Europe/Berlin"):
        assert day_and_time(MOMENT) == "9 March 2025, 00:30"
