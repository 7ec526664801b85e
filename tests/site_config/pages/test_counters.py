"""The counters, as the writers and readers of several processes share them."""

import os
import subprocess
import sys

import pytest

from site_config.pages import counters as module
from site_config.pages.counters import LARGEST, SIZE, Counters, after, place_of

SITE, ARTICLE = ["site"], ["article:7"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.sqlite3-pages"


@pytest.fixture
def counters(path):
    return Counters(path)


def change(counters, *subjects) -> None:
    counters.finish(counters.begin(subjects))


def test_it_works(counters):
    stamp = counters.stamp(SITE)
    assert counters.hold(stamp)
    change(counters, "site")
    assert not counters.hold(stamp)
    assert counters.hold(counters.stamp(SITE))


def test_a_change_of_something_else_is_none(counters):
    stamp = counters.stamp(ARTICLE)
    change(counters, "site", "article:8")
    assert counters.hold(stamp)


def test_what_has_begun_is_seen_before_it_is_done(counters):
    stamp = counters.stamp(SITE)
    raised = counters.begin(SITE)
    assert not counters.hold(stamp)
    assert counters.stamp(SITE) is None
    counters.finish(raised)
    assert not counters.hold(stamp)
    assert counters.stamp(SITE) is not None


def test_a_page_of_two_subjects_ends_with_either(counters):
    for subject in ("site", "article:7"):
        stamp = counters.stamp([*SITE, *ARTICLE])
        change(counters, subject)
        assert not counters.hold(stamp)


def test_another_process_sees_it_at_once(counters, path):
    stamp = counters.stamp(SITE)
    code = (
        "import sys, pathlib; from site_config.pages.counters import Counters; c = Counters(pathlib.Path(sys.argv[1])); "
        "c.finish(c.begin(['site']))"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)
    assert not counters.hold(stamp)
    assert counters.stamp(SITE) is not None


def test_a_dead_writer_leaves_it_unequal_until_the_next(counters):
    before = counters.stamp(SITE)
    counters.begin(SITE)
    assert counters.is_broken()
    change(counters, "site")
    assert not counters.is_broken()
    assert not counters.hold(before)


def test_or_until_it_is_healed(counters):
    before = counters.stamp(SITE)
    counters.begin([*SITE, *ARTICLE])
    assert counters.heal() == 2
    assert not counters.hold(before)
    assert counters.stamp(SITE) is not None
    assert counters.heal() == 0


def test_who_finishes_late_does_not_undo_who_began_later(counters):
    first = counters.begin(SITE)
    second = counters.begin(SITE)
    counters.finish(first)
    assert counters.stamp(SITE) is None
    counters.finish(second)
    assert counters.stamp(SITE) is not None


@pytest.mark.parametrize("begun", [0, 1, 2, LARGEST - 1, LARGEST])
@pytest.mark.parametrize("done", [0, 1, 2, LARGEST - 1, LARGEST])
def test_garbage_in_them_stops_nobody(counters, begun, done):
    place = place_of("site")
    counters.cells[place], counters.cells[place + 1] = begun, done
    stamp = counters.stamp(SITE)
    raised = counters.begin(SITE)
    assert counters.stamp(SITE) is None
    counters.finish(raised)
    assert counters.stamp(SITE) not in {None, stamp}
    assert after(begun, done) not in {begun, done}


def test_what_was_noted_of_a_file_that_is_gone_does_not_hold_in_the_next(counters, path):
    stamp = counters.stamp(SITE)
    path.unlink()
    assert not counters.is_in_place()
    assert not Counters(path).hold(stamp)


def test_a_replaced_file_is_noticed(counters, path):
    assert counters.is_in_place()
    path.rename(path.with_suffix(".old"))
    assert not counters.is_in_place()
    Counters(path)
    assert not counters.is_in_place()


@pytest.mark.parametrize("content", [b"", b"garbage", b"\0" * (SIZE - 1)])
def test_a_file_that_is_too_short_is_made_anew(path, content):
    path.write_bytes(content)
    made = Counters(path)
    assert path.stat().st_size == SIZE
    assert made.is_in_place()
    assert list(path.parent.iterdir()) == [path]


def test_many_who_make_it_at_once_share_one(path):
    code = (
        "import sys, pathlib; from site_config.pages.counters import Counters; sys.stdin.read(); "
        "print(Counters(pathlib.Path(sys.argv[1])).stamp(['site']))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in processes:
        process.stdin.close()
    told = set()
    for process in processes:
        with process:
            told.add(process.stdout.read())
    assert len(told) == 1


def test_a_full_disk_is_an_error_and_leaves_nothing(path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "link", full)
    with pytest.raises(OSError, match="No space"):
        Counters(path)
    assert list(path.parent.iterdir()) == []


def test_it_holds_no_descriptor(path):
    before = len(os.listdir("/dev/fd"))
    kept = [Counters(path) for _ in range(5)]
    assert len(os.listdir("/dev/fd")) == before + len(kept) or len(os.listdir("/dev/fd")) == before


def test_it_is_for_the_site_alone(counters, path):
    assert oct(path.stat().st_mode & 0o777) == "0o640"
