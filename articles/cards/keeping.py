"""Draws the card of an article when it has to be another, and keeps it under the digest of its bytes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from PIL import Image as Pillow

from articles import storing
from articles.cards import drawing, faces
from articles.cards.drawing import Lead, Words
from articles.models import Article, Byline, Card, Image, Rendition
from site_config import pages
from site_config.jobs import LATER
from site_config.jobs.backend import enqueue_once
from site_config.jobs.models import Job

GRACE = timedelta(days=30)
"""How long the file of an older card stays: where the address was shared, it may be named still."""
PACE = timedelta(seconds=1)
"""Between two cards that are drawn because the design or the site's name changed: other jobs come in between."""


class Wanted(NamedTuple):
    """All that a card is drawn from. `picture` is the digest and the extension of the lead image, and its focal point."""

    words: Words
    picture: tuple[str, str, int, int] | None = None

    @property
    def key(self) -> str:
        told = [drawing.VERSION, faces.described(), self.words, self.picture]
        return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()

    def draw(self) -> tuple[bytes, str]:
        """The bytes and their extension. Raises OSError where the lead image is not in the storage."""
        if self.picture is None:
            return drawing.draw(self.words)
        digest, extension, *focal = self.picture
        with default_storage.open(storing.name_in_storage(digest, extension)) as file, Pillow.open(file) as picture:
            picture.draft("RGB", (drawing.WIDTH, drawing.HEIGHT))
            return drawing.draw(self.words, Lead(picture, (focal[0], focal[1])))


def wanted(rows: QuerySet[Article]) -> dict[int, Wanted]:
    """What the cards of these articles are to be drawn from, by id. Two queries."""
    names = defaultdict(list)
    for byline in Byline.objects.filter(article__in=rows.order_by().values("pk")).select_related("user"):
        names[byline.article_id].append(str(byline.user))
    picture = ("image__digest", "image__extension", "image__focal_x", "image__focal_y")
    return {
        pk: Wanted(
            Words(title, tuple(names[pk]) if kind == Article.Kind.ARTICLE else (), settings.SITE_NAME),
            tuple(lead) if lead[0] else None,
        )
        for pk, kind, title, *lead in rows.order_by().values_list("pk", "kind", "title", *picture)
    }


def wanted_of_draft(article: Article, data: dict) -> Wanted:
    """The same for a version that is not published. Two queries at most."""
    users = get_user_model().objects.in_bulk(data["bylines"]) if article.kind == Article.Kind.ARTICLE else {}
    image = Image.objects.filter(pk=data["image"]).first() if data["image"] else None
    names = tuple(str(users[pk]) for pk in data["bylines"] if pk in users)
    picture = (image.digest, image.extension, image.focal_x, image.focal_y) if image else None
    return Wanted(Words(data["title"], names, settings.SITE_NAME), picture)


def wanted_of_site() -> Wanted:
    return Wanted(Words(settings.SITE_NAME, (settings.SITE_TAGLINE,), ""))


@cache
def name_of_default() -> str:
    """The file of the card that stands for the site, and for an article as long as its own is not drawn.

    The job runner has drawn it; before that, and once in a process, it is drawn here.
    """
    asked = wanted_of_site()
    card = Card.objects.filter(article=None, key=asked.key).first()
    return card.name if card else kept(asked)


def kept(asked: Wanted) -> str:
    """Draws the card and stores its file; the file's name."""
    return ".".join(storing.keep(*asked.draw()))


def draw_soon(article: Article) -> None:
    """Has the card drawn, if it has to be another. Inside the verb's transaction."""
    enqueue_once(draw_card, article.pk, key=str(article.pk))


@task(priority=LATER)
def draw_card(article_id: int) -> None:
    """Draws what stands for an article and has its page name that. Of what was taken back no card stays. Repeatable."""
    of_article = Article.objects.filter(pk=article_id).exclude(published_at=None).filter(withdrawn_at=None)
    asked = wanted(of_article).get(article_id)
    before = Card.objects.filter(article=article_id).first()
    if asked is None:
        take_back(before)
    elif before is None or before.key != asked.key:
        put(article_id, asked, kept(asked), before)


def put(article_id: int | None, asked: Wanted, name: str, before: Card | None) -> None:
    with pages.changing(*([f"article:{article_id}"] if article_id else [])):
        Card.objects.update_or_create(article_id=article_id, defaults={"key": asked.key, "name": name})
        if before and before.name != name:
            forget.using(run_after=timezone.now() + GRACE).enqueue(before.name)


def take_back(card: Card | None) -> None:
    if card:
        with pages.changing(f"article:{card.article_id}"):
            card.delete()
            forget.enqueue(card.name)


@task
def forget(name: str) -> None:
    """Deletes the file of a card that nothing shows any more."""
    digest, _, extension = name.partition(".")
    pictures = (Image.objects, Rendition.objects)
    if not Card.objects.filter(name=name).exists() and not any(rows.filter(digest=digest).exists() for rows in pictures):
        storing.drop(digest, extension)


def look_again_soon() -> None:
    """Has the cards drawn anew that are not as they should be: somebody has another name. Inside the verb's transaction."""
    enqueue_once(look_again, key="all")


@task
def look_again() -> None:
    draw_outdated()


def draw_outdated() -> int:
    """Queues the cards that have to be others: of an older design, site's name or author's name; how many.

    Not those of which a job waits or has failed. Four queries where there is nothing to do, and 10 µs for each article.
    """
    draw_default()
    rows = Article.objects.exclude(published_at=None).filter(withdrawn_at=None)
    keys = dict(Card.objects.exclude(article=None).values_list("article", "key"))
    outdated = [pk for pk, asked in wanted(rows).items() if keys.get(pk) != asked.key]
    of_job = Job.objects.filter(task=draw_card.module_path).values_list("arguments", flat=True) if outdated else ()
    in_hand = {pk for arguments in of_job for pk in arguments["args"]}
    due = timezone.now()
    for pk in sorted(set(outdated) - in_hand, reverse=True):
        enqueue_once(draw_card.using(run_after=due), pk, key=str(pk))
        due += PACE
    return len(outdated)


def draw_default() -> None:
    """Draws the card of the site if it has to be another. A query where it has not."""
    asked = wanted_of_site()
    before = Card.objects.filter(article=None).first()
    if before is None or before.key != asked.key:
        put(None, asked, kept(asked), before)
