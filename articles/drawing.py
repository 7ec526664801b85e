"""Pictures drawn anew from what came in: upright, in sRGB, in the set widths, cut round what matters. Knows no models."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, UnidentifiedImageError

VERSION = 1
"""Raise it when renditions come out otherwise: those that are there are then drawn anew."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
LONGEST_SIDE = 2560
WIDTHS = (480, 960, 1600)
CARD = 3 / 2
CARD_WIDTHS = (480, 960)
# Half a second of one core for 1600 pixels, and a third fewer bytes than WebP; faster ones are larger than WebP's.
AVIF = {"quality": 60, "speed": 6, "max_threads": 1}


class BadImage(ValueError):
    """The file cannot be used as a picture; the text says why and what to do."""


class Drawn(NamedTuple):
    """A rendition: its spec is `shape-width-kind`, as `whole-480-avif` or `card-960-plain` (JPEG or PNG)."""

    spec: str
    data: bytes
    extension: str
    width: int
    height: int


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


def encode_main(drawn: Pillow.Image, *, quality: int = 86) -> tuple[bytes, str]:
    """JPEG for photographs, PNG where it is smaller (drawings) or something is transparent."""
    png = encode(drawn if drawn.mode == "RGBA" else few_colours(drawn), "PNG", optimize=True)
    if drawn.mode == "RGBA":
        return png, "png"
    jpeg = encode(drawn, "JPEG", quality=quality, progressive=True, optimize=True)
    return (png, "png") if len(png) < len(jpeg) else (jpeg, "jpg")


def few_colours(drawn: Pillow.Image) -> Pillow.Image:
    """With a palette where the picture has at most 256 colours, else as it is."""
    return drawn.quantize(256) if drawn.getcolors(256) else drawn


def encode(drawn: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def renditions(drawn: Pillow.Image, focal: tuple[int, int]) -> Iterator[Drawn]:
    """The whole picture in the set widths and its own, and cut for cards; each as AVIF, and plain for what cannot show that.

    Never larger than the picture. The plain one of its own width is not among them: that is the picture itself.
    """
    for width in (*(width for width in WIDTHS if width < drawn.width), drawn.width):
        yield from both("whole", drawn, width, with_plain=width < drawn.width)
    card = cut(drawn, CARD, focal)
    for width in [width for width in CARD_WIDTHS if width <= card.width] or [card.width]:
        yield from both("card", card, width)


def both(shape: str, drawn: Pillow.Image, width: int, *, with_plain: bool = True) -> Iterator[Drawn]:
    height = max(1, round(drawn.height * width / drawn.width))
    small = drawn if width == drawn.width else drawn.resize((width, height), Pillow.Resampling.LANCZOS)
    yield Drawn(f"{shape}-{width}-avif", encode(small, "AVIF", **AVIF), "avif", width, height)
    if with_plain:
        yield Drawn(f"{shape}-{width}-plain", *encode_main(small, quality=80), width, height)


def cut(drawn: Pillow.Image, ratio: float, focal: tuple[int, int]) -> Pillow.Image:
    """The largest part of this ratio. `focal` is in per cent from the left and the top, as CSS `object-position` takes it:
    the point of the picture comes to lie at the same place of the part."""
    width = min(drawn.width, max(1, round(drawn.height * ratio)))
    height = min(drawn.height, max(1, round(drawn.width / ratio)))
    left, top = (drawn.width - width) * focal[0] // 100, (drawn.height - height) * focal[1] // 100
    return drawn.crop((left, top, left + width, top + height))
