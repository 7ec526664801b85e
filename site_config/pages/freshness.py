"""Whether what a page shows is still what the database says: by the counters if they are there, else by the rows."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Protocol

from django.conf import settings

from site_config.pages.counters import Counters, Stamp
from site_config.pages.observer import Observer

logger = logging.getLogger(__name__)


class Dated(Protocol):
    """What of a page says how new it is: `generations` of its `subjects`, as the snapshot had them that it was drawn from."""

    subjects: tuple[str, ...]
    generations: tuple[int, ...]
    stamp: Stamp | None


class Freshness:
    """The two checks. Both are exact: a page holds if and only if no change of its subjects was committed since."""

    def __init__(self, observer: Observer, counters: Counters | None) -> None:
        self.observer = observer
        self.counters = counters

    @property
    def name(self) -> str:
        return "counters" if self.counters else "data_version"

    def holds(self, page: Dated) -> bool:
        """Raises DatabaseError where the counters do not tell and the rows cannot be read.

        A stamp is taken before the rows are read: what is committed in between moves the counters away from it.
        """
        counters = self.counters
        if counters is None:
            return self.observer.generations(page.subjects) == page.generations
        if page.stamp is not None and counters.hold(page.stamp):
            return True
        stamp = counters.stamp(page.subjects)
        if self.observer.generations(page.subjects) != page.generations:
            return False
        page.stamp = stamp
        return True

    def renew(self) -> None:
        """Takes the counters that were put into the place of its own, as a restored data folder brings them."""
        if self.counters is None or self.counters.is_in_place():
            return
        self.counters = opened(self.counters.path)

    def is_known_current(self, page: Dated) -> bool:
        """As holds(), without asking the database; False if that would have to be asked."""
        return self.counters is not None and page.stamp is not None and self.counters.hold(page.stamp)


def database_path() -> Path | None:
    """The file of the site's SQLite database; None for any other database."""
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"] or ":memory:" in str(database["NAME"]) or "mode=memory" in str(database["NAME"]):
        return None
    return Path(database["NAME"]).resolve()


def counters_path(database: Path) -> Path:
    return database.with_name(f"{database.name}-pages")


def made_freshness() -> Freshness | None:
    """By the settings. Only SQLite can be observed so far."""
    database = database_path()
    if database is None:
        return None
    return Freshness(Observer(database), opened(counters_path(database)) if settings.PAGE_COUNTERS else None)


def opened(path: Path) -> Counters | None:
    try:
        return Counters(path)
    except OSError as error:
        logger.warning("The page counters cannot be used (%s): each page is checked against the database.", error.strerror)
        return None
