"""The writer's side of the counters: every process that changes what readers see moves them, whatever its settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import OperationalError

from site_config.pages import facade
from site_config.pages.counters import Counters, Stamp
from site_config.pages.freshness import counters_path

_opened: dict[Path, Counters] = {}


class Announcement:
    """A context manager round the transaction of a change, under the write lock: what it began it finishes in the end."""

    def __init__(self, connection) -> None:
        self.counters = counters_of(connection)
        self.raised: Stamp = ()

    def __enter__(self) -> Announcement:
        return self

    def __exit__(self, *exception) -> None:
        if self.counters is not None:
            self.counters.finish(self.raised)

    def begin(self, subjects: Iterable[str], hidden: Iterable[str] = ()) -> None:
        """To be called last before the commit. Raises OperationalError where files of the facade stay."""
        if self.counters is None:
            return
        self.raised = self.counters.begin(subjects)
        try:
            facade.take_away(subjects, for_good=bool(hidden))
        except OSError as error:
            raise OperationalError(f"a page in the facade folder cannot be taken away ({error.strerror})") from error


def counters_of(connection) -> Counters | None:
    """The counters beside a SQLite file; None for other databases, and where nobody can have any.

    Raises OperationalError where there are counters that this process may not write: then others would not notice.
    """
    if not getattr(connection, "is_file", False):
        return None
    path = counters_path(Path(connection.settings_dict["NAME"]).resolve())
    known = _opened.get(path)
    if known is not None and known.is_in_place():
        return known
    try:
        made = _opened[path] = Counters(path)
    except OSError as error:
        if not path.exists():
            return None
        message = f"{path.name} cannot be written ({error.strerror}), so readers would not see the change"
        raise OperationalError(message) from error
    return made
