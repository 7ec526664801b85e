"""Pages as files for a proxy: there only while they are true."""

import fcntl
import os
import time

import pytest

from site_config.pages import facade as facades
from site_config.pages.facade import Facade, take_away
from site_config.pages.store import Drawn, Store
from tests.site_config.pages.test_store import NEVER, new_database

HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.fixture
def root(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    database = new_database(settings.DATA_DIR)
    monkeypatch.setattr(facades, "database_path", lambda: database)
    return tmp_path / "facade"


@pytest.fixture
def facade(root):
    made = Facade(root, "epoch1")
    made.open()
    return made


def page(body=b"<p>page</p>", subjects=("article:7", "site"), ends_at=NEVER, header=HTML):
    drawn = Drawn([header], body, subjects, (0,) * len(subjects), time.time(), ends_at)
    return Store(1_000_000, None).made(drawn, "gzip")


def put(facade, key="/one/", holds=True, **options) -> bool:
    return facade.put(key, page(**options), holds=lambda: holds)


def read(root, path="one", ending=""):
    return (root / "current" / path / f"index.html{ending}").read_bytes()


def test_it_works(facade, root):
    assert put(facade)
    assert facade.has("/one/")
    assert read(root) == b"<p>page</p>"
    assert read(root, ending=".gz")[:2] == b"\x1f\x8b"
    assert read(root, ending=".br")


def test_the_front_page_too(facade, root):
    put(facade, "/")
    assert read(root, ".") == b"<p>page</p>"


@pytest.mark.parametrize(
    ("key", "options"),
    [
        (("/one/", (("after", "3"),)), {}),
        ("/sitemap.xml", {}),
        ("/../one/", {}),
        ("//one/", {}),
        ("/one/", {"ends_at": time.time() + 60}),
        ("/feed/", {"header": ("Content-Type", "application/atom+xml")}),
    ],
)
def test_what_a_proxy_cannot_judge_is_not_there(facade, root, key, options):
    assert put(facade, key, **options)
    assert not list(root.rglob("index.html"))


def test_a_change_takes_away_what_it_changes(facade):
    put(facade, "/one/", subjects=("article:1", "site"))
    put(facade, "/two/", subjects=("article:2", "site"))
    take_away({"article:1"}, for_good=False)
    assert not facade.has("/one/")
    assert facade.has("/two/")
    take_away({"site"}, for_good=True)
    assert not facade.has("/two/")


def test_nothing_comes_while_a_writer_is_busy(facade):
    lock = os.open(f"{facades.database_path()}-lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert not put(facade)
    assert not facade.has("/one/")
    os.close(lock)
    assert put(facade)


def test_what_does_not_hold_any_more_does_not_come(facade):
    put(facade, holds=False)
    assert not facade.has("/one/")


def test_a_new_release_begins_with_nothing(facade, root):
    put(facade)
    newer = Facade(root, "epoch2")
    newer.open()
    assert not (root / "current" / "one").exists()
    put(facade, "/late/")  # an old process that is about to end
    assert not (root / "current" / "late").exists()
    put(newer)
    assert read(root) == b"<p>page</p>"


def test_another_folder_empties_the_one_before(facade, tmp_path, root):
    put(facade)
    other = Facade(tmp_path / "elsewhere", "epoch1")
    other.open()
    assert not (root / "current" / "one").exists()
    put(other)
    take_away({"site"}, for_good=False)
    assert not other.has("/one/")


def test_without_a_facade_there_is_nothing_to_take_away(root):
    take_away({"site"}, for_good=True)
    assert not facades.known_root().exists()


def test_the_time_of_a_file_follows_from_its_content(facade, root):
    put(facade, "/one/")
    put(facade, "/same/")
    put(facade, "/other/", body=b"<p>gape</p>")
    times = [(root / "current" / name / "index.html").stat().st_mtime for name in ("one", "same", "other")]
    assert times[0] == times[1] != times[2]
