"""Pages of a conversation and of one thread: each an indexed range read, whatever the size of either.

A page of the conversation has whole threads, each folded to those of its comments that are not tucked; a thread has
pages of its own with all of them. A cursor names the comment after which a page begins, so that pages stay right while
comments come and go.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.http import Http404

from articles.models import Article
from comments.models import Comment
from comments.render import INDENTS, Row
from site_config.lib.prepared import Prepared

SIZE = 100
"""How many comments a page has at most. Half of it holds the longest folded thread, so that a comment can be found."""
SORTS = ("oldest", "newest", "picks")
# Of a hundred rows, Django takes as long to convert moments and booleans as the database to find them.
AS_STORED = {
    "created_at": Cast("created_at", TextField()),
    "pick": Case(When(pick=True, then=Value("pick")), default=Value("")),
    "edited": Case(When(edited_at__isnull=False, then=Value("edited")), default=Value("")),
}
COLUMNS = [AS_STORED.get(name, name) for name in Row._fields]


class Where(NamedTuple):
    """A page: of the conversation in an order, or of the thread with this root; None for its first."""

    sort: str = "oldest"
    thread: int | None = None
    after: int | None = None

    def query(self, **more: str) -> str:
        """The query of its address, '' for the article's own."""
        asked = {"thread": self.thread, "sort": self.sort if self.sort != "oldest" else "", "after": self.after, **more}
        known = [f"{name}={value}" for name, value in asked.items() if value]
        return f"?{'&'.join(known)}" if known else ""


class ThreadPage(NamedTuple):
    where: Where
    rows: list[Row]
    earlier: Where | None
    later: Where | None
    folded: dict[int, int] = {}
    """How many replies the page leaves out, by the root of their thread."""
    above: list[Row] = []
    """What the first comment answers, where a page begins in the middle of a thread: the root and the nearest."""
    root: Comment | None = None
    """Of a page of one thread."""


def page(
    article: Article,
    *,
    sort: str = "oldest",
    thread: str | None = None,
    after: str | None = None,
    own: Comment | None = None,
) -> ThreadPage:
    """The comments that a page shows, in reading order; with `own`, the page on which that one stands, shown or not.

    Raises Http404 for a sort, thread or cursor that does not exist. One query for the first page of the conversation,
    three for a later one, five for a page of a thread; two more with `own`.
    """
    if sort not in SORTS:
        raise Http404("Comments are sorted oldest, newest or picks.")
    where = Where(sort if thread is None else "oldest", number(thread), number(after))
    own = own if sort == "oldest" else None
    if own is not None:
        where = where_is(own)
    found = conversation_page(article, where) if where.thread is None else thread_page(article, where, own)
    return found if own is None else found._replace(rows=with_own(found.rows, own))


def conversation_page(article: Article, where: Where) -> ThreadPage:
    if where.after is None:
        found, earlier = rows_of(beginning(where.sort, SIZE + 1)(article.pk)), None
    else:
        named = cursor(article, where.after)
        last = named.pk if where.sort == "picks" else named.root_id
        found = rows_of(following(where.sort, SIZE + 1)(article.pk, last))
        before = back(where.sort, SIZE)(article.pk, last)
        earlier = where._replace(after=before[0][0] if before else None)
    rows = found[:SIZE] if where.sort == "picks" else whole_threads(found)
    end = (rows[-1].id if where.sort == "picks" else rows[-1].root_id) if len(found) > SIZE else None
    later = where._replace(after=end) if end else None
    return ThreadPage(where, rows, earlier, later, {} if where.sort == "picks" else left_out(rows))


def thread_page(article: Article, where: Where, own: Comment | None) -> ThreadPage:
    """A page of one thread, all of it in reading order. One that is not shown is there for its writer."""
    root = (
        Comment.objects.filter(article=article, parent=None, pk=where.thread).only("name", "state", "shown", "answers").first()
    )
    last = cursor(article, where.after) if where.after is not None else None
    if root is None or not (root.shown or own) or (last and last.root_id != root.pk):
        raise Http404("This thread does not exist.")
    if last is None:
        found, earlier, above = rows_of(thread_from(SIZE + 1)(root.pk)), None, []
    else:
        found = rows_of(thread_after(SIZE + 1)(root.pk, last.pk))
        before = up(SIZE + 1)(root.pk, last.pk)
        earlier = where._replace(after=before[0][0] if before else None)
        above = ancestors(found[0]) if found else []
    later = where._replace(after=found[SIZE - 1].id) if len(found) > SIZE else None
    return ThreadPage(where, found[:SIZE], earlier, later, above=above, root=root)


def listed(article_id: int, sort: str) -> QuerySet:
    """What the pages of the conversation show, in their order.

    As `shown IN (1)`: for `shown=True` Django writes a bare column, and SQLite finds no index for that.
    """
    shown = Comment.objects.filter(article=article_id, shown__in=[True])
    if sort == "picks":
        return shown.filter(pick=True, state=Comment.State.VISIBLE).order_by("pk")
    return shown.filter(tucked__in=[False]).order_by("-root" if sort == "newest" else "root", "path")


def shown_below(root: int) -> QuerySet:
    """A thread in reading order, its root too."""
    return Comment.objects.filter(root=root, shown__in=[True]).order_by("path")


@cache
def beginning(sort: str, count: int) -> Prepared:
    """The first `count` comments of an article, in this order."""
    return Prepared(lambda article_id: listed(article_id, sort).values_list(*COLUMNS)[:count])


