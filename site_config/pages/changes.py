"""Announcing a change: the transaction that every write to what readers see goes through."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

from site_config.pages import gone, writer

SUBJECT = re.compile(r"site|lists|article:[0-9]+")
RAISE_GENERATION = (
    "INSERT INTO pages_generation (subject, number) VALUES (%s, %s) "
    "ON CONFLICT (subject) DO UPDATE SET number = pages_generation.number + excluded.number"
)
LEAP = 40
"""Bits."""


class Change:
    """The subjects that the current transaction changes, and those of which it hides something."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.hidden: set[str] = set()
        self.wrote = False

    def mark(self, *subjects: str) -> None:
        for subject in subjects:
            if not SUBJECT.fullmatch(subject):
                raise ValueError(f"{subject!r} is no subject: use site, lists or article:ID")
        self.subjects.update(subjects)

    def hide(self, *subjects: str) -> None:
        """Marks them, and says that pages drawn before must not be shown again, not even while the database is down."""
        self.mark(*subjects)
        self.hidden.update(subjects)


@contextmanager
def changing(*subjects: str, otherwise: str | None = None, using: str = DEFAULT_DB_ALIAS) -> Iterator[Change]:
    """Opens the outermost transaction for a change of what readers see, and announces it at its end.

    Give the subjects, or `mark()` them on the Change that is yielded once they are known. `otherwise` is hidden if
    watched rows were written and nothing was marked: nobody knows what that was. Inside another `changing()` the
    subjects are added to that one, and the block is a savepoint. Raises RuntimeError inside a foreign `atomic()`, whose
    rollback or commit it could not see. Cost: one UPSERT for each subject, and on SQLite the write lock.
    """
    connection: Any = connections[using]
    current: Change | None = getattr(connection, "page_change", None)
    if current is not None:
        current.mark(*subjects)
        with transaction.atomic(using=using):
            yield current
        return
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("pages.changing() must open the outermost transaction: put it round the atomic() block.")
    change = Change()
    change.mark(*subjects)
    connection.page_change = change
    try:
        with writing(connection), writer.Announcement(connection) as announcement, transaction.atomic(using=using):
            yield change
            if otherwise and change.wrote and not change.subjects:
                change.hide(otherwise)
            raise_generations(connection, change.subjects)
            remember_hidden(connection, change.hidden)
            announcement.begin(change.subjects, change.hidden)
            connection.page_change = None  # what a callback writes after the commit is no part of it
    finally:
        connection.page_change = None


def hide(*subjects: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """`Change.hide()` of the change that is going on; for what withdraws, removes or erases. RuntimeError without one."""
    change: Change | None = getattr(connections[using], "page_change", None)
    if change is None:
        raise RuntimeError("pages.hide() belongs inside pages.changing().")
    change.hide(*subjects)


def announce(connection, subjects: set[str], *, step: int = 1) -> None:
    """Says, outside `changing()`, that these subjects changed."""
    if connection.in_atomic_block:
        announce_within(connection, subjects, step=step)
        return
    with writing(connection), writer.Announcement(connection) as announcement, transaction.atomic(using=connection.alias):
        raise_generations(connection, subjects, step)
        announcement.begin(subjects)


def announce_within(connection, subjects: set[str], hidden: Iterable[str] = (), *, step: int = 1) -> None:
    """As part of a transaction whose end nobody will tell: until the next change of these subjects their pages are checked
    against the rows. Such a transaction is a single statement too, until all that it returns was fetched."""
    with writing(connection):
        raise_generations(connection, subjects, step)
        remember_hidden(connection, set(hidden))
        writer.Announcement(connection).begin(subjects, hidden)


def announce_everything(connection) -> None:
    """Says that the rows were replaced as a whole. `site` leaps to a number drawn by lot: when an older copy of the database
    is put back, pages in files that are of the time after that copy do not seem to be of its new future."""
    announce(connection, {"site"}, step=secrets.randbits(LEAP) + 1)


def heal(connection) -> int:
    """Has the pages of subjects that killed writers left slow told by their counters again; of how many slots."""
    with writing(connection), transaction.atomic(using=connection.alias):
        counters = writer.counters_of(connection)
        return counters.heal() if counters else 0


def raise_generations(connection, subjects: set[str], step: int = 1) -> None:
    """Sorted, so that two transactions never wait for each other in a ring."""
    with connection.cursor() as cursor:
        for subject in sorted(subjects):
            cursor.execute(RAISE_GENERATION, [subject, step])


def remember_hidden(connection, subjects: set[str]) -> None:
    """Writes down from which generation on pages of these subjects may be shown without asking the database."""
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, number FROM pages_generation")
        numbers = dict(cursor.fetchall())
    try:
        gone.remember({subject: numbers[subject] for subject in subjects})
    except ValueError:
        gone.begin_anew(numbers)
    except OSError as error:
        raise OperationalError(f"{gone.NAME} in the data folder cannot be written ({error.strerror})") from error


def writing(connection) -> AbstractContextManager[None]:
    """The write lock of a SQLite database; other databases let several write at once."""
    return connection.writing() if hasattr(connection, "writing") else nullcontext()
