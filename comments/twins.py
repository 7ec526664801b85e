"""Two writers of one name in a conversation: they are told apart by a number, as 'Ines · 2'."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet

from comments.lookalikes import skeleton
from comments.models import Comment
from site_config.lib.prepared import Prepared

LONGEST = 120
MOST = 32_767
HASHES = 3
"""A network has at most this many: one for each month that the last 30 days touch."""


def tell_apart(comment: Comment, networks: tuple[str, ...]) -> None:
    """Sets `skeleton` and `twin` of a comment that is about to be placed: its article is locked, so no number is given twice.

    Who writes from one of the `networks` in which the name was used here before has the number of then; anybody else
    the next one. Staff have no number: nobody else may use their names. One query.
    """
    comment.skeleton = skeleton(comment.name)[:LONGEST]
    if comment.user is not None:
        return
    here = (networks or ("",)) * HASHES
    for most, mine in same_name(comment.article_id, comment.skeleton, *here[:HASHES]):
        comment.twin = mine or min(most + 1, MOST)


def numbers(article_id: int, name: str, *networks: str) -> QuerySet:
    """Answered by the index alone."""
    named = Comment.objects.filter(article=article_id, skeleton=name).values("article")
    mine = Max("twin", filter=Q(network__in=networks))
    return named.annotate(most=Max("twin"), mine=mine).values_list("most", "mine")


same_name = Prepared(numbers)
