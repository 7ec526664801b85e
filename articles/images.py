"""The image library: what comes in is checked and drawn anew, so that nothing of the upload but the picture is served."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Q
from django_tasks import task
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, UnidentifiedImageError

from articles.models import Article, Image, Rendition
from articles.publishing import redraw
from site_config import pages
from site_config.audit.log import record
from site_config.jobs.backend import enqueue_once

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
LONGEST_SIDE = 2560
WIDTHS = (480, 960, 1600)


class BadImage(ValueError):
    """The file cannot be used as a picture; the text says why and what to do."""


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
    words = {"title": title[:200], "alt": alt, "decorative": decorative, "credit": credit}
    with pages.changing():
        image = Image.objects.create(**words, **prepared._asdict(), uploaded_by=by)
        record("image added", image, by=by)
        enqueue_once(draw_renditions, image.pk, key=str(image.pk))
    return image


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
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    digest, extension = keep(*encode_main(drawn))
    return Prepared(digest, extension, *drawn.size, keep_original(data))


def open_picture(data: bytes) -> Pillow.Image:
    """The decoded picture; raises BadImage for what is none, is too large, broken, or moves."""
    Pillow.MAX_IMAGE_PIXELS = settings.IMAGE_MAX_PIXELS
    most = f"{settings.IMAGE_MAX_PIXELS // 1_000_000} million"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            found = Pillow.open(io.BytesIO(data), formats=FORMATS)
            if getattr(found, "n_frames", 1) > 1 and found.format != "MPO":  # a camera's JPEG with a preview behind it
                raise BadImage("This picture moves. Save one frame of it as PNG or JPEG and upload that.")
            found.load()
    except UnidentifiedImageError:
        raise BadImage("This is not a picture that can be used here. Upload a JPEG, PNG, WebP, AVIF or GIF file.") from None
    except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError):
        raise BadImage(f"This picture has more than {most} pixels. Save it smaller and try again.") from None
    except BadImage:
        raise
    except Exception:  # Pillow's decoders raise many kinds for a broken file
        raise BadImage("This picture is damaged and cannot be read. Save it again and upload the new file.") from None
    return found


def upright(found: Pillow.Image) -> Pillow.Image:
    """Turned as the camera said, in sRGB, RGB or RGBA, with nothing of EXIF, GPS or profiles left."""
    turned = ImageOps.exif_transpose(found)
    profile = turned.info.get("icc_profile")
    alpha = "A" in turned.getbands() or "transparency" in turned.info
    if turned.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off at the 8 lowest
        turned = turned.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile and turned.mode in {"RGB", "RGBA", "CMYK", "L"}:
        mode = "RGBA" if turned.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(turned, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the numbers are taken as sRGB
    plain = turned.convert("RGBA" if alpha else "RGB")
    plain.info = {}
    return plain


def encode_main(drawn: Pillow.Image) -> tuple[bytes, str]:
    """JPEG for photographs, PNG where it is smaller (drawings) or something is transparent."""
    png = encode(drawn if drawn.mode == "RGBA" else few_colours(drawn), "PNG", optimize=True)
    if drawn.mode == "RGBA":
        return png, "png"
    jpeg = encode(drawn, "JPEG", quality=86, progressive=True, optimize=True)
    return (png, "png") if len(png) < len(jpeg) else (jpeg, "jpg")


def few_colours(drawn: Pillow.Image) -> Pillow.Image:
    """With a palette where the picture has at most 256 colours, else as it is."""
    return drawn.quantize(256) if drawn.getcolors(256) else drawn


def encode(drawn: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def keep(data: bytes, extension: str) -> tuple[str, str]:
    """Stores served bytes under their own digest; (digest, extension). The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    name = f"{digest[:2]}/{digest}.{extension}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return digest, extension


def keep_original(data: bytes) -> str:
    """Stores the upload as it came, where no address leads."""
    private = FileSystemStorage(location=settings.ORIGINALS_ROOT, file_permissions_mode=0o600)
    name = name_of_original(data)
    if not private.exists(name):
        private.save(name, ContentFile(data))
    return name


def name_of_original(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def uses(image_id: int):
    """Articles whose published form shows the image."""
    return Article.objects.filter(Q(image_id=image_id) | Q(body__contains=f'data-image="{image_id}"'))


@task
def draw_renditions(image_id: int) -> None:
    """Draws the set widths that the image is large enough for, then has its articles show them. Repeatable."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return
    with default_storage.open(f"{image.digest[:2]}/{image.digest}.{image.extension}") as file:
        drawn = Pillow.open(file)
        drawn.load()
    drawn = upright(drawn)
    made = [(width, *draw(drawn, width)) for width in WIDTHS if width < image.width]
    with pages.changing():
        for width, height, (digest, extension) in made:
            fields = {"digest": digest, "extension": extension, "width": width, "height": height}
            Rendition.objects.update_or_create(image=image, spec=f"w{width}", defaults=fields)
    redraw(uses(image_id))


def draw(drawn: Pillow.Image, width: int) -> tuple[int, tuple[str, str]]:
    height = max(1, round(drawn.height * width / drawn.width))
    small = drawn.resize((width, height), Pillow.Resampling.LANCZOS)
    return height, keep(encode(small, "WEBP", quality=80, method=5), "webp")
