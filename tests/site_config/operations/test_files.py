import gzip

import pytest

from site_config.operations.files import Files

DIGEST = "0123456789abcdef" * 4
HASHED = "/static/site/site.0123456789ab.css"


@pytest.fixture
def files(settings, tmp_path):
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "media"
    folder = tmp_path / "static" / "site"
    folder.mkdir(parents=True)
    css = b"body { color: black }\n" * 50
    for name in ("site.css", "site.0123456789ab.css"):
        (folder / name).write_bytes(css)
        (folder / f"{name}.gz").write_bytes(gzip.compress(css))
        (folder / f"{name}.br").write_bytes(b"br")
    (tmp_path / "media" / "01").mkdir(parents=True)
    (tmp_path / "media" / "01" / f"{DIGEST}.gif").write_bytes(b"GIF89a")
    (tmp_path / "secret_key").write_text("secret")
    return Files()


def test_it_works(files):
    file = files.find("GET", HASHED, {})
    headers = dict(file.headers)
    assert file.status == 200
    assert file.path.endswith("site.0123456789ab.css")
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"].startswith("text/css")


def test_a_name_without_digest_is_fresh_for_a_minute(files):
    assert dict(files.find("GET", "/static/site/site.css", {}).headers)["Cache-Control"] == "max-age=60, public"


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_the_smallest_coding_that_is_accepted(files, accepted, coding):
    headers = dict(files.find("GET", HASHED, {"accept-encoding": accepted}).headers)
    assert headers.get("Content-Encoding") == coding
    assert headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", [HASHED, f"/media/{DIGEST}.gif"])
def test_who_has_it_gets_no_second_copy(files, path):
    tag = dict(files.find("GET", path, {}).headers)["ETag"]
    answer = files.find("GET", path, {"if-none-match": tag})
    assert (answer.status, answer.path) == (304, None)
    assert files.find("GET", path, {"if-none-match": '"other"'}).status == 200


@pytest.mark.parametrize("path", [HASHED, f"/media/{DIGEST}.gif"])
def test_files_are_only_read(files, path):
    assert files.find("HEAD", path, {}).status == 200
    answer = files.find("POST", path, {})
    assert (answer.status, answer.headers) == (405, [("Allow", "GET, HEAD")])


@pytest.mark.parametrize(
    "path",
    ["/", "/static/", "/static/site", "/static/../secret_key", "/static/site/none.css", "/media/../secret_key", "/media/"],
)
def test_other_paths_are_djangos(files, path):
    assert files.find("GET", path, {}) is None


def test_a_site_without_collected_files_still_starts(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "none"
    assert Files().find("GET", HASHED, {}) is None
