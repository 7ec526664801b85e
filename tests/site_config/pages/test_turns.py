"""One draws a page, the others wait: threads, and real processes."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from site_config.pages import turns as module
from site_config.pages.turns import Turns

HOLD = """
import sys, pathlib
from site_config.pages.turns import Turns
with Turns(pathlib.Path(sys.argv[1])).take("/one/") as is_first:
    print(is_first, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "turns"


@pytest.fixture
def turns(path):
    return Turns(path)


@pytest.fixture
def other_process(path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "True\n"
    with process:
        yield process
        process.kill()


def test_it_works(turns):
    with turns.take("/one/") as is_first:
        assert is_first
    with turns.take("/one/") as is_first:
        assert is_first


def test_another_page_need_not_wait(turns):
    with turns.take("/one/"), turns.take("/two/") as is_first:
        assert is_first


def in_thread(turns, told, key="/one/"):
    def take():
        with turns.take(key) as is_first:
            told.append(is_first)

    thread = threading.Thread(target=take)
    thread.start()
    return thread


def test_threads_wait_for_the_first(turns):
    told = []
    with turns.take("/one/"):
        threads = [in_thread(turns, told) for _ in range(4)]
        assert told == []
    for thread in threads:
        thread.join()
    assert told == [False] * 4


def test_they_do_not_wait_for_ever(turns, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.05)
    told = []
    with turns.take("/one/"):
        in_thread(turns, told).join()
    assert told == [False]


def test_who_fails_lets_the_others_go_on(turns):
    told = []
    with pytest.raises(ZeroDivisionError), turns.take("/one/"):
        thread = in_thread(turns, told)
        1 / 0
    thread.join()
    assert told == [False]
    with turns.take("/one/") as is_first:
        assert is_first
    assert turns.drawing == {}


def test_another_process_keeps_us_waiting_until_it_ends(turns, other_process):
    threading.Timer(0.2, other_process.stdin.close).start()
    start = time.monotonic()
    with turns.take("/one/") as is_first:
        assert not is_first
    assert time.monotonic() - start >= 0.1


def test_or_until_it_is_killed(turns, other_process):
    threading.Timer(0.2, lambda: other_process.send_signal(signal.SIGKILL)).start()
    with turns.take("/one/") as is_first:
        assert not is_first


def test_but_not_for_ever(turns, other_process, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.05)
    with turns.take("/one/") as is_first:
        assert not is_first


def test_and_not_for_another_page(turns, other_process):
    with turns.take("/two/") as is_first:
        assert is_first


@pytest.mark.parametrize("key", ["/ä/", "/\ud800/", ("/one/", (("after", "3"),))])
def test_any_key_has_a_turn(turns, key):
    with turns.take(key) as is_first:
        assert is_first


def test_without_a_file_threads_still_take_turns(tmp_path):
    turns = Turns(tmp_path / "none" / "turns")
    told = []
    with turns.take("/one/") as is_first:
        thread = in_thread(turns, told)
    thread.join()
    assert is_first
    assert told == [False]


def test_no_descriptor_is_left_open(turns):
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        with pytest.raises(ZeroDivisionError), turns.take("/one/"):
            1 / 0
    assert len(os.listdir("/dev/fd")) == before
