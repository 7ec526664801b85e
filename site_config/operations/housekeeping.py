"""What the scheduler does for the kept pages of all processes."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from site_config.pages.changes import writing
from site_config.pages.epoch import epoch
from site_config.pages.shelf import Shelf
from site_config.pages.writer import counters_of


def sweep_pages() -> int:
    """Removes files of other releases and the oldest over the allowed size; how many bytes are left."""
    return Shelf(settings.DATA_DIR / "pages", epoch(), settings.PAGE_FILES_BYTES).sweep()


def heal_counters() -> int:
    """Makes the counters tell again where a writer was killed between its two steps; how many did not."""
    with writing(connection):
        counters = counters_of(connection)
        return counters.heal() if counters else 0
