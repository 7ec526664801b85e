"""The image library: what comes in is checked and drawn anew, so that nothing of the upload but the picture is served."""

from __future__ import annotations

import hashlib
import re
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Q, QuerySet
from django_tasks import task
from PIL import Image as Pillow

from articles import drawing
from articles.deriving import redraw
from articles.drawing import BadImage, encode_main, open_picture, upright
from articles.models import Article, Image, Rendition
from articles.storing import keep, name_in_storage
from articles.stripping import stripped
from site_config import pages
from site_config.audit.log import record
from site_config.jobs.backend import enqueue_once
from site_config.jobs.models import Job
from site_config.lib.text import one_line

LONGEST_TITLE = 200
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn what follows round: the name of a file may lie with them."""


class InUse(Exception):
    """An article shows the picture, so that it is not deleted."""


class Prepared(NamedTuple):
    """A picture whose files are there already: what its row will say."""

    digest: str
    extension: str
    width: int
    height: int
    original: str


def add(file: BinaryIO | Prepared, *, by, title: str, alt: str = "", decorative: bool = False, credit: str = "") -> Image:
    """Puts a picture into the library and queues its renditions. Raises BadImage."""
    prepared = file if isinstance(file, Prepared) else prepare(file)
    words = {"title": title[:LONGEST_TITLE], "alt": alt, "decorative": decorative, "credit": credit}
    with pages.changing():
        image = Image.objects.create(**words, **prepared._asdict(), uploaded_by=by)
        record("image added", image, by=by)
        enqueue_once(draw_renditions, image.pk, key=str(image.pk))
    return image


def replace(image: Image, file: BinaryIO | Prepared, *, by, alt: str, decorative: bool = False) -> Image:
    """Puts another file in a picture's place: once this is committed, all that showed the old one shows the new one.

    What mattered in the old one is forgotten, for it is elsewhere now. Raises BadImage.
    """
    prepared = file if isinstance(file, Prepared) else prepare(file)
    words = {"alt": alt, "decorative": decorative, "focal_x": 50, "focal_y": 50, "drawn": 0}
    with pages.changing():
        image = lock(image)
        before = image.digest
        for name, value in {**prepared._asdict(), **words}.items():
            setattr(image, name, value)
        image.save()
        image.renditions.all().delete()
        record("image replaced", image, by=by, before=before, after=image.digest)
        enqueue_once(draw_renditions, image.pk, key=str(image.pk))
        redraw(showing(image.pk))
    return image


def describe(image: Image, *, by, **words: object) -> Image:
    """Changes what the library says of a picture, and what matters in it (`focal_x`, `focal_y`). Lead images follow at once,
    cut ones once they are drawn; figures in a text have words of their own."""
    with pages.changing():
        image = lock(image)
        changed = {name for name, value in words.items() if getattr(image, name) != value}
        if not changed:
            return image
        for name in changed:
            setattr(image, name, words[name])
        if changed & {"focal_x", "focal_y"}:
            image.drawn = 0
            enqueue_once(draw_renditions, image.pk, key=str(image.pk))
        image.save()
        record("image changed", image, by=by, fields=sorted(changed))
        if changed & {"alt", "decorative", "credit"}:
            redraw(Article.objects.filter(image_id=image.pk))
    return image


def remove(image: Image, *, by) -> None:
    """Deletes a picture that nothing uses. Raises InUse."""
    with pages.changing():
        image = lock(image)
        if image.uses.exists():
            raise InUse(f"“{image}” is used and stays.")
        record("image deleted", image, by=by, digest=image.digest)
        image.delete()


def lock(image: Image) -> Image:
    """The picture as the database has it now, held until the transaction ends."""
    return Image.objects.select_for_update().get(pk=image.pk)


def title_from(name: str) -> str:
    """What a picture is called that came without a title: the name of its file, without what is no word."""
    stem = one_line(TURNING.sub("", name.rpartition(".")[0] or name))
    return " ".join(stem.replace("_", " ").split())[:LONGEST_TITLE] or "Picture"


def read(file: BinaryIO) -> bytes:
    """The bytes of an upload, at most IMAGE_MAX_BYTES of them."""
    data = file.read(settings.IMAGE_MAX_BYTES + 1)
    if not data:
        raise BadImage("This file is empty. Choose another one.")
    if len(data) > settings.IMAGE_MAX_BYTES:
        raise BadImage(f"This file is larger than {settings.IMAGE_MAX_BYTES // 1_000_000} MB. Save it smaller and try again.")
    return data


def prepare(file: BinaryIO) -> Prepared:
    """Draws the picture anew and keeps both files. Takes a second or more, and no lock: not for inside a transaction.

    Raises BadImage.
    """
    data = read(file)
    drawn = upright(open_picture(data))
    drawn.thumbnail((drawing.LONGEST_SIDE, drawing.LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    digest, extension = keep(*encode_main(drawn))
    return Prepared(digest, extension, *drawn.size, keep_original(stripped(data)))


def originals() -> FileSystemStorage:
    """Where no address leads."""
    return FileSystemStorage(location=settings.ORIGINALS_ROOT, file_permissions_mode=0o600)


def keep_original(data: bytes) -> str:
    """Stores the upload, which is `stripped()`."""
    private, name = originals(), hashlib.sha256(data).hexdigest()
    if not private.exists(name):
        private.save(name, ContentFile(data))
    return name


def name_of_original(data: bytes) -> str:
    """What the original of these uploaded bytes is called. Raises BadImage where they are no picture."""
    open_picture(data)
    return hashlib.sha256(stripped(data)).hexdigest()


def showing(image_id: int) -> QuerySet[Article]:
    """Articles whose published form shows the image."""
    of_use = Article.objects.filter(image_uses__image_id=image_id)
    return of_use.filter(Q(image_id=image_id) | Q(body__contains=f'data-image="{image_id}"'))


@task
def draw_renditions(image_id: int) -> None:
    """Draws what is served of the picture, then has its articles show it. Repeatable; a picture that was replaced, or whose
    focal point moved while this drew, has another job waiting."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return
    with default_storage.open(name_in_storage(image.digest, image.extension)) as file, Pillow.open(file) as found:
        drawn = upright(found)
    made = {
        rendition.spec: (*keep(rendition.data, rendition.extension), rendition.width, rendition.height)
        for rendition in drawing.renditions(drawn, (image.focal_x, image.focal_y))
    }
    original = strip_original(image.original)
    with pages.changing():
        as_drawn = {"digest": image.digest, "focal_x": image.focal_x, "focal_y": image.focal_y}
        if not Image.objects.select_for_update().filter(pk=image.pk, **as_drawn).exists():
            return
        image.renditions.exclude(spec__in=made).delete()
        for spec, (digest, extension, width, height) in made.items():
            fields = {"digest": digest, "extension": extension, "width": width, "height": height}
            Rendition.objects.update_or_create(image=image, spec=spec, defaults=fields)
        Image.objects.filter(pk=image.pk).update(drawn=drawing.VERSION, original=original)
    redraw(showing(image_id))
    if not Image.objects.filter(original=image.original).exists():
        originals().delete(image.original)


def strip_original(name: str) -> str:
    """The name of the original without what was written beside the picture: originals of an earlier release have that."""
    private = originals()
    if not private.exists(name):
        return name
    with private.open(name) as file:
        return keep_original(stripped(file.read()))


def draw_outdated() -> None:
    """Queues the pictures whose renditions are of an older drawing, but for those of which a job waits or has failed."""
    of_job = Job.objects.filter(task=draw_renditions.module_path).values_list("arguments", flat=True)
    in_hand = {pk for arguments in of_job for pk in arguments["args"]}
    for pk in Image.objects.filter(drawn__lt=drawing.VERSION).values_list("pk", flat=True):
        if pk not in in_hand:
            enqueue_once(draw_renditions, pk, key=str(pk))
