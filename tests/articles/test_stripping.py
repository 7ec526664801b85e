"""Nothing of the camera stays in a file, and not a pixel of it moves."""

import io

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from articles.stripping import stripped

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def photograph(mode: str = "RGB") -> Pillow.Image:
    parts = [Pillow.linear_gradient("L").rotate(turn).resize((90, 60)) for turn in (0, 90, 45)]
    return Pillow.merge("RGB", parts).convert(mode)


def camera(orientation: int = 6) -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "Secret camera"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 13.0, 47.0)})
    return exif


def encoded(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, exif=camera(), icc_profile=PROFILE, **options)
    return out.getvalue()


def opened(data: bytes) -> Pillow.Image:
    found = Pillow.open(io.BytesIO(data))
    found.load()
    return found


KINDS = [
    ("JPEG", "RGB", {"comment": b"Secret", "xmp": b"<x>Secret</x>"}),
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "L", {"restart_marker_blocks": 1}),
    ("JPEG", "CMYK", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "P", {}),
    ("WEBP", "RGB", {"xmp": b"Secret"}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("AVIF", "RGB", {}),
]


@pytest.mark.parametrize(("kind", "mode", "options"), KINDS)
def test_it_works(kind, mode, options):
    data = encoded(photograph(mode), kind, **options)
    assert b"Secret" in data
    found = stripped(data)
    assert b"Secret" not in found
    before, after = opened(data), opened(found)
    assert (after.mode, after.tobytes()) == (before.mode, before.tobytes())
    assert after.info["icc_profile"] == PROFILE
    assert dict(after.getexif()) == {ORIENTATION: 6}
    assert after.format == ("PNG" if kind == "AVIF" else kind)
    assert stripped(found) == found


def test_a_gif_becomes_a_png_without_its_comments():
    out = io.BytesIO()
    photograph("P").save(out, "GIF", comment=b"Secret")
    found = stripped(out.getvalue())
    assert opened(found).format == "PNG"
    assert opened(found).convert("RGB").tobytes() == opened(out.getvalue()).convert("RGB").tobytes()
    assert b"Secret" not in found


def test_words_in_a_png_go():
    from PIL import PngImagePlugin

    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Secret")
    words.add_itxt("Comment", "Secret", zip=False)
    assert b"Secret" not in stripped(encoded(photograph(), "PNG", pnginfo=words))


def test_the_preview_behind_a_photograph_goes():
    data = encoded(photograph(), "MPO", save_all=True, append_images=[photograph().resize((9, 6))])
    found = opened(stripped(data))
    assert (found.format, found.tobytes()) == ("JPEG", opened(data).tobytes())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_follows_the_picture_goes(kind):
    data = encoded(photograph(), kind)
    assert stripped(data + b"Secret\xff\xd8\xff") == stripped(data)


@pytest.mark.parametrize("orientation", [0, 1, 9, 77])
def test_an_orientation_that_says_nothing_goes(orientation):
    out = io.BytesIO()
    photograph().save(out, "JPEG", exif=camera(orientation))
    assert not opened(stripped(out.getvalue())).getexif()


def test_a_file_that_is_built_otherwise_is_written_anew():
    """A JPEG whose end is missing: decoders show it, and no segment says where it ends."""
    data = encoded(photograph(), "JPEG")
    assert data.endswith(b"\xff\xd9")
    found = opened(stripped(data[:-2]))
    assert found.format == "PNG"
    assert dict(found.getexif()) == {ORIENTATION: 6}
    assert found.tobytes() == opened(data).tobytes()
