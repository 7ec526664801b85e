"""Pages of a thread: indexed range reads, whatever the size of the thread."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.http import Http404

from articles.models import Article
from comments.models import Comment
from comments.render import Row
from site_config.lib.prepared import Prepared

SIZE = 100
SORTS = ("oldest", "newest", "picks")
# Of a hundred rows, Django takes as long to convert moments and booleans as the database to find them.
AS_STORED = {
    "created_at": Cast("created_at", TextField()),
    "pick": Case(When(pick=True, then=Value("pick")), default=Value("")),
}
COLUMNS = [AS_STORED.get(name, name) for name in Row._fields]


class ThreadPage(NamedTuple):
    rows: list[Row]
    after: int | None
    """The cursor of the next page."""
    is_first: bool


def page(article: Article, *, sort: str = "oldest", after: str | None = None, own: Comment | None = None) -> ThreadPage:
    """The comments that a page shows, in reading order; with `own`, the page on which that one stands, shown or not.

    Raises Http404 for a sort or cursor that does not exist. One query; up to three with a cursor, six with `own`.
    """
    if sort not in SORTS:
        raise Http404("Comments are sorted oldest, newest or picks.")
    start = cursor(article, after) if after is not None else None
    if own is not None and sort == "oldest":
        before = place(own)
        start = Comment.objects.only("root_id", "path").get(pk=before) if before else None
    found = read(article.pk, sort, start)
    more = len(found) > SIZE
    following = found[SIZE - 1].id if more else None
    rows = found[:SIZE] if own is None or sort != "oldest" else with_own(found[:SIZE], own)
    return ThreadPage(rows, following, start is None)


def shown_on(article_id: int) -> QuerySet:
    """As `shown IN (1)`: for `shown=True` Django writes a bare column, and SQLite finds no index for that."""
    return Comment.objects.filter(article=article_id, shown__in=[True])


def ordered(article_id: int, sort: str) -> QuerySet:
    shown = shown_on(article_id)
    if sort == "picks":
        return shown.filter(pick=True, state=Comment.State.VISIBLE).order_by("pk")
    return shown.order_by("-root" if sort == "newest" else "root", "path")


@cache
def beginning(sort: str, count: int) -> Prepared:
    """The first `count` comments of an article, in this order."""
    return Prepared(lambda article_id: ordered(article_id, sort).values_list(*COLUMNS)[:count])


def read(article_id: int, sort: str, last: Comment | None) -> list[Row]:
    """One more than a page has of what comes after `last`: the rest of its thread, then the threads after it."""
    if last is None:
        return rows_of(beginning(sort, SIZE + 1)(article_id))
    shown, threads = shown_on(article_id), ordered(article_id, sort)
    if sort == "picks":
        return take(threads.filter(pk__gt=last.pk), SIZE + 1)
    rest = take(shown.filter(root=last.root_id, path__gt=bytes(last.path)).order_by("path"), SIZE + 1)
    if len(rest) > SIZE:
        return rest
    others = threads.filter(root__lt=last.root_id) if sort == "newest" else threads.filter(root__gt=last.root_id)
    return rest + take(others, SIZE + 1 - len(rest))


def take(comments: QuerySet, count: int) -> list[Row]:
    return rows_of(comments.values_list(*COLUMNS)[:count])


def rows_of(found: Iterable[Sequence]) -> list[Row]:
    """The rows from the values of COLUMNS. PostgreSQL gives bytes as memoryviews, and moments with their offset."""
    return [
        Row(pk, parent, root, bytes(path), state, pick, name, user, html, moment(at), above, above_state)
        for pk, parent, root, path, state, pick, name, user, html, at, above, above_state in found
    ]


def moment(text: str) -> datetime:
    """As stored, with an offset or in UTC."""
    return datetime.fromisoformat(text if "+" in text or "-" in text[19:] else f"{text}+00:00")


def key(row: Row) -> tuple[int, bytes]:
    return row.root_id, row.path


def cursor(article: Article, after: str) -> Comment:
    """The comment that a cursor names, whatever has become of it since."""
    if after.isascii() and after.isdecimal() and len(after) < 19:
        for comment in Comment.objects.filter(article=article, pk=int(after)).only("root_id", "path"):
            return comment
    raise Http404("This page of the conversation does not exist.")


def with_own(rows: list[Row], own: Comment) -> list[Row]:
    """The rows of the page on which `own` stands, with it at its place."""
    if own.pk in {row.id for row in rows}:
        return rows
    (mine,) = take(Comment.objects.filter(pk=own.pk), 1)
    at = bisect([key(row) for row in rows], key(mine))
    return [*rows[:at], mine, *rows[at:]]


def place(comment: Comment) -> int | None:
    """The cursor of the page on which a comment stands, or would stand if it were shown; None is the first page.

    The page begins with the comment's thread, or, far down a long thread, half a page above it. Three queries.
    """
    first = end_of_first_page(SIZE)(comment.article_id)
    here = (comment.root_id, bytes(comment.path))
    if not first or here <= (first[0][0], bytes(first[0][1])):
        return None
    if here[1]:
        above = shown_on(comment.article_id).filter(root=comment.root_id, path__lt=here[1]).order_by("-path")
        within = list(above.values_list("pk", flat=True)[:SIZE])
        if len(within) == SIZE:
            return within[(SIZE - 1) // 2]
    return last_before(comment.article_id, comment.root_id)[0][0]


@cache
def end_of_first_page(size: int) -> Prepared:
    """The place of the last comment on the first page, if that is full."""
    return Prepared(lambda article_id: ordered(article_id, "oldest").values_list("root", "path")[size - 1 : size])


last_before = Prepared(
    lambda article_id, root_id: shown_on(article_id).filter(root__lt=root_id).order_by("-root", "-path").values_list("pk")[:1]
)


def address(comment: Comment, *, own: str = "") -> str:
    """Where a comment is now: the article's address, the cursor of its page, its place; `own` is its writer's token."""
    after = place(comment)
    query = [f"after={after}"] if after else []
    query += [f"c={own}"] if own else []
    home = comment.article.get_absolute_url()
    return f"{home}{'?' if query else ''}{'&'.join(query)}#c-{comment.pk}"
