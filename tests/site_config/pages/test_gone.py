"""What must not be shown again, written down outside the database."""

import json
import os
import subprocess
import sys
import threading

import pytest

from site_config.pages import gone
from tests.server import ROOT


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def test_it_works():
    gone.remember({"article:7": 3})
    assert not gone.may_be_shown(["article:7"], [2])
    assert gone.may_be_shown(["article:7"], [3])
    assert gone.may_be_shown(["article:8"], [0])


def test_nothing_is_gone_at_first(folder):
    assert gone.may_be_shown(["site"], [0])
    assert not folder.exists()


def test_a_page_of_two_subjects_is_gone_with_either():
    gone.remember({"article:7": 3})
    assert not gone.may_be_shown(["article:7", "site"], [2, 100])
    assert not gone.may_be_shown(["site", "article:7"], [100, 2])


def test_it_adds_and_never_takes_back():
    gone.remember({"article:7": 3, "site": 1})
    gone.remember({"article:7": 2, "lists": 5})
    assert gone.read(gone.place()) == {"article:7": 3, "site": 1, "lists": 5}


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"site": "1"}', '{"site": 1.5}', "\x00", '{"site": null}'])
def test_a_damaged_word_hides_all_and_refuses_more(folder, damage):
    folder.mkdir()
    gone.place().write_text(damage)
    assert not gone.may_be_shown(["article:9"], [99])
    with pytest.raises(ValueError):
        gone.remember({"site": 1})
    gone.begin_anew({"site": 4, "lists": 2})
    assert gone.read(gone.place()) == {"site": 4, "lists": 2}


def test_one_that_cannot_be_read_hides_all(folder):
    gone.place().mkdir(parents=True)
    assert not gone.may_be_shown(["site"], [99])


def test_a_crash_while_it_is_written_leaves_what_was_there(folder, monkeypatch):
    gone.remember({"site": 1})

    def crash(descriptor):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            gone.remember({"site": 2})
    assert gone.read(gone.place()) == {"site": 1}
    gone.remember({"site": 3})
    assert gone.read(gone.place()) == {"site": 3}


def test_it_is_on_the_disk_before_it_counts(monkeypatch):
    """The file before it takes its place, and the folder after that."""
    done = []
    real, replace = os.fsync, gone.Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append("sync") or real(descriptor))
    monkeypatch.setattr(gone.Path, "replace", lambda *paths: done.append("replace") or replace(*paths))
    gone.remember({"site": 1})
    assert done == ["sync", "replace", "sync"]


def test_threads_forget_nothing_of_each_other():
    def work(number):
        for count in range(10):
            gone.remember({f"article:{number * 10 + count}": 1})

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(gone.place().read_text())) == 40


def test_nor_do_processes(folder):
    code = (
        "import sys, pathlib; from types import SimpleNamespace as N; from site_config.pages import gone; "
        "gone.settings = N(DATA_DIR=pathlib.Path(sys.argv[1])); "
        "[gone.remember({f'article:{sys.argv[2]}{n}': 1}) for n in range(10)]"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    processes = [subprocess.Popen([sys.executable, "-c", code, folder, str(n)], env=environment, cwd=ROOT) for n in (1, 2, 3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(json.loads(gone.place().read_text())) == 30
