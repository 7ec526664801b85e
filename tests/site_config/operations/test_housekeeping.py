import os
import time

import pytest

from site_config.operations.housekeeping import heal_counters, sweep_pages
from site_config.pages.epoch import epoch
from site_config.pages.writer import counters_of
from tests.site_config.lib.sqlite.conftest import path, wrapper  # noqa: F401 (fixtures)


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.PAGE_FILES_BYTES = 1000
    return tmp_path / "pages"


def put(folder, name: str, size: int, age: float = 0) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"x" * size)
    when = time.time() - age
    for entry in (place, place.parent, place.parent.parent):
        os.utime(entry, (when, when))


def test_pages_of_another_release_go(folder):
    put(folder, f"{'0' * 16}/ab/old", 10, age=7200)
    put(folder, f"{'1' * 16}/ab/young", 10)
    put(folder, f"{epoch()}/ab/ours", 10, age=7200)
    sweep_pages()
    assert {entry.name for entry in folder.iterdir()} == {"1" * 16, epoch()}


def test_the_oldest_go_until_the_rest_has_room(folder):
    for number in range(6):
        put(folder, f"{epoch()}/ab/{number}", 300, age=100 - number)
    assert sweep_pages() == 900
    assert {entry.name for entry in (folder / epoch() / "ab").iterdir()} == {"3", "4", "5"}


def test_where_there_are_no_pages_there_is_nothing_to_do(folder):
    assert sweep_pages() == 0


def test_what_a_killed_writer_left_is_healed(wrapper):  # noqa: F811
    counters = counters_of(wrapper)
    counters.begin(["site"])
    assert counters.stamp(["site"]) is None
    assert heal_counters() == 1
    assert counters.stamp(["site"]) is not None
    assert heal_counters() == 0


@pytest.mark.django_db
def test_other_databases_have_no_counters():
    assert heal_counters() == 0
