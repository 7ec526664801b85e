"""An index of texts in the database, the same on SQLite and PostgreSQL: rows are written in the verb's transaction.

A text is kept as the tokens of `words.tokens()`, so neither database stems or folds anything itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from articles.search.query import Term
from articles.search.words import tokens

MOST = 300
"""Ranked results at most; who looks further asks for something else."""
LONGEST_TEXT = 400_000
"""Letters of one text that are looked through: what PostgreSQL takes in one row."""


class Index(NamedTuple):
    """A table of texts by the id of their row in the model's table; `weights` say how much a word counts in each column.

    On PostgreSQL there are four weights at most.
    """

    table: str
    columns: tuple[str, ...]
    weights: tuple[float, ...]


class Hit(NamedTuple):
    id: int
    score: float
    """The higher the better; comparable within one search alone."""


class Wanted(NamedTuple):
    """What to match: each of `must` by one of its spellings, none of `without`."""

    must: tuple[tuple[Spelling, ...], ...]
    without: tuple[Spelling, ...] = ()


class Spelling(NamedTuple):
    """Tokens side by side; with `begins`, the last one may go on."""

    tokens: tuple[str, ...]
    begins: bool = False


def backend():
    if connection.vendor == "postgresql":
        from articles.search import postgres

        return postgres
    from articles.search import sqlite

    return sqlite


def put(index: Index, pk: int, texts: Mapping[str, str]) -> None:
    """Writes the row of `pk`, in place of the one that is there. In the transaction of what it follows from."""
    cut = [tokens(texts.get(column, "")[:LONGEST_TEXT]) for column in index.columns]
    backend().put(index, pk, cut)


def forget(index: Index, *pks: int) -> None:
    if pks:
        backend().forget(index, pks)


def keep_only(index: Index, rows: QuerySet) -> None:
    """Drops what is not of one of these rows. One query."""
    backend().keep_only(index, *rows.order_by().values("pk").query.sql_with_params())


def match(index: Index, rows: QuerySet, wanted: Wanted, *, most: int = MOST) -> list[Hit]:
    """The best of `rows` that match, best first. One query; its cost grows with what matches, about 3 µs a row on SQLite."""
    if not wanted.must:
        return []
    return [Hit(pk, float(score)) for pk, score in backend().match(index, rows, wanted, most)]


def asked(must: Sequence[Term], without: Sequence[Term] = ()) -> Wanted:
    """The terms as they were typed."""
    return Wanted(tuple((Spelling(term.tokens),) for term in must), tuple(Spelling(term.tokens) for term in without))
