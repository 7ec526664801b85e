"""The index on PostgreSQL: a table of `tsvector`, made of our own tokens with their places and weights.

Vectors and queries are written out and cast, so that no parser or dictionary of PostgreSQL's has a say.
https://www.postgresql.org/docs/current/datatype-textsearch.html
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from articles.search.index import Index, Spelling, Wanted

LETTERS = "ABCD"
MOST_PLACES = 255
LAST_PLACE = 16_383
GAP = 8
"""Places between two columns, so that no phrase reaches from one into the next."""
SCHEMA = """
    CREATE TABLE IF NOT EXISTS "{table}" ("id" bigint PRIMARY KEY, "vector" tsvector NOT NULL);
    CREATE INDEX IF NOT EXISTS "{table}_vector" ON "{table}" USING gin ("vector");
"""
WORDS_LIKE = "articles_word_like"
# Over an expression, though words are in lower case as it is: trigrams also know how to find what is equal, and then
# PostgreSQL looks up five hundred words that are learnt by this index, which takes it 300 ms instead of one.
SCHEMA_OF_WORDS = f'CREATE INDEX IF NOT EXISTS "{WORDS_LIKE}" ON "articles_word" USING gin (lower("word") gin_trgm_ops)'
LIKE = 'SELECT "word" FROM "articles_word" WHERE lower("word") %% %s ORDER BY similarity("word", %s) DESC LIMIT %s'


def schema(index: Index) -> str:
    return SCHEMA.format(table=index.table)


def put(index: Index, pk: int, texts: list[list[str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{index.table}" ("id", "vector") VALUES (%s, %s::tsvector) '  # noqa: S608 (our own names)
            'ON CONFLICT ("id") DO UPDATE SET "vector" = EXCLUDED."vector"',
            [pk, vector(texts)],
        )


def vector(texts: list[list[str]]) -> str:
    """Each token once, with where it stands. What comes after LAST_PLACE counts as standing there."""
    places: dict[str, list[str]] = {}
    at = 1
    for letter, text in zip(LETTERS, texts, strict=False):
        for token in text:
            known = places.setdefault(token, [])
            if len(known) < MOST_PLACES:
                known.append(f"{min(at, LAST_PLACE)}{letter}")
            at += 1
        at += GAP
    return " ".join(f"{lexeme(token)}:{','.join(dict.fromkeys(where))}" for token, where in places.items())


def lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def forget(index: Index, pks: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{index.table}" WHERE "id" = ANY(%s)', [list(pks)])  # noqa: S608


def keep_only(index: Index, ids: str, parameters: Sequence) -> None:
    """`ids` is a query for the rows that stay."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{index.table}" WHERE "id" NOT IN ({ids})', parameters)  # noqa: S608


def match(index: Index, rows: QuerySet, wanted: Wanted, most: int) -> list[tuple[int, float]]:
    """Ranked by `ts_rank`, a little less the longer the text is (1: divided by 1 + the logarithm of its length)."""
    model, query = rows.model._meta.db_table, expression(wanted)
    highest = max(index.weights)
    weights = [weight / highest for weight in index.weights]
    lowest_first = [0.0] * (4 - len(weights)) + weights[::-1]
    found = rows.order_by().extra(  # noqa: S610 (our own names; what was typed is a parameter)
        tables=[index.table],
        where=[f'"{index.table}"."id" = "{model}"."id"', f'"{index.table}"."vector" @@ %s::tsquery'],
        params=[query],
        select={"score": f'ts_rank(%s::float4[], "{index.table}"."vector", %s::tsquery, 1)'},
        select_params=[lowest_first, query],
        order_by=["-score"],
    )
    return list(found.values_list("pk", "score")[:most])


def expression(wanted: Wanted) -> str:
    must = " & ".join(f"({' | '.join(quoted(spelling) for spelling in spellings)})" for spellings in wanted.must)
    without = " | ".join(quoted(spelling) for spelling in wanted.without)
    return f"({must}) & !({without})" if without else must


def quoted(spelling: Spelling) -> str:
    words = [lexeme(token) for token in spelling.tokens]
    if spelling.begins:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"


def learn(words: Sequence[str]) -> None:
    """Nothing to do: the table of words has an index of its own."""


def forget_words() -> None:
    """Nothing to do, as for learn()."""


def beginning(start: str) -> Q:
    """Words that begin so: not by comparing, for most databases sort by a language, where no last letter is."""
    return Q(word__startswith=start)


def words_like(word: str, most: int) -> list[str]:
    """Words that share runs of three letters with this one, the likest first (https://www.postgresql.org/docs/current/pgtrgm.html)."""
    with connection.cursor() as cursor:
        cursor.execute(LIKE, [word, word, most])
        return [found for (found,) in cursor.fetchall()]
