"""Small makers of rows. Everything goes through the verbs, as in life."""

from __future__ import annotations

import io
import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from PIL import Image as Pillow

from articles import images, publishing, revisions
from articles.models import Article, Image

numbers = itertools.count(1)


def make_user(*, permissions: tuple[str, ...] = (), is_staff: bool = True, **fields):
    number = next(numbers)
    password = fields.pop("password", None)
    user = get_user_model()(**{"username": f"user{number}", "display_name": f"User {number}", "is_staff": is_staff, **fields})
    user.set_password(password)
    user.save()
    for permission in permissions:
        app, _, codename = permission.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return get_user_model().objects.get(pk=user.pk)


def make_draft(*, by=None, kind: str = "article", **data) -> Article:
    number = next(numbers)
    whole = {"title": f"Article {number}", "body": f"<p>Body of article {number}.</p>", "summary": "A summary.", **data}
    return revisions.save(None, whole, by=by, article_kind=kind).article


def make_article(*, by=None, kind: str = "article", at=None, visibility=None, **data) -> Article:
    """A live article (or one that is scheduled for `at`)."""
    return publishing.publish(make_draft(by=by, kind=kind, **data), by=None, at=at, visibility=visibility)


def picture_bytes(size=(640, 400), kind: str = "JPEG", colour="teal", **options) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def make_image(*, by=None, size=(640, 400), **fields) -> Image:
    colour = f"#{next(numbers) % 4096:03x}"
    words = {"title": "A picture", "alt": "A plain field of colour.", **fields}
    return images.add(io.BytesIO(picture_bytes(size, colour=colour)), by=by, **words)
