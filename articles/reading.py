"""What pages are made of most often: each one query, which Django writes once. See `site_config.lib.prepared`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, Q
from django.utils import timezone

from articles.models import Article, Byline, Correction, TaggedArticle
from site_config.lib.addresses import path_to
from site_config.lib.prepared import Prepared

UNREAD = {
    "body", "plain_text", "working_title", "source_id", "source_digest", "feed_id", "created_at", "created_by_id", "changed_at",
    "due_id", "due_by_id", "due_updated", "due_trouble", "featured_at",
    "password", "email", "date_joined", "last_login", "biography",
}  # fmt: skip


class Subject(NamedTuple):
    """A tag as a page names it; one that is not stored yet has no address."""

    name: str
    address: str


def columns(model: type[Model]) -> list[str]:
    """The columns of a model that pages may need."""
    return [field.attname for field in model._meta.concrete_fields if field.attname not in UNREAD]


TEXTS = {"body", "html", "plain_text", "contents", "lead"}
WITHOUT_TEXT = [name for name in columns(Article) if name not in TEXTS]
ARTICLE, AUTHOR = columns(Article), columns(get_user_model())

by_slug = Prepared(lambda slug: Article.objects.filter(slug=slug).values_list(*ARTICLE, "card__name"))
tags_by_article = Prepared(
    lambda pk: TaggedArticle.objects.filter(content_object=pk).order_by("pk").values_list("tag__name", "tag__slug")
)
authors_by_article = Prepared(
    lambda pk: Byline.objects.filter(article=pk).values_list(*(f"user__{column}" for column in AUTHOR))
)

CORRECTION = [name for name in columns(Correction) if name in {"id", "text", "made_at", "changes"}]
corrections_by_article = Prepared(lambda pk: Correction.objects.filter(article=pk).values_list(*CORRECTION))

by_id = Prepared(lambda pk: Article.objects.filter(pk=pk).values_list(*WITHOUT_TEXT))
locked_by_id = Prepared(lambda pk: Article.objects.select_for_update().filter(pk=pk).values_list(*WITHOUT_TEXT))


def article_without_text(pk: int, *, lock: bool = False) -> Article | None:
    """The article of this id with what a list or a conversation needs of it. `lock`: until the transaction ends."""
    rows = (locked_by_id if lock else by_id)(pk)
    return Article.from_db(DEFAULT_DB_ALIAS, WITHOUT_TEXT, rows[0]) if rows else None


coming = Prepared(
    lambda now: Article.objects.filter(Q(published_at__gt=now, withdrawn_at=None) | Q(due_at__isnull=False)).values_list(
        "pk", "published_at", "due_at"
    )
)


def article_at(slug: str) -> Article | None:
    """The article of this slug, whatever its state, with its card and without the columns that no page shows."""
    rows = by_slug(slug)
    if not rows:
        return None
    found = Article.from_db(DEFAULT_DB_ALIAS, ARTICLE, rows[0][:-1])
    found.card_name = rows[0][-1] or ""
    return found


def tags_of(article: Article) -> list[Subject]:
    """Its tags, in the editor's order."""
    return [Subject(name, path_to("tag", slug)) for name, slug in tags_by_article(article.pk)]


def authors_of(article: Article) -> list:
    """The users of the byline, in its order."""
    return [get_user_model().from_db(DEFAULT_DB_ALIAS, AUTHOR, row) for row in authors_by_article(article.pk)]


def corrections_of(article: Article) -> list[Correction]:
    """What was corrected in it, newest first. No query where nothing was."""
    rows = corrections_by_article(article.pk) if article.correction_count else ()
    return [Correction.from_db(DEFAULT_DB_ALIAS, CORRECTION, row) for row in rows]


class Coming(NamedTuple):
    """What happens to lists by itself: when next, and to which articles it should have happened already."""

    next_at: datetime | None
    overdue: list[int]


def what_comes() -> Coming:
    """Scheduled publications, and changes that wait for their minute. One query."""
    now = timezone.now()
    moments, overdue = [], []
    for pk, published_at, due_at in coming(now):
        moments += [moment for moment in (published_at, due_at) if moment and moment > now]
        if due_at and due_at <= now:
            overdue.append(pk)
    return Coming(min(moments, default=None), overdue)
