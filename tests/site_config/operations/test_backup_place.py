import os
import tempfile
from pathlib import Path

import pytest

from site_config.operations.backup_place import Place, move


@pytest.fixture
def site(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "db").write_text("new rows")
    (tmp_path / "db").write_text("rows")
    (tmp_path / "db-wal").write_text("log")
    return tmp_path


def names(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_the_old_one_is_kept_with_all_that_belongs_to_it(site):
    place = Place("db", site / "db", also=("-wal", "-shm"))
    place.replace(site / "new" / "db", 3)
    assert names(site) == {"db": "new rows", "db-before-restore-3": "rows", "db-before-restore-3-wal": "log"}


def test_it_is_put_back_without_a_trace_of_the_new_one(site):
    place = Place("db", site / "db", also=("-wal", "-shm"))
    place.replace(site / "new" / "db", 1)
    (site / "db-wal").write_text("log of the new one")
    (site / "db-shm").write_text("x")
    place.put_back()
    assert names(site) == {"db": "rows", "db-wal": "log"}


def test_what_never_moved_is_not_touched_by_putting_back(site):
    Place("db", site / "db", also=("-wal",)).put_back()
    assert names(site) == {"db": "rows", "db-wal": "log"}


def test_a_move_that_fails_half_way_is_undone(site):
    """The old one lies aside already, and there is nothing new where it was looked for."""
    place = Place("media", site / "new")
    place.replace(site / "no such folder", 1)
    assert not (site / "new").exists()
    place.put_back()
    assert names(site / "new") == {"db": "new rows"}


def test_an_empty_folder_is_no_site(site):
    (site / "media").mkdir()
    assert not Place("media", site / "media").is_occupied()
    assert not Place("media", site / "none").is_occupied()
    assert Place("media", site / "new").is_occupied()
    assert Place("db", site / "db").is_occupied()


def test_a_move_to_another_disk_is_whole(site):
    if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(site).st_dev:
        pytest.skip("there is but one file system here")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        move(site / "new", Path(elsewhere) / "folder")
        move(site / "db", Path(elsewhere) / "file")
        assert names(Path(elsewhere) / "folder") == {"db": "new rows"}
        assert names(Path(elsewhere)) == {"file": "rows"}
