"""The index on SQLite: an ordinary FTS5 table of tokens (https://sqlite.org/fts5.html)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from articles.search.index import Index, Spelling, Wanted

# The tokens are cut already: nothing but spaces parts them, and marks belong to their letters.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
SCHEMA = 'CREATE VIRTUAL TABLE IF NOT EXISTS "{table}" USING fts5({columns}, tokenize="{tokenizer}")'
WORDS = "articles_search_words"
SCHEMA_OF_WORDS = f'CREATE VIRTUAL TABLE IF NOT EXISTS "{WORDS}" USING fts5(word, tokenize="trigram")'


def schema(index: Index) -> str:
    return SCHEMA.format(table=index.table, columns=", ".join(index.columns), tokenizer=TOKENIZER)


def put(index: Index, pk: int, texts: list[list[str]]) -> None:
    names = ", ".join(index.columns)
    marks = ", ".join(["%s"] * len(index.columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT OR REPLACE INTO "{index.table}" (rowid, {names}) VALUES (%s, {marks})',  # noqa: S608 (our own names)
            [pk, *(" ".join(text) for text in texts)],
        )


def forget(index: Index, pks: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f'DELETE FROM "{index.table}" WHERE rowid = %s', [(pk,) for pk in pks])  # noqa: S608


def keep_only(index: Index, ids: str, parameters: Sequence) -> None:
    """`ids` is a query for the rows that stay."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{index.table}" WHERE rowid NOT IN ({ids})', parameters)  # noqa: S608


def match(index: Index, rows: QuerySet, wanted: Wanted, most: int) -> list[tuple[int, float]]:
    """`bm25()` is negative: the smaller the better."""
    model = rows.model._meta.db_table
    weights = ", ".join(str(weight) for weight in index.weights)
    found = rows.order_by().extra(  # noqa: S610 (our own names; what was typed is a parameter)
        tables=[index.table],
        where=[f'"{index.table}".rowid = "{model}"."id"', f'"{index.table}" MATCH %s'],
        params=[expression(wanted)],
        select={"score": f'-bm25("{index.table}", {weights})'},
        order_by=["-score"],
    )
    return list(found.values_list("pk", "score")[:most])


def expression(wanted: Wanted) -> str:
    """The query in FTS5's own grammar; every token is quoted, so that none is an operator."""
    must = " AND ".join(f"({' OR '.join(quoted(spelling) for spelling in spellings)})" for spellings in wanted.must)
    without = " OR ".join(quoted(spelling) for spelling in wanted.without)
    return f"({must}) NOT ({without})" if without else must


def quoted(spelling: Spelling) -> str:
    words = " ".join(spelling.tokens).replace('"', '""')
    return f'"{words}"{" *" if spelling.begins else ""}'


def learn(words: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{WORDS}" (word) VALUES (%s)', [(word,) for word in words])  # noqa: S608


def forget_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{WORDS}"')  # noqa: S608


def beginning(start: str) -> Q:
    """Words that begin so: a range of the index, which SQLite's LIKE with an escape does not use."""
    return Q(word__gte=start, word__lt=start + "\U0010ffff")


def words_like(word: str, most: int) -> list[str]:
    """Words that share runs of three letters with this one, those with rare runs first."""
    runs = {word[at : at + 3] for at in range(len(word) - 2)}
    if not runs:
        return []
    either = " OR ".join('"' + run.replace('"', '""') + '"' for run in sorted(runs))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT word FROM "{WORDS}" WHERE "{WORDS}" MATCH %s ORDER BY rank LIMIT %s',  # noqa: S608
            [either, most],
        )
        return [found for (found,) in cursor.fetchall()]
