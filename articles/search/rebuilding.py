"""Makes the index anew from the articles, while the site runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from articles.models import Article
from articles.search import index, shelf, spelling
from site_config.jobs import LATER

BATCH = 50


others: list[Callable[[], int]] = []
"""What makes the indexes of other apps anew, each giving how many rows it has; they register in their AppConfig."""


def rebuild(say: Callable[[int], object] = lambda count: None) -> int:
    """Indexes all that is published or scheduled; how many there were. `say` is told as it goes.

    Each batch is a transaction with its articles locked, so that no older text overtakes a publication. What is there
    already is found meanwhile; only misspelt words are not known until they were counted anew.
    """
    with transaction.atomic():
        spelling.forget_all()
        index.keep_only(shelf.ARTICLES, public())
    count = 0
    ids = list(public().order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), BATCH):
        count += put(ids[at : at + BATCH])
        say(count)
    return count


def public() -> QuerySet:
    return Article.objects.exclude(published_at=None).filter(withdrawn_at=None)


def put(ids: Iterable[int]) -> int:
    """Indexes those of these articles that are public or will be."""
    with transaction.atomic():
        wanted = Article.objects.select_for_update().filter(pk__in=ids, withdrawn_at=None).exclude(published_at=None)
        articles = list(wanted.order_by("pk"))
        for article in articles:
            shelf.put(article)
    return len(articles)


@task(priority=LATER)
def rebuild_soon() -> None:
    rebuild()
    for more in others:
        more()


@task
def put_again(ids: list[int]) -> None:
    """After a tag of these articles has another name."""
    for at in range(0, len(ids), BATCH):
        put(ids[at : at + BATCH])
