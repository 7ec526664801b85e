"""The words that articles are spelt with: which index PostgreSQL finds them by."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from articles.models import Word
from articles.search import postgres, spelling

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's words have a table of their own for this"),
]


@pytest.fixture
def words() -> list[str]:
    """As many as a large site has, and what autovacuum would do for the table has been done."""
    made = [f"{beginning}{number}" for beginning in ("lantern", "meadow", "harbour") for number in range(10_000)]
    Word.objects.bulk_create(Word(word=word, token=word) for word in made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list(%s)", [postgres.WORDS_LIKE])
        cursor.execute("ANALYZE articles_word")
    return made


def test_words_that_are_learnt_are_not_looked_up_by_their_trigrams(words):
    """That costs a thousand times what reading the whole table does, and happens while an article is published."""
    plan = Word.objects.filter(word__in=words[: spelling.BATCH]).explain()
    assert postgres.WORDS_LIKE not in plan
    assert "trigrams" not in plan


def test_words_alike_are_found_by_their_trigrams(words):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {postgres.LIKE}", ["lantren7", "lantren7", 40])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert postgres.WORDS_LIKE in plan
    assert "lantern7" in postgres.words_like("lantren7", 40)


def test_the_endings_of_a_beginning_are_a_range_of_an_index(words):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Word.objects.filter(postgres.beginning("lantern99")).explain()
    assert re.search(r"Index Cond: .*lantern99", plan), plan
    assert spelling.endings("lantern999") == ["lantern999", *(f"lantern999{number}" for number in range(10))]
