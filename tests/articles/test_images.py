import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import ImageCms

from articles import drawing, images
from articles.drawing import VERSION, cut
from articles.images import BadImage
from articles.models import Article, Image, Rendition
from articles.stripping import stripped
from site_config import pages
from site_config.audit.models import Entry
from site_config.jobs.models import Job
from site_config.jobs.runner import run_due
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_image, make_user, picture_bytes

pytestmark = pytest.mark.django_db

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
ORIENTATION, GPS, MAKER, COPYRIGHT = 0x0112, 0x8825, 0x010F, 0x8298


def add(data: bytes, **words) -> Image:
    return images.add(io.BytesIO(data), by=None, **{"title": "A picture", "alt": "A plain field", **words})


def stored(thing: Image | Rendition) -> bytes:
    with default_storage.open(f"{thing.digest[:2]}/{thing.digest}.{thing.extension}") as file:
        return file.read()


def original_of(image: Image) -> bytes:
    return (Path(site.ORIGINALS_ROOT) / image.original).read_bytes()


def opened(thing: Image | Rendition) -> Pillow.Image:
    found = Pillow.open(io.BytesIO(stored(thing)))
    found.load()
    return found


def encoded(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photograph(width: int = 2000, height: int = 1000) -> Pillow.Image:
    """Many colours, so that it is kept as a JPEG."""
    return Pillow.merge("RGB", [Pillow.linear_gradient("L").rotate(turn).resize((width, height)) for turn in (0, 90, 45)])


def png_header(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel that says how large it is, and holds one line."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(width // 8 + 1))) + chunk(b"IEND", b"")


def test_it_works():
    editor = make_user()
    image = images.add(io.BytesIO(encoded(photograph(), "JPEG")), by=editor, title="Title", alt="Alt", credit="Credit")
    assert (image.width, image.height, image.extension) == (2000, 1000, "jpg")
    assert (image.title, image.alt, image.credit, image.decorative, image.uploaded_by) == (
        "Title",
        "Alt",
        "Credit",
        False,
        editor,
    )
    assert image.url == f"/media/{image.digest}.jpg"
    assert opened(image).size == (2000, 1000)
    assert Entry.objects.get(verb="image added").actor == editor
    assert Job.objects.get().task.endswith("draw_renditions")


def test_adding_changes_nothing_that_readers_see():
    add(picture_bytes())
    assert not Generation.objects.exists()


def test_the_upload_is_kept_where_no_address_leads():
    data = picture_bytes()
    image = add(data)
    original = Path(site.ORIGINALS_ROOT) / image.original
    assert original.read_bytes() == stripped(data)
    assert original.stat().st_mode & 0o077 == 0
    assert not original.is_relative_to(site.MEDIA_ROOT)
    assert image.original == images.name_of_original(data)


def test_the_same_file_twice_is_kept_once():
    first, second = add(picture_bytes(colour="plum")), add(picture_bytes(colour="plum"))
    assert first.pk != second.pk
    assert (first.digest, first.original) == (second.digest, second.original)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"Just some words.", "not a picture that can be used"),
        (SVG, "not a picture that can be used"),
        (b"<html><script>alert(1)</script></html>", "not a picture that can be used"),
        (b"GIF89a<script>alert(1)</script>", "damaged|not a picture"),
        (b"%PDF-1.7\n", "not a picture that can be used"),
        (b"\x89PNG\r\n\x1a\n", "damaged|not a picture"),
        (picture_bytes(kind="JPEG")[:-200], "damaged"),
        (picture_bytes(kind="PNG")[:-40], "damaged"),
        (picture_bytes(kind="TIFF"), "not a picture that can be used"),
        (picture_bytes(kind="BMP"), "not a picture that can be used"),
        (picture_bytes(kind="ICO"), "not a picture that can be used"),
        (png_header(20_000, 10_000), "more than 50 million pixels"),
        (png_header(8_000, 7_000), "more than 50 million pixels"),
        (png_header(60_000, 60_000), "more than 50 million pixels"),
        (png_header(100, 100), "damaged"),
        (png_header(0, 0), "damaged|not a picture"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(data, words):
    with pytest.raises(BadImage, match=words) as refused:
        add(data)
    assert any(verb in str(refused.value) for verb in ("Choose", "Upload", "Save"))
    assert not Image.objects.exists()
    assert not Job.objects.exists()


def test_a_file_that_is_too_large_is_not_read_to_its_end(settings):
    settings.IMAGE_MAX_BYTES = 1_000_000

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 < size <= 1_000_001
            return b"x" * size

    with pytest.raises(BadImage, match="larger than 1 MB"):
        images.add(Endless(), by=None, title="x")


def test_a_file_as_large_as_allowed_is_taken(settings):
    data = picture_bytes()
    settings.IMAGE_MAX_BYTES = len(data)
    assert add(data).pk


@pytest.mark.parametrize("size", [(11, 10), (50, 50)])
def test_pixels_are_counted_before_they_are_decoded(settings, size):
    settings.IMAGE_MAX_PIXELS = 100
    with pytest.raises(BadImage, match="pixels"):
        add(picture_bytes(size, "PNG"))
    assert add(picture_bytes((10, 10), "PNG")).pk


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused_kindly(kind):
    frames = [Pillow.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    with pytest.raises(BadImage, match=r"moves\. Save one frame"):
        add(encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_kinds_that_are_taken(kind):
    image = add(picture_bytes(kind=kind))
    assert (image.width, image.height) == (640, 400)
    assert image.extension in {"jpg", "png"}


def test_a_photograph_of_a_camera_that_adds_a_preview_is_taken():
    """Such a file (MPO) is a JPEG with a second one behind it, and does not move."""
    data = encoded(photograph(800, 400), "MPO", save_all=True, append_images=[photograph(80, 40)])
    image = add(data)
    assert (image.width, image.height, image.extension) == (800, 400, "jpg")


def test_nothing_of_the_camera_is_served():
    exif = Pillow.Exif()
    exif[MAKER], exif[COPYRIGHT] = "Secret camera", "Secret name"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 13.0, 47.0), 3: "E", 4: (21.0, 0.0, 42.0)})
    data = encoded(photograph(), "JPEG", exif=exif, comment=b"Secret comment", xmp=b"<x:xmpmeta>Secret</x:xmpmeta>")
    assert Pillow.open(io.BytesIO(data)).getexif().get_ifd(GPS)
    image = add(data)
    run_due()
    served = [image, *image.renditions.all()]
    assert len(served) == 12
    assert b"Secret" not in original_of(image)
    for thing in served:
        assert b"Secret" not in stored(thing)
        found = opened(thing)
        assert not found.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(found.info)


def test_what_follows_the_picture_in_its_file_is_not_served():
    image = add(picture_bytes() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in stored(image)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_as_the_camera_said(orientation):
    sideways = Pillow.new("RGB", (60, 40), "white")
    sideways.paste("black", (0, 0, 20, 20))
    exif = Pillow.Exif()
    exif[ORIENTATION] = orientation
    image = add(encoded(sideways, "PNG", exif=exif))
    turned = orientation >= 5
    assert (image.width, image.height) == ((40, 60) if turned else (60, 40))
    right, low = orientation in {2, 3, 6, 7}, orientation in {3, 4, 7, 8}
    corner = (image.width - 5 if right else 5, image.height - 5 if low else 5)
    assert opened(image).convert("RGB").getpixel(corner) == (0, 0, 0)


def test_a_cmyk_photograph_keeps_its_colours():
    image = add(encoded(Pillow.new("CMYK", (50, 50), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = opened(image).convert("RGB").getpixel((25, 25))
    assert red > 200
    assert green < 60
    assert blue < 60


def test_sixteen_bits_of_grey_keep_their_shades():
    grey = Pillow.new("I;16", (4, 1))
    for place, value in enumerate((0, 16_384, 32_768, 65_535)):
        grey.putpixel((place, 0), value)
    found = opened(add(encoded(grey, "PNG"))).convert("L")
    assert [found.getpixel((place, 0)) for place in range(4)] == [0, 64, 128, 255]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_colours_of_another_profile_are_taken_over_into_srgb(mode, monkeypatch):
    asked = []
    convert = ImageCms.profileToProfile
    monkeypatch.setattr(ImageCms, "profileToProfile", lambda *args, **options: asked.append(1) or convert(*args, **options))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if mode == "L":
        monkeypatch.setattr(
            ImageCms, "profileToProfile", lambda *args, **options: asked.append(1) or Pillow.new("RGB", (20, 20))
        )
    image = add(encoded(Pillow.new(mode, (20, 20)), "PNG", icc_profile=profile))
    assert asked == [1]
    assert "icc_profile" not in opened(image).info


def test_a_broken_profile_stops_nothing():
    assert add(encoded(Pillow.new("RGB", (20, 20)), "PNG", icc_profile=b"no profile")).pk


def test_transparency_of_a_palette_stays():
    picture = Pillow.new("P", (20, 20), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (10, 0, 20, 20))
    image = add(encoded(picture, "PNG", transparency=0))
    found = opened(image).convert("RGBA")
    assert image.extension == "png"
    assert found.getpixel((5, 5))[3] == 0
    assert found.getpixel((15, 5)) == (0, 0, 255, 255)


def test_transparency_stays_in_renditions():
    image = add(encoded(Pillow.new("RGBA", (600, 300), (255, 0, 0, 0)), "PNG"))
    run_due()
    found = list(image.renditions.all())
    assert {rendition.extension for rendition in found} == {"avif", "png"}
    assert [opened(rendition).convert("RGBA").getpixel((10, 10))[3] for rendition in found] == [0] * len(found)


def test_a_huge_photograph_is_made_smaller():
    image = add(encoded(photograph(4000, 2000), "JPEG"))
    assert (image.width, image.height) == (2560, 1280)


def test_a_drawing_is_kept_without_loss():
    drawing = Pillow.new("RGB", (400, 300), "white")
    drawing.paste("black", (10, 10, 200, 12))
    image = add(encoded(drawing, "PNG"))
    assert image.extension == "png"
    assert opened(image).convert("RGB").tobytes() == drawing.tobytes()


class TestRenditions:
    def test_the_job_draws_the_set_widths(self):
        image = add(encoded(photograph(), "JPEG"))
        assert not image.renditions.exists()
        run_due()
        found = {rendition.spec: rendition for rendition in image.renditions.all()}
        assert {spec: (drawn.width, drawn.height, drawn.extension) for spec, drawn in found.items()} == {
            "whole-480-avif": (480, 240, "avif"),
            "whole-480-plain": (480, 240, "jpg"),
            "whole-960-avif": (960, 480, "avif"),
            "whole-960-plain": (960, 480, "jpg"),
            "whole-1600-avif": (1600, 800, "avif"),
            "whole-1600-plain": (1600, 800, "jpg"),
            "whole-2000-avif": (2000, 1000, "avif"),
            "card-480-avif": (480, 320, "avif"),
            "card-480-plain": (480, 320, "jpg"),
            "card-960-avif": (960, 640, "avif"),
            "card-960-plain": (960, 640, "jpg"),
        }
        assert all(opened(drawn).size == (drawn.width, drawn.height) for drawn in found.values())
        assert all(hashlib.sha256(stored(drawn)).hexdigest() == drawn.digest for drawn in found.values())
        assert Image.objects.get().drawn == VERSION
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        ("size", "specs"),
        [
            ((300, 300), {"whole-300-avif", "card-300-avif", "card-300-plain"}),
            ((480, 320), {"whole-480-avif", "card-480-avif", "card-480-plain"}),
            ((481, 100), {"whole-480-avif", "whole-480-plain", "whole-481-avif", "card-150-avif", "card-150-plain"}),
        ],
    )
    def test_none_is_larger_than_the_picture(self, size, specs):
        image = add(picture_bytes(size))
        run_due()
        assert set(image.renditions.values_list("spec", flat=True)) == specs

    def test_a_line_has_a_height(self):
        image = add(picture_bytes((2000, 1), "PNG"))
        run_due()
        assert {rendition.height for rendition in image.renditions.all()} == {1}

    def test_drawing_again_changes_nothing(self):
        image = add(encoded(photograph(), "JPEG"))
        run_due()
        before = list(Rendition.objects.order_by("pk").values())
        images.draw_renditions.call(image.pk)
        assert list(Rendition.objects.order_by("pk").values()) == before

    def test_a_picture_that_is_gone_is_no_trouble(self):
        images.draw_renditions.call(12345)

    def test_articles_show_them_in_text_and_lead(self, client):
        image = make_image(size=(1200, 800))
        article = make_article(image=image.pk, body=f'<figure><img data-image="{image.pk}" alt="A"></figure>')
        assert "srcset" not in article.html
        before = Generation.objects.get(subject=f"article:{article.pk}").number
        run_due()
        article = Article.objects.get()
        whole = image.renditions.filter(spec__startswith="whole")
        modern = ", ".join(f"{drawn.url} {drawn.width}w" for drawn in whole.filter(extension="avif"))
        small, large = whole.exclude(extension="avif")
        plain = f"{small.url} 480w, {large.url} 960w, {image.url} 1200w"
        assert f'<source type="image/avif" srcset="{modern}"' in article.html
        assert f'srcset="{plain}"' in article.html
        page = client.get(article.get_absolute_url()).content.decode()
        assert page.count(f'<source type="image/avif" srcset="{modern}"') == 2
        assert page.count(f'srcset="{plain}"') == 2
        assert page.count('width="1200" height="800"') == 2
        assert Generation.objects.get(subject=f"article:{article.pk}").number > before

    def test_the_front_page_shows_it_cut(self, client):
        image = make_image(size=(400, 1000))
        make_article(image=image.pk)
        assert 'width="400" height="1000"' in client.get("/").content.decode()
        run_due()
        page = client.get("/").content.decode()
        assert 'width="400" height="267" alt=""' in page
        assert image.renditions.get(spec="card-400-avif").url in page

    def test_other_articles_are_left_alone(self):
        other = make_article(kind="page", body="<p>No picture.</p>")
        run_due()
        before = Generation.objects.get(subject=f"article:{other.pk}").number
        make_article(image=make_image(size=(1200, 800)).pk)
        run_due()
        assert Generation.objects.get(subject=f"article:{other.pk}").number == before

    def test_what_is_not_published_shows_nothing_new(self):
        from articles import revisions

        image = make_image(size=(1200, 800))
        article = make_article(title="Old")
        revisions.save(article, {**revisions.newest_data(article), "title": "New", "image": image.pk}, by=None)
        run_due()
        article.refresh_from_db()
        assert (article.title, article.lead) == ("Old", None)

    def test_an_older_drawing_is_drawn_anew(self):
        image = add(picture_bytes((1000, 600)))
        Job.objects.all().delete()
        with pages.changing():
            Rendition.objects.create(image=image, spec="w480", digest="0" * 64, extension="webp", width=480, height=288)
        for _ in range(2):
            images.draw_outdated()
        assert Job.objects.count() == 1
        run_due()
        assert "w480" not in image.renditions.values_list("spec", flat=True)
        assert image.renditions.count() == 7
        images.draw_outdated()
        assert not Job.objects.exists()

    def test_one_that_failed_for_good_is_not_tried_each_hour(self):
        add(picture_bytes())
        Job.objects.update(state="dead", key=None)
        images.draw_outdated()
        assert Job.objects.count() == 1

    def test_an_original_of_an_earlier_release_loses_what_the_camera_wrote(self):
        exif = Pillow.Exif()
        exif[MAKER] = "Secret camera"
        data = picture_bytes(exif=exif)
        image = add(data)
        Path(site.ORIGINALS_ROOT, "before").write_bytes(data)
        with pages.changing():
            Image.objects.update(original="before")
        run_due()
        image.refresh_from_db()
        assert original_of(image) == stripped(data)
        assert not Path(site.ORIGINALS_ROOT, "before").exists()

    def test_an_original_that_is_gone_stops_nothing(self):
        image = add(picture_bytes(colour="olive"))
        Path(site.ORIGINALS_ROOT, image.original).unlink()
        run_due()
        assert image.renditions.exists()


class TestWhatMatters:
    @pytest.mark.parametrize(
        ("size", "focal", "corner"),
        [
            ((400, 1000), (50, 0), (0, 0)),
            ((400, 1000), (50, 100), (0, 733)),
            ((1000, 400), (0, 50), (0, 0)),
            ((1000, 400), (100, 50), (400, 0)),
            ((1000, 400), (25, 50), (100, 0)),
            ((600, 400), (10, 90), (0, 0)),
        ],
    )
    def test_the_cut_is_made_round_it(self, size, focal, corner):
        drawn = Pillow.new("RGB", size)
        drawn.putpixel(corner, (255, 0, 0))
        assert cut(drawn, 3 / 2, focal).getpixel((0, 0)) == (255, 0, 0)

    def test_moving_it_draws_the_cards_anew_and_has_lists_show_them(self, client):
        tall = Pillow.new("RGB", (600, 1200), "white")
        tall.paste("black", (0, 0, 600, 400))
        image = add(encoded(tall, "PNG"))
        article = make_article(image=image.pk)
        run_due()
        before = image.renditions.get(spec="card-480-plain")
        assert opened(before).convert("L").getpixel((240, 160)) > 250
        images.describe(image, by=None, focal_x=50, focal_y=0)
        run_due()
        after = image.renditions.get(spec="card-480-plain")
        assert opened(after).convert("L").getpixel((240, 160)) < 5
        article.refresh_from_db()
        assert article.lead["card"]["src"] == after.url
        assert after.url in client.get("/").content.decode()

    def test_one_that_moves_while_the_job_draws_is_not_overwritten(self, monkeypatch):
        image = add(picture_bytes((400, 1000)))
        draw = drawing.renditions

        def slow(*args):
            images.describe(image, by=None, focal_y=0)
            return draw(*args)

        monkeypatch.setattr(drawing, "renditions", slow)
        run_due()
        assert not image.renditions.exists() or Image.objects.get().drawn == VERSION
        assert Image.objects.get().focal_y == 0


class TestReplacing:
    def test_every_use_shows_the_new_file_at_once(self, client):
        image = make_image(size=(1200, 800), alt="Old words")
        article = make_article(image=image.pk, body=f'<figure><img data-image="{image.pk}" alt="A"></figure>')
        run_due()
        old, before = image.url, Generation.objects.get(subject=f"article:{article.pk}").number
        replaced = images.replace(image, io.BytesIO(picture_bytes((900, 500), colour="gold")), by=None, alt="New words")
        assert replaced.pk == image.pk
        assert replaced.url != old
        page = client.get(article.get_absolute_url()).content.decode()
        assert page.count(f'src="{replaced.url}"') == 2
        assert old not in page
        assert 'alt="New words"' in page
        assert old not in client.get("/").content.decode()
        assert Generation.objects.get(subject=f"article:{article.pk}").number == before + 1
        run_due()
        assert {drawn.width for drawn in image.renditions.all()} == {480, 900}

    def test_drafts_and_others_are_left_alone(self):
        image, other = make_image(), make_article()
        make_draft(image=image.pk)
        images.replace(image, io.BytesIO(picture_bytes(colour="pink")), by=None, alt="New")
        assert Generation.objects.get(subject=f"article:{other.pk}").number == 1

    def test_what_mattered_in_the_old_one_is_forgotten(self):
        image = images.describe(make_image(), by=None, focal_x=10, focal_y=20)
        replaced = images.replace(image, io.BytesIO(picture_bytes(colour="navy")), by=None, alt="", decorative=True)
        assert (replaced.focal_x, replaced.focal_y, replaced.decorative, replaced.alt) == (50, 50, True, "")

    def test_it_is_logged(self):
        editor, image = make_user(), make_image()
        after = images.replace(image, io.BytesIO(picture_bytes(colour="gray")), by=editor, alt="New")
        entry = Entry.objects.get(verb="image replaced")
        assert (entry.actor, entry.details) == (editor, {"before": image.digest, "after": after.digest})

    def test_a_file_that_is_refused_changes_nothing(self):
        image = make_image()
        with pytest.raises(BadImage, match="not a picture"):
            images.replace(image, io.BytesIO(SVG), by=None, alt="New")
        assert Image.objects.get().digest == image.digest


class TestWords:
    def test_those_of_a_lead_image_reach_readers_at_once(self, client):
        image = make_image(alt="Old words")
        article = make_article(image=image.pk)
        images.describe(image, by=None, alt="New words", credit="Photo: Ines")
        page = client.get(article.get_absolute_url()).content.decode()
        assert 'alt="New words"' in page
        assert "Photo: Ines" in page

    def test_a_title_moves_nothing_that_readers_see(self):
        image = make_image()
        make_article(image=image.pk)
        before = list(Generation.objects.values_list())
        assert images.describe(image, by=None, title="Another").title == "Another"
        assert list(Generation.objects.values_list()) == before

    def test_the_same_again_writes_nothing(self):
        image = make_image(credit="A")
        images.describe(image, by=None, credit="A")
        assert not Entry.objects.filter(verb="image changed").exists()


def test_what_is_used_stays():
    image = make_image()
    make_draft(image=image.pk)
    with pytest.raises(images.InUse):
        images.remove(image, by=None)
    assert Image.objects.exists()


def test_what_is_not_used_goes():
    image = make_image()
    run_due()
    images.remove(image, by=make_user())
    assert not Image.objects.exists()
    assert Entry.objects.get(verb="image deleted").object_name == "A picture"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("press_room.JPG", "press room"),
        ("no-ending", "no-ending"),
        (".jpg", ".jpg"),
        ('"><img src=x onerror=alert(1)>.png', '"><img src=x onerror=alert(1)>'),
        ("a\u202egpj.exe.jpg", "agpj.exe"),
        ("  \x00\r\n .png", "Picture"),
        ("x" * 300 + ".png", "x" * 200),
        ("東京 🎉.webp", "東京 🎉"),
    ],
)
def test_a_picture_without_a_title_is_named_after_its_file(name, title):
    assert images.title_from(name) == title


@pytest.mark.parametrize("count", [1, 3])
def test_articles_that_show_a_picture(count, django_assert_num_queries):
    image = make_image()
    for _ in range(count):
        make_article(
            body=f'<figure><img data-image="{image.pk}" alt="A"></figure><figure><img data-image="{image.pk}1" alt="A"></figure>'
        )
    make_draft(image=image.pk)
    with django_assert_num_queries(1):
        assert len(images.showing(image.pk)) == count
