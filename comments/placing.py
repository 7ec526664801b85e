"""Where a comment stands in its thread, and whether the thread shows it. Each of these is called with the article locked."""

from __future__ import annotations

from django.db import connection

from comments.models import DEEPEST, Comment

FOLD = 20
"""How many replies of a thread stand on the article's page: those that came first. A parent came before its replies."""

# Written out: Django takes half a millisecond to write each anew, with the write lock held.
LAST = """
    UPDATE "comments_comment" SET "answers" = "answers" + %s WHERE "id" = %s
    RETURNING (SELECT MAX("nth") FROM "comments_comment" WHERE "root_id" = %s)
"""
ROOT_OF_ITSELF = 'UPDATE "comments_comment" SET "root_id" = "id" WHERE "id" = %s'
ANSWERED = 'UPDATE "comments_comment" SET "answers" = "answers" + %s WHERE "id" = %s'


def place(comment: Comment) -> None:
    """Gives a new comment its place in the thread and stores it. The lock sees to it that places are not given twice."""
    parent = comment.parent
    if parent is None:
        comment.save(force_insert=True)
        comment.root_id = comment.pk
        run(ROOT_OF_ITSELF, comment.pk)
        return
    comment.root_id = parent.root_id
    put(comment, bytes(parent.path), last_of(parent.root_id, answered=comment.shown) + 1)
    comment.save(force_insert=True)


def last_of(root: int, *, answered: bool) -> int:
    """The nth of the last comment in a thread; counts one more answer if one is to be shown. One query for both."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [int(answered), root, root])
        return cursor.fetchone()[0]


def put(comment: Comment, above: bytes, nth: int) -> None:
    """The columns of the nth reply of a thread, under a parent whose path is `above`."""
    comment.nth, comment.tucked = nth, nth > FOLD
    comment.path = above[: (DEEPEST - 1) * 4] + nth.to_bytes(4, "big")


def show_line(comment: Comment | None) -> None:
    """Sets `shown` of a comment and its ancestors: what readers may not see any more leaves a tombstone while something
    below it is shown. Keeps the thread's count of answers."""
    root, change = comment.root_id if comment else None, 0
    while comment is not None:
        shown = comment.state == Comment.State.VISIBLE or Comment.objects.filter(parent=comment, shown=True).exists()
        if shown == comment.shown:
            break
        comment.shown = shown
        comment.save(update_fields=["shown"])
        if comment.pk != root:
            change += 1 if shown else -1
        comment = comment.parent
    if root and change:
        count_answers(root, change)


def count_answers(root: int, change: int) -> None:
    """Keeps the column that says how many comments are shown below a root. One query, by key."""
    run(ANSWERED, change, root)


def run(sql: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
