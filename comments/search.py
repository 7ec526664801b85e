"""What readers find among the comments: the second tab of the search page. Rows are written in the verbs' transactions."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from articles.models import Article
from articles.search import index, spelling
from articles.search.excerpts import Piece, excerpt
from articles.search.index import Hit, Index, Spelling, Wanted
from articles.search.matching import Match, matched
from articles.search.query import Query
from articles.search.shelf import of_days, tagged
from comments.markup import words_of
from comments.models import Comment
from site_config.jobs import LATER
from site_config.lib.text import fold

COMMENTS = Index("comments_search", ("name", "words"), (2.0, 1.0))
SIZE = 20
BATCH = 500
COLUMNS = ("name", "twin", "html", "created_at", "article__title", "article__language")
OFF = Article.CommentPolicy.OFF


class Result(NamedTuple):
    comment: Comment
    words: tuple[Piece, ...]


class Results(NamedTuple):
    """`meant` and `some` as in matching.Match."""

    results: list[Result]
    total: int
    more: int | None
    """The place of the next page's first."""
    meant: str = ""
    some: bool = False


def follow(comment: Comment) -> None:
    """Has the index know the comment as it is now: visible ones are in it. In the verb's transaction."""
    if comment.state == Comment.State.VISIBLE:
        index.put(COMMENTS, comment.pk, {"name": comment.name, "words": words_of(comment.html)})
    else:
        index.forget(COMMENTS, comment.pk)


def find(query: Query, start: int = 0) -> Results:
    """A page of the visible comments that match, best first; with filters alone, the newest first.

    Two queries where all words are found as they were typed.
    """
    rows = narrowed(query)
    found = matched(COMMENTS, rows, query, knows=is_known) if query.must else Match(latest(rows), query.wanted)
    hits = found.hits
    more = start + SIZE if len(hits) > start + SIZE else None
    return Results(drawn(hits[start : start + SIZE], found.wanted), len(hits), more, found.meant, found.some)


def is_known(token: str) -> bool:
    """Whether an article or a comment has it. Names, and words that no article has, are not misspelt."""
    wanted = Wanted(((Spelling((token,)),),))
    return spelling.is_known(token) or bool(index.match(COMMENTS, Comment.objects.visible(), wanted, most=1))


def latest(rows: QuerySet) -> list[Hit]:
    return [Hit(pk, 0.0) for pk in rows.order_by("-pk").values_list("pk", flat=True)[: index.MOST]]


def narrowed(query: Query) -> QuerySet:
    """The visible comments on articles that lists name, of these writers, days and tags of the article."""
    articles = tagged(Article.objects.listed().order_by().exclude(comment_policy=OFF), query)
    rows = of_days(Comment.objects.visible().filter(article__in=articles.values("pk")), query, "created_at")
    if query.authors:
        rows = rows.filter(folded__in=[fold(name) for name in query.authors])
    return rows.exclude(folded__in=[fold(name) for name in query.no_authors])


def drawn(hits: list[Hit], wanted: frozenset[str]) -> list[Result]:
    """The results as a page shows them. One query."""
    comments = Comment.objects.select_related("article").only(*COLUMNS).in_bulk([hit.id for hit in hits])
    found = [comments[hit.id] for hit in hits if hit.id in comments]
    return [Result(comment, excerpt(words_of(comment.html), wanted)) for comment in found]


def rebuild() -> int:
    """Indexes all visible comments; how many there are. The site may run meanwhile."""
    visible, count, last = Comment.objects.visible(), 0, 0
    with transaction.atomic():
        index.keep_only(COMMENTS, visible)
    while batch := list(visible.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            for comment in Comment.objects.select_for_update().filter(pk__in=batch).only("name", "html", "state"):
                follow(comment)
        count, last = count + len(batch), batch[-1]
    return count


@task(priority=LATER)
def rebuild_soon() -> None:
    rebuild()
