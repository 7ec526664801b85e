"""What the measured sites hold. Each function runs in a site's own shell and prints, as JSON, what can be asked for."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from articles import publishing, revisions
from articles.models import Article
from comments import posting, tokens
from comments.models import Comment
from site_config.jobs.models import Job
from tests import factories
from tests.bench import story
from tests.comments.sowing import sow

UPLOAD_BYTES = 10_000_000
CAMERA = (6000, 4000)
QUIET = 8
SETTLED_AFTER = 600


def article(*, quick: bool) -> None:
    """The article that comes with the project and 100 comments; quiet ones to write under; somebody signed in; a picture."""
    first = Article.objects.get(slug="the-power-struggle-in-ai")
    converse(first)
    quiet = [copy_of(first, f"quiet-{number}").slug for number in range(QUIET)]
    desk = factories.make_user(username="desk", display_name="Desk", is_superuser=True)
    client = Client()
    client.force_login(desk)
    picture = settings.DATA_DIR / "camera.jpg"
    picture.write_bytes(camera_picture())
    told = {"article": first.pk, "quiet": quiet, "session": client.cookies[settings.SESSION_COOKIE_NAME].value}
    own = tokens.own_token(Comment.objects.filter(article=first).latest("pk").pk)
    tell(told | {"picture": picture.name, "own": own})


def many(*, quick: bool) -> None:
    """A thousand articles of full length at `/many-N/`, numbered from 1."""
    first, count = Article.objects.get(slug="the-power-struggle-in-ai"), 100 if quick else 1000
    for number in range(1, count + 1):
        copy_of(first, f"many-{number}")
    tell({"count": count})


def threads(*, quick: bool) -> None:
    """Articles at `/thread-N/` with N comments each in threads of four, and one with a single thread, all of the same lengths."""
    first = Article.objects.get(slug="the-power-struggle-in-ai")
    sizes, length = ((0, 100, 1000, 3000), 1000) if quick else ((0, 100, 1000, 10_000, 100_000), 10_000)
    for size in sizes:
        made = copy_of(first, f"thread-{size}")
        converse_at_length(made, (None if number % 4 == 0 else number - number % 4 for number in range(size)))
    middle = Comment.objects.filter(article=made).order_by("pk")[sizes[-1] // 2].root_id
    alone = copy_of(first, "one-thread")
    converse_at_length(alone, (None if number == 0 else number // 3 for number in range(length)))
    within = Comment.objects.filter(article=alone).order_by("path")[length // 2]
    tell({"sizes": sizes, "middle": middle, "length": length, "thread": [within.root_id, within.pk]})


def long(*, quick: bool) -> None:
    """An article of 30,000 words with 40 pictures, 20 tables and links, and somebody signed in who may change it."""
    words, pictures, tables = (3_000, 4, 2) if quick else (30_000, 40, 20)
    shown = [factories.make_image(title=f"Picture {number}") for number in range(pictures)]
    body = story.long_body(words, [image.pk for image in shown], tables)
    made = factories.make_article(title="A long article", slug="long", body=body, tags=["Length"])
    desk = factories.make_user(username="desk", display_name="Desk", is_superuser=True)
    client = Client()
    client.force_login(desk)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    told = {"article": made.pk, "cookie": cookie, "words": made.words, "pictures": pictures, "tables": tables}
    tell(told)


def tell(facts: dict) -> None:
    """Once the job runner has done what sowing gave it, so that measurements begin in peace."""
    deadline = time.monotonic() + SETTLED_AFTER
    while Job.objects.due(timezone.now()).exists() or Job.objects.filter(state=Job.State.RUNNING).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The job runner did not come to an end.")
        time.sleep(0.1)
    print(json.dumps(facts))


def copy_of(first: Article, slug: str) -> Article:
    data = {**first.newest.data, "slug": slug, "title": slug.replace("-", " ").capitalize()}
    return publishing.publish(revisions.save(None, data, by=None).article, by=None)


def converse(under: Article) -> None:
    """The remarks, posted one by one, each from a network of its own."""
    made: list[Comment] = []
    for number, remark in enumerate(story.remarks()):
        parent = None if remark.answers is None else made[remark.answers]
        address = f"192.0.2.{number}"
        made.append(posting.post_comment(under, name=remark.name, text=remark.text, parent=parent, address=address).comment)


def converse_at_length(under: Article, answers: Iterable[int | None]) -> None:
    """Rows as posting makes them, in bulk: through the verb 100,000 comments would take some ten minutes."""
    remarks = story.remarks()
    sow(under, answers, [(remark.name, remark.text) for remark in remarks])


def camera_picture() -> bytes:
    """A JPEG of about UPLOAD_BYTES as a camera makes them: 24 million pixels, soft shapes and some noise."""
    coarse = Pillow.frombytes("RGB", (CAMERA[0] // 4, CAMERA[1] // 4), os.urandom(CAMERA[0] * CAMERA[1] * 3 // 16))
    smooth = coarse.resize(CAMERA, Pillow.Resampling.BICUBIC)
    packed = b""
    for quality in range(40, 100, 5):
        out = io.BytesIO()
        smooth.save(out, "JPEG", quality=quality)
        packed = out.getvalue()
        if len(packed) >= UPLOAD_BYTES:
            break
    return packed


def missing(acknowledged: str) -> None:
    """Prints, as JSON, which comments of a file of [id, text] are not there as they were sent, and whether counts hold."""
    wanted = dict(json.loads(Path(acknowledged).read_text()))
    there = dict(Comment.objects.values_list("pk", "source"))
    lost = [pk for pk, text in wanted.items() if there.get(int(pk)) != text]
    counted = {article.slug: (article.comment_count, visible(article)) for article in Article.objects.all()}
    print(json.dumps({"lost": lost, "miscounted": [slug for slug, (kept, real) in counted.items() if kept != real]}))


def visible(article: Article) -> int:
    return Comment.objects.filter(article=article).visible().count()
