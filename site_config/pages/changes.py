"""Announcing a change: the transaction that every write to what readers see goes through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

SUBJECT = re.compile(r"site|lists|article:[0-9]+")
RAISE_GENERATION = (
    "INSERT INTO pages_generation (subject, number) VALUES (%s, 1) "
    "ON CONFLICT (subject) DO UPDATE SET number = pages_generation.number + 1"
)


class Change:
    """The subjects that the current transaction changes."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.wrote = False

    def mark(self, *subjects: str) -> None:
        for subject in subjects:
            if not SUBJECT.fullmatch(subject):
                raise ValueError(f"{subject!r} is no subject: use site, lists or article:ID")
        self.subjects.update(subjects)


@contextmanager
def changing(*subjects: str, otherwise: str | None = None, using: str = DEFAULT_DB_ALIAS) -> Iterator[Change]:
    """Opens the outermost transaction for a change of what readers see, and announces it at its end.

    Give the subjects, or `mark()` them on the Change that is yielded once they are known. `otherwise` is
    marked if watched rows were written and nothing was marked. Inside another `changing()` the subjects are
    added to that one, and the block is a savepoint. Raises RuntimeError inside a foreign `atomic()`, whose
    rollback or commit it could not see. Cost: one UPSERT for each subject.
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
        with transaction.atomic(using=using):
            yield change
            if otherwise and change.wrote and not change.subjects:
                change.mark(otherwise)
            announce(connection, change.subjects)
    finally:
        connection.page_change = None


def announce(connection, subjects: set[str]) -> None:
    """Raises the generation of each subject, sorted, so that two transactions never wait for each other in a ring."""
    with connection.cursor() as cursor:
        for subject in sorted(subjects):
            cursor.execute(RAISE_GENERATION, [subject])
