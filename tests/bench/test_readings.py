"""What is read from wrk, /proc, Prometheus and README, and what is known of the subjects."""

import inspect
import os
import re
import subprocess
import sys

import pytest

from tests.bench import __main__ as command
from tests.bench import crowd, load, poster, processes, story
from tests.bench.subjects import PEERS, SUBJECTS
from tests.server import ROOT

WRK = """Running 3s test @ http://127.0.0.1:8000/
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     6.41ms    5.80ms  76.84ms   88.67%
    Req/Sec     5.98k     0.95k    8.05k    68.33%
  Latency Distribution
     50%  850.00us
     75%    8.13ms
     90%   12.65ms
     99%    1.20s
  35877 requests in 3.02s, 562.96MB read
"""
FAILED = """  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 10
"""


def test_wrk_is_understood():
    assert load.parse(WRK) == (35877, 3.02, 0.85, 1200.0, 0)


def test_failed_connections_and_refusals_are_errors():
    assert load.parse(WRK + FAILED).errors == 20


@pytest.mark.parametrize("text", ["", "unable to connect to 127.0.0.1:1 Connection refused"])
def test_a_wrk_that_tells_nothing_is_no_measurement(text):
    with pytest.raises(RuntimeError, match="told nothing"):
        load.parse(text)


@pytest.mark.parametrize("text", ["", "12", "12 h", "x ms"])
def test_no_time_is_no_number(text):
    with pytest.raises(ValueError, match="no time"):
        load.milliseconds(text)


def test_the_median_is_over_rounds_and_not_over_all():
    rounds = iter([1, 10, 2, 10, 9, 10])
    told = load.in_turn(3, lambda: next(rounds), lambda: next(rounds))
    assert told == [(1, 10), (2, 10), (9, 10)]
    assert load.median(told, lambda a, b: a / b) == 0.2


def test_cpu_is_read_past_a_name_that_holds_anything():
    stat = "12 (a) b (c) S 1 12 12 0 -1 4194304 100 0 0 0 7 5 3 2 20 0 1 0 100 1 1"
    assert processes.ticks_in(stat) == 17


def test_the_tree_holds_children_and_their_cpu_and_memory():
    code = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(processes.tree(os.getpid()))
        assert processes.pss_of(os.getpid())[os.getpid()] > 1
        child.communicate()
    assert child.pid not in processes.tree(os.getpid())
    assert processes.cpu_of(os.getpid()) > 0


def test_the_share_of_memory_is_read_in_megabytes():
    assert processes.pss_in("Rss:  9 kB\nPss:                2048 kB\nPss_Anon:  1024 kB\n") == 2
    assert processes.pss_in("") == 0


def test_metrics_are_summed_over_their_labels():
    told = '# TYPE hits counter\nhits{worker="1"} 3\nhits{worker="2"} 4.0\nhits_other 9\nbare 1e3\n'
    assert crowd.total(told, "hits") == 7
    assert crowd.total(told, "bare") == 1000
    with pytest.raises(KeyError):
        crowd.total(told, "misses")


class Wire:
    """Gives an answer in pieces, as a socket may."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def recv(self, most: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def test_an_answer_is_read_whole_whatever_its_pieces():
    wire = Wire(b"HTTP/1.1 303 See Other\r\nLoca", b"tion: /x/?c=1:2#c-77\r\ncontent-length: 4\r\n\r\nab", b"cd", b"next")
    assert poster.read_answer(wire) == (303, 77)
    assert wire.pieces == [b"next"]


def test_an_answer_that_breaks_off_is_an_error():
    with pytest.raises(OSError, match="closed"):
        poster.read_answer(Wire(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"))


def test_the_story_is_the_same_each_time_and_of_the_length_it_says():
    assert story.remarks() == story.remarks()
    assert len(story.remarks()) == story.COMMENTS
    assert all(remark.answers is None or remark.answers < number for number, remark in enumerate(story.remarks()))
    assert 1200 < len(story.words()) < 1400
    assert story.body().count("<table") == 2


def test_every_subject_gives_rows_and_stands_in_a_module_of_its_own():
    subjects = SUBJECTS | PEERS
    assert len({subject.rows.__module__ for subject in subjects.values()}) == len(subjects) == len(SUBJECTS) + len(PEERS)
    for name, subject in subjects.items():
        assert inspect.isgeneratorfunction(subject.rows), name
        assert subject.what


@pytest.mark.parametrize(("arguments", "subjects"), [([], SUBJECTS), (["peers"], PEERS)], ids=["goals", "peers"])
def test_list_names_each_subject(arguments, subjects, capsys):
    assert command.main([*arguments, "--list"]) == 0
    assert re.findall(r"^(\S+)", capsys.readouterr().out, re.M) == list(subjects)


def test_a_program_that_is_missing_is_named_before_anything_starts(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert command.main(["--only", "kept"]) == 1
    assert "Install nginx and wrk first (Debian: apt install nginx-light wrk)." in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["peers", "--only", "kept"]])
def test_a_subject_that_is_not_there_is_refused_with_those_that_are(arguments, capsys):
    assert command.main(arguments) == 1
    assert re.search(r"Nothing here is called (nothing|kept); there are: \w+, ", capsys.readouterr().err)


def test_the_readme_has_a_place_for_the_tables():
    readme = (ROOT / "README.md").read_text()
    for mark in command.MARKS.values():
        assert readme.count(f"<!-- {mark} -->") == readme.count(f"<!-- /{mark} -->") == 1
