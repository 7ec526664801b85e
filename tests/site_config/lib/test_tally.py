"""Real processes on real files: what is counted is what matters, whatever happens to who counted."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from site_config.lib.tally import Tally

ROOT = Path(__file__).parents[3]
NAMES = ("hits", "misses")
OPENED = (
    "import sys; from site_config.lib.tally import Tally; t = Tally(sys.argv[1], ('hits', 'misses'), slots=int(sys.argv[2])); "
)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "made" / "figures"


@pytest.fixture
def opened(path) -> Iterator:
    """Opens tallies of `path`, and closes them at the end."""
    tallies = []

    def open_one(names=NAMES, slots=64, path=path) -> Tally:
        tallies.append(Tally(path, names, slots))
        return tallies[-1]

    yield open_one
    for tally in tallies:
        tally.close()


@pytest.fixture
def start(path) -> Iterator:
    """Starts a process that opens the tally as `t` and runs this code."""
    started = []

    def start_one(code: str, slots: int = 64, **options) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", OPENED + code, str(path), str(slots)],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options,
        )  # fmt: skip
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


WAITING = "print(t.slot, flush=True); sys.stdin.read()"


def slot_of(process: subprocess.Popen) -> str:
    return process.stdout.readline().strip()


def test_it_works(opened):
    tally = opened()
    tally.add(0)
    tally.add(1, 41)
    tally.add(1)
    assert tally.total() == {"hits": 1, "misses": 42}


def test_counts_outlive_their_process(opened, path):
    first = opened()
    first.add(0, 3)
    first.close()
    second = opened()
    second.add(0)
    assert second.slot == 0
    assert second.total()["hits"] == 4


def test_processes_add_up(opened, start):
    mine = opened()
    mine.add(0, 5)
    others = [start("t.add(0, 10); t.add(1); " + WAITING) for _ in range(3)]
    assert sorted(slot_of(other) for other in others) == ["1", "2", "3"]
    assert mine.total() == {"hits": 35, "misses": 3}


def test_a_killed_process_leaves_its_counts_and_its_slot(opened, start):
    victim = start("t.add(0, 7); " + WAITING)
    assert slot_of(victim) == "0"
    mine = opened()
    assert mine.slot == 1
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    assert mine.total()["hits"] == 7
    heir = start("t.add(0); " + WAITING)
    assert slot_of(heir) == "0"
    assert mine.total()["hits"] == 8


def test_a_forked_process_takes_a_slot_of_its_own(opened, start):
    code = """
import os
t.add(0, 2)
child = os.fork()
if child == 0:
    t.add(0, 5)
    print(t.slot, flush=True)
    os._exit(0)
os.waitpid(child, 0)
t.add(0)
print(t.slot, t.total()["hits"], flush=True)
sys.stdin.read()
"""
    parent = start("\n" + code)
    assert slot_of(parent) == "1"
    assert slot_of(parent) == "0 8"
    assert opened().slot == 1


def test_the_slot_of_a_parent_is_still_held_when_its_child_has_ended(opened, start):
    parent = start("\nimport os\nif os.fork() == 0: os._exit(0)\nos.wait(); print(t.slot, flush=True); sys.stdin.read()")
    assert slot_of(parent) == "0"
    assert opened().slot == 1


def test_who_finds_no_free_slot_counts_in_memory(opened, start, path):
    assert slot_of(start("t.add(0, 4); " + WAITING, slots=1)) == "0"
    late = opened(slots=1)
    late.add(0)
    assert late.slot is None
    assert late.total()["hits"] == 5
    third = opened(slots=1)
    assert third.total()["hits"] == 4


def test_threads_lose_nothing(opened):
    tally = opened()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=lambda: [tally.add(0) for _ in range(50_000)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert tally.total()["hits"] == 200_000


@pytest.mark.parametrize("content", [b"", b"x", b"garbage" * 1000, bytes(64 + 64 * 64), b"MHTALLY0" + bytes(56 + 64 * 64)])
def test_what_is_no_tally_is_made_anew(opened, path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    tally = opened()
    tally.add(0)
    assert tally.slot == 0
    assert tally.total() == {"hits": 1, "misses": 0}
    assert [file.name for file in path.parent.iterdir()] == ["figures"]


@pytest.mark.parametrize("other", [{"names": ("hits", "other")}, {"names": ("hits", "misses", "more")}, {"slots": 8}])
def test_another_layout_begins_at_nothing_and_harms_nobody_who_has_the_old_one(opened, path, other):
    old = opened()
    old.add(0, 9)
    new = opened(**other)
    new.add(0)
    old.add(0)
    assert new.total()["hits"] == 1
    assert old.total()["hits"] == 10


def test_many_that_start_at_once_make_one_file(start, opened):
    processes = [start("t.add(0); " + WAITING) for _ in range(8)]
    assert {slot_of(process) for process in processes} == {str(number) for number in range(8)}
    assert opened().total()["hits"] == 8


def test_a_folder_that_cannot_be_made_breaks_nothing(tmp_path, opened):
    (tmp_path / "file").write_text("no folder")
    tally = opened(path=tmp_path / "file" / "figures")
    tally.add(0)
    assert tally.slot is None
    assert tally.total() == {"hits": 1, "misses": 0}


@pytest.mark.parametrize("thing", ["folder", "pipe"])
def test_things_that_are_no_files(path, opened, thing):
    path.parent.mkdir()
    path.mkdir() if thing == "folder" else os.mkfifo(path)
    tally = opened()
    tally.add(0)
    assert tally.total()["hits"] == 1


def test_a_full_disk_breaks_nothing(start, path):
    """A limit on the size of files fails where a full disk does: when the file is written out."""

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    process = start("t.add(0); print(t.slot, t.total()['hits'], flush=True)", preexec_fn=no_room)
    assert slot_of(process) == "None 1"
    assert list(path.parent.iterdir()) == []


def test_a_copy_with_holes_is_filled_before_it_is_used(opened, path):
    opened().close()
    content = path.read_bytes()
    path.unlink()
    with open(path, "wb") as file:
        file.write(content[:64])
        file.truncate(len(content))
    opened()
    assert path.stat().st_blocks * 512 >= len(content)


def test_a_stuck_neighbour_is_not_waited_for(opened, path, monkeypatch):
    import fcntl

    from site_config.lib import tally as module

    monkeypatch.setattr(module, "PATIENCE", 0.0)
    path.parent.mkdir()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        tally = opened()
    finally:
        os.close(folder)
    tally.add(0)
    assert (tally.slot, tally.total()["hits"]) == (None, 1)


def test_without_file_locks_each_counts_for_itself(opened, path, monkeypatch):
    from site_config.lib import tally as module

    monkeypatch.setattr(module, "fcntl", None)
    tally = opened()
    tally.add(0)
    assert tally.total()["hits"] == 1
    assert not path.exists()


def test_posix_locks_where_there_are_no_better_ones(start, opened, path):
    holder = start("t.close(); import fcntl; del fcntl.F_OFD_SETLK; t._open(); t.add(0, 3); " + WAITING)
    assert slot_of(holder) == "0"
    mine = opened()
    assert mine.slot == 1
    assert mine.total()["hits"] == 3


def test_after_closing_it_counts_in_memory(opened, path):
    tally = opened()
    tally.add(0)
    tally.close()
    tally.add(0)
    assert tally.total()["hits"] == 1
    assert opened().total()["hits"] == 1
