"""Conversations of thousands of comments, as posting makes them, but in bulk: through the verb 10,000 would take a minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.management.color import no_style
from django.db import connection

from articles.models import Article
from comments import markup
from comments.models import Comment
from comments.placing import put
from site_config import pages

BATCH = 2000
SAID = [(f"Reader {number}", "A few quiet words, as long as all others are.") for number in range(10, 100)]


def sow(
    article: Article, answers: Iterable[int | None], said: Sequence[tuple[str, str]] = SAID, *, first: int | None = None
) -> list[int]:
    """A comment for each of `answers`, which says which of those before it answers, by its number from 0; None for a root.

    `said` are names and texts, in turn. Gives the ids in order, from `first` or behind those that are there. All are visible.
    """
    start = first or (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    made = rows(article, answers, said, start)
    for batch in (made[at : at + BATCH] for at in range(0, len(made), BATCH)):  # the job runner gets its turn between
        with pages.changing(f"article:{article.pk}"):
            Comment.objects.bulk_create(batch)
    with pages.changing(f"article:{article.pk}"):
        Article.objects.filter(pk=article.pk).update(comment_count=len(made))
    count_on_from_here()
    if connection.vendor == "postgresql":  # as autovacuum does in life; before it, plans are made for the rows that were
        with connection.cursor() as cursor:
            cursor.execute('ANALYZE "comments_comment"')
    return [comment.pk for comment in made]


def count_on_from_here() -> None:
    """Lets the next comment have the next number: PostgreSQL does not see numbers that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)


def rows(article: Article, answers: Iterable[int | None], said: Sequence[tuple[str, str]], start: int) -> list[Comment]:
    known = {"article": article, "shown": True, "state": Comment.State.VISIBLE}
    words = [{"name": name, "folded": name.lower(), "source": text, "html": markup.to_html(text)} for name, text in said]
    made: list[Comment] = []
    for number, answered in enumerate(answers):
        comment = Comment(pk=start + number, root_id=start + number, **known, **words[number % len(words)])
        if answered is not None:
            parent = made[answered]
            root = made[parent.root_id - start]
            root.answers += 1
            comment.parent_id, comment.root_id = parent.pk, parent.root_id
            put(comment, bytes(parent.path), root.answers)
        made.append(comment)
    return made
