"""Pages as files: what is there comes back, whatever else is in the folder is not."""

import errno
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from site_config.pages import shelf as module
from site_config.pages.shelf import Shelf
from site_config.pages.store import Store
from tests.site_config.pages.test_store import BODY, drawn

KEY, OTHER = "/one/", ("/one/", (("after", "3"),))


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "pages", "epoch", 1_000_000)


def made(body=BODY, **options):
    return Store(1_000_000, None).made(drawn(body, **options), "gzip")


def file_of(shelf, key=KEY) -> Path:
    return shelf._path(key)


def test_it_works(shelf):
    page = made(subjects=("article:7", "site"), generations=(3, 4), began_at=5.5, ends_at=9.25)
    assert shelf.put(KEY, page)
    found = shelf.load(KEY)
    assert found.plain() == BODY
    assert found.variant("gzip") == page.variant("gzip")
    for name in ("headers", "digest", "subjects", "generations", "kept_at", "ends_at", "is_polished"):
        assert getattr(found, name) == getattr(page, name), name


def test_what_has_no_end_has_none_again(shelf):
    shelf.put(KEY, made())
    assert shelf.load(KEY).ends_at == float("inf")


def test_a_polished_page_keeps_its_tags(shelf):
    page = made()
    page.polish()
    shelf.put(KEY, page)
    assert {coding: variant.tag for coding, variant in shelf.load(KEY).variants.items()} == {
        coding: variant.tag for coding, variant in page.variants.items()
    }


def test_another_key_is_another_page(shelf):
    shelf.put(KEY, made())
    assert shelf.load(OTHER) is None
    shelf.put(OTHER, made(b"other"))
    assert shelf.load(OTHER).plain() == b"other"
    assert shelf.load(KEY).plain() == BODY


def test_another_release_does_not_see_it(shelf, tmp_path):
    shelf.put(KEY, made())
    assert Shelf(tmp_path / "pages", "other", 1_000_000).load(KEY) is None


def test_a_file_in_anothers_place_is_not_taken(shelf):
    shelf.put(KEY, made())
    file_of(shelf, OTHER).parent.mkdir(exist_ok=True)
    shutil.copy(file_of(shelf), file_of(shelf, OTHER))
    assert shelf.load(OTHER) is None


def test_damage_anywhere_is_noticed_and_cleared_away(shelf):
    """Cut at any place, or changed in any one bit."""
    shelf.put(KEY, made())
    whole = file_of(shelf).read_bytes()
    for place in range(0, len(whole), 7):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :], whole + b"x"):
            file_of(shelf).write_bytes(damaged)
            assert shelf.load(KEY) is None, place
            assert not file_of(shelf).exists()


@pytest.mark.parametrize("garbage", [b"", b"\n", b"{}", b"\0" * 1000, b"a" * 32 + b" {}\n", b"[" * 5000, b"\xff" * 100 + b"\n"])
def test_garbage_is_no_page(shelf, garbage):
    file_of(shelf).parent.mkdir(parents=True)
    file_of(shelf).write_bytes(garbage)
    assert shelf.load(KEY) is None


def test_a_folder_in_its_place_is_no_page_and_no_error(shelf):
    file_of(shelf).mkdir(parents=True)
    assert shelf.load(KEY) is None
    assert not shelf.put(KEY, made())


@pytest.mark.parametrize("where", ["root", "epoch"])
def test_where_there_can_be_no_folder_it_is_an_empty_one(tmp_path, where, caplog):
    place = tmp_path / "pages" if where == "root" else tmp_path / "pages" / "epoch"
    place.parent.mkdir(exist_ok=True)
    place.write_text("a file")
    shelf = Shelf(tmp_path / "pages", "epoch", 1_000_000)
    assert not shelf.put(KEY, made())
    assert not shelf.put(KEY, made())
    assert shelf.load(KEY) is None
    shelf.sweep()
    assert caplog.text.count("not kept in pages") == 1


def test_a_folder_without_permission(shelf, monkeypatch, caplog):
    """(The tests may run as root, whom no permission stops.)"""

    def refuse(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    for name in ("mkdir", "write_bytes", "read_bytes", "unlink"):
        monkeypatch.setattr(Path, name, refuse)
    assert not shelf.put(KEY, made())
    assert shelf.load(KEY) is None
    assert shelf.sweep() == 0
    assert "Permission denied" in caplog.text


def test_it_rests_after_an_error(shelf, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
        assert not shelf.put(KEY, made())
    assert not shelf.put(KEY, made())
    shelf.rests_until = 0.0
    assert shelf.put(KEY, made())
    assert [entry.name for entry in file_of(shelf).parent.iterdir()] == [file_of(shelf).name]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a small disk")
def test_a_full_disk_is_no_error_and_keeps_what_was_there(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        shelf = Shelf(place / "pages", "epoch", 1_000_000)
        assert shelf.put(KEY, made(b"small"))
        assert not shelf.put(OTHER, made(os.urandom(100_000)))
        assert shelf.load(OTHER) is None
        assert shelf.load(KEY).plain() == b"small"
        assert not list(place.rglob("*.new"))
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_flood_of_pages_does_not_fill_the_disk(tmp_path):
    shelf = Shelf(tmp_path / "pages", "epoch", 40_000)
    kept = [shelf.put(f"/{number}/", made(os.urandom(3000))) for number in range(10)]
    assert kept == sorted(kept, reverse=True)
    assert 3 <= sum(kept) <= 4
    shelf.counts_from -= module.PAUSE + 1
    assert shelf.put("/more/", made())


def test_sweeping_leaves_the_newest_within_its_room(tmp_path):
    shelf = Shelf(tmp_path / "pages", "epoch", 20_000)
    for number in range(10):
        shelf.counts_from = -100.0
        shelf.put(f"/{number}/", made(os.urandom(3000)))
        os.utime(file_of(shelf, f"/{number}/"), (1000 + number, 1000 + number))
    assert not shelf.is_swept
    assert shelf.sweep() <= 20_000
    assert shelf.is_swept
    left = [number for number in range(10) if shelf.load(f"/{number}/")]
    assert left == list(range(10 - len(left), 10))
    assert len(left) >= 3


def test_sweeping_clears_away_what_old_releases_left(tmp_path, monkeypatch):
    old, new = Shelf(tmp_path / "pages", "old", 1_000_000), Shelf(tmp_path / "pages", "new", 1_000_000)
    old.put(KEY, made())
    new.put(KEY, made())
    new.sweep()
    assert old.load(KEY) is not None
    long_ago = time.time() - 2 * module.OLD
    for folder in (old.folder, *old.folder.iterdir()):
        os.utime(folder, (long_ago, long_ago))
    new.sweep()
    assert not old.folder.exists()
    assert new.load(KEY) is not None


def test_many_threads_put_one_page_and_it_is_whole(shelf):
    page, bad = made(os.urandom(50_000)), []

    def work():
        for _ in range(30):
            shelf.put(KEY, page)
            if shelf.load(KEY) is None:
                bad.append(1)

    shelf.most = 10**9
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bad == []
    assert shelf.rests_until == 0.0


def test_a_coding_that_comes_while_it_is_written_is_no_error(shelf):
    """A page is answered, and so recoded, from the moment it is kept."""

    class Growing(dict):
        def items(self):
            found = list(super().items())
            self["br"] = found[0][1]
            return found

    page = made()
    page.variants = Growing(page.variants)
    assert shelf.put(KEY, page)
    assert shelf.load(KEY).plain() == BODY
