"""Nobody forgets: sees every write to rows that readers see and insists on `pages.changing()`.

taggit, admin inlines, bulk deletion and `QuerySet.update` pass the verbs by; none passes the cursor by.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import models

logger = logging.getLogger(__name__)

WRITE = re.compile(r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\s+(?:OR\s+\w+\s+)?(?:INTO\s+|FROM\s+)?"?(\w+)"?(.*)', re.I | re.S)
COLUMN = re.compile(r'"(\w+)"\s*=')
WHERE = re.compile(r"\sWHERE\s", re.I)
SUBQUERY = re.compile(r"\(\s*SELECT\s", re.I)

_private_columns: dict[str, frozenset[str]] = {}
_paused = False


class ForgottenChange(RuntimeError):
    """Rows that readers see were written outside `pages.changing()`."""


def watch(*watched: type[models.Model], private: Iterable[str] = ()) -> None:
    """Watches the tables of these models. An UPDATE of `private` columns alone changes nothing that readers see."""
    for model in watched:
        _private_columns[model._meta.db_table] = frozenset(private)


@contextmanager
def paused() -> Iterator[None]:
    """For what rebuilds the database as a whole (flush, restore) and announces `site` itself."""
    global _paused
    before, _paused = _paused, True
    try:
        yield
    finally:
        _paused = before


def install(sender, connection, **kwargs) -> None:
    if see not in connection.execute_wrappers:
        connection.execute_wrappers.append(see)


def see(execute, sql, params, many, context):
    """An execute wrapper; costs one regular expression for a read."""
    table = None if _paused else written_table(sql)
    if table is None:
        return execute(sql, params, many, context)
    connection = context["connection"]
    change = getattr(connection, "page_change", None)
    if change is None:
        return forgotten(table, connection, lambda: execute(sql, params, many, context))
    change.wrote = True
    return execute(sql, params, many, context)


def written_table(sql: str) -> str | None:
    """The watched table that this statement changes for readers, or None."""
    match = WRITE.match(sql)
    if not match or match[2] not in _private_columns:
        return None
    verb, table, rest = match.groups()
    if verb.upper() == "UPDATE":
        written = WHERE.split(rest, maxsplit=1)[0]
        columns = set(COLUMN.findall(written))
        # A subquery has a WHERE of its own, behind which more columns may be written.
        if columns and columns <= _private_columns[table] and not SUBQUERY.search(written):
            return None
    return table


def forgotten(table: str, connection, write: Callable[[], Any]) -> Any:
    """Refuses the write, or makes it and announces it as part of the transaction that it is in."""
    if settings.PAGES_STRICT:
        raise ForgottenChange(f"{table} is written outside pages.changing().")
    logger.error("%s was written outside pages.changing(); every page counts as changed.", table)
    from site_config.pages.changes import announce_within

    result = write()
    announce_within(connection, {"site"}, {"site"})
    return result