@cache
def following(sort: str, count: int) -> Prepared:
    """The first `count` after a thread, or after a pick."""
    key = {"oldest": "root__gt", "newest": "root__lt", "picks": "pk__gt"}[sort]
    return Prepared(lambda article_id, last: listed(article_id, sort).filter(**{key: last}).values_list(*COLUMNS)[:count])


@cache
def back(sort: str, count: int) -> Prepared:
    """The cursor of the page that has the `count` comments up to the end of a thread, or up to a pick; none for the first."""
    key, order = {"oldest": ("root__lte", "-root"), "newest": ("root__gte", "root"), "picks": ("pk__lte", "-pk")}[sort]

    def write(article_id: int, last: int) -> QuerySet:
        until = listed(article_id, sort).filter(**{key: last}).order_by(order)
        return until.values_list(order.lstrip("-"))[count : count + 1]

    return Prepared(write)


@cache
def beyond(count: int) -> Prepared:
    """The thread of the first comment that is not on the conversation's first page."""
    return Prepared(lambda article_id: listed(article_id, "oldest").values_list("root")[count : count + 1])


@cache
def thread_from(count: int) -> Prepared:
    """The first `count` comments of a thread."""
    return Prepared(lambda root: shown_below(root).values_list(*COLUMNS)[:count])


@cache
def thread_after(count: int) -> Prepared:
    """The first `count` of a thread after one of its comments."""
    return Prepared(lambda root, last: shown_below(root).filter(path__gt=path_of(last)).values_list(*COLUMNS)[:count])


@cache
def up(count: int) -> Prepared:
    """The comment that many above one in its thread; that one counts, if it is shown."""

    def write(root: int, last: int) -> QuerySet:
        upwards = shown_below(root).filter(path__lte=path_of(last)).order_by("-path")
        return upwards.values_list("pk")[count - 1 : count]

    return Prepared(write)


def path_of(pk: int) -> QuerySet:
    return Comment.objects.filter(pk=pk).values("path")


above_in_thread = Prepared(
    lambda root, *places: Comment.objects.filter(root=root, nth__in=places).order_by("path").values_list(*COLUMNS)
)


def ancestors(row: Row) -> list[Row]:
    """What a comment answers: the root, and as many of the nearest as the page indents. Their places are in its path."""
    places = [int.from_bytes(row.path[at : at + 4], "big") for at in range(0, len(row.path) - 4, 4)]
    nearest = [0] * INDENTS + places[1 - INDENTS :]
    return rows_of(above_in_thread(row.root_id, *nearest[-INDENTS:]))


def take(comments: QuerySet, count: int) -> list[Row]:
    return rows_of(comments.values_list(*COLUMNS)[:count])


def rows_of(found: Iterable[Sequence]) -> list[Row]:
    """The rows from the values of COLUMNS. PostgreSQL gives bytes as memoryviews, and moments with their offset."""
    return [
        Row(pk, parent, root, bytes(path), *words, moment(at), above, above_state, answers, above_twin)
        for pk, parent, root, path, *words, at, above, above_state, answers, above_twin in found
    ]


def moment(text: str) -> datetime:
    """As stored, with an offset or in UTC."""
    return datetime.fromisoformat(text if "+" in text or "-" in text[19:] else f"{text}+00:00")


def whole_threads(found: list[Row]) -> list[Row]:
    """A page of what was read: one row more than it has shows whether its last thread is whole."""
    if len(found) <= SIZE:
        return found
    end, cut = SIZE, found[SIZE].root_id
    while end and found[end - 1].root_id == cut:
        end -= 1
    return found[:end]


def left_out(rows: list[Row]) -> dict[int, int]:
    drawn = Counter([row.root_id for row in rows])
    return {row.id: row.answers + 1 - drawn[row.id] for row in rows if row.answers and row.answers >= drawn[row.id]}


def number(text: str | None) -> int | None:
    """A comment's number in an address. Raises Http404 for what cannot be one."""
    if text is None:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    raise Http404("This page of the conversation does not exist.")


def cursor(article: Article, after: int) -> Comment:
    """The comment that a cursor names, whatever has become of it since."""
    found = Comment.objects.filter(article=article, pk=after).only("root_id", "path").first()
    if found is None:
        raise Http404("This page of the conversation does not exist.")
    return found


def with_own(rows: list[Row], own: Comment) -> list[Row]:
    """The rows of the page on which `own` stands, with it at its place."""
    if own.pk in {row.id for row in rows}:
        return rows
    (mine,) = take(Comment.objects.filter(pk=own.pk), 1)
    at = bisect([(row.root_id, row.path) for row in rows], (mine.root_id, mine.path))
    return [*rows[:at], mine, *rows[at:]]


def where_is(comment: Comment) -> Where:
    """The page on which a comment stands, or would stand if it were shown: with some of what is before it. Two queries."""
    if comment.tucked:
        far = up(SIZE + 1)(comment.root_id, comment.pk)
        above = up(SIZE // 2)(comment.root_id, comment.pk) if far else None
        return Where(thread=comment.root_id, after=above[0][0] if above else None)
    rest = beyond(SIZE)(comment.article_id)
    above = back("oldest", SIZE // 2)(comment.article_id, comment.root_id) if rest and rest[0][0] <= comment.root_id else None
    return Where(after=above[0][0] if above else None)


def address(comment: Comment, *, own: str = "") -> str:
    """Where a comment is now: the article's address, its page, its place; `own` is its writer's token."""
    return f"{comment.article.get_absolute_url()}{where_is(comment).query(c=own)}#c-{comment.pk}"
