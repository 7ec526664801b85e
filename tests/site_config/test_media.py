import pytest

from site_config import media

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = tmp_path / "01" / f"{DIGEST}.webp"
    file.parent.mkdir()
    file.write_bytes(b"RIFF")
    return file


def test_it_works(picture):
    path, headers = media.find(f"/media/{DIGEST}.webp")
    assert path == str(picture)
    assert dict(headers) == {
        "Content-Type": "image/webp",
        "Content-Length": "4",
        "Content-Disposition": "inline",
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{DIGEST}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


@pytest.mark.parametrize(
    "path",
    [
        f"/media/{DIGEST}.png",
        f"/media/{DIGEST}.svg",
        f"/media/{DIGEST}.html",
        f"/media/{DIGEST}.webp/",
        f"/media/{DIGEST}.webp\n",
        f"/media/{DIGEST.upper()}.webp",
        f"/media/{DIGEST[:-1]}.webp",
        f"/media/01/{DIGEST}.webp",
        f"/media/../{DIGEST}.webp",
        f"/media/{'f' * 64}.webp",
        f"/media/{DIGEST}.webp\x00",
        "/media/" + "١" * 64 + ".webp",
        "/media/",
        "",
    ],
)
def test_any_other_address_is_no_picture(picture, path):
    picture.with_suffix(".svg").touch()
    picture.with_suffix(".html").touch()
    assert media.find(path) is None


def test_a_folder_of_that_name_is_no_picture(picture):
    picture.unlink()
    picture.mkdir()
    assert media.find(f"/media/{DIGEST}.webp") is None
