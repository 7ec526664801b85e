"""The lock between real threads and processes."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from site_config.lib.sqlite import lock as locks
from site_config.lib.sqlite.lock import WriteLock

HOLD = """
import sys, time
from site_config.lib.sqlite.lock import WriteLock
lock = WriteLock(sys.argv[1])
assert lock.acquire(5)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "site.sqlite3-lock")


@pytest.fixture
def other_process(path):
    """Another process that holds the lock until it ends."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_it_works(path):
    lock = WriteLock(path)
    assert lock.acquire(0)
    lock.release()
    assert oct(os.stat(path).st_mode & 0o777) == "0o640"
    lock.close()


def test_its_owner_may_take_it_again(path):
    mine, theirs = WriteLock(path), WriteLock(path)
    assert mine.acquire(0)
    assert mine.acquire(0)
    mine.release()
    assert not theirs.acquire(0.01)
    mine.release()
    assert theirs.acquire(5)
    theirs.close()
    mine.close()


def test_who_gave_up_waiting_does_not_keep_it(path):
    mine, theirs = WriteLock(path), WriteLock(path)
    mine.acquire(0)
    assert not theirs.acquire(0.01)
    mine.release()
    assert mine.acquire(5)
    mine.close()
    theirs.close()


def test_another_process_keeps_us_waiting_until_it_dies(path, other_process):
    lock = WriteLock(path)
    assert not lock.acquire(0.05)
    threading.Timer(0.2, lambda: other_process.send_signal(signal.SIGKILL)).start()
    assert lock.acquire(10)
    lock.close()


def test_a_fork_does_not_share_its_parents_lock(path):
    lock = WriteLock(path)
    assert lock.acquire(0)
    child = os.fork()
    if child == 0:
        lock.depth = 0
        os._exit(0 if not lock.acquire(0.05) else 1)
    assert os.waitpid(child, 0)[1] == 0
    lock.close()


def test_many_threads_take_turns(path):
    """Nobody is kept waiting much longer than its turn takes to come round."""
    waits, inside, together = [], [], []

    def work():
        lock = WriteLock(path)
        for _ in range(20):
            start = time.monotonic()
            assert lock.acquire(30)
            waits.append(time.monotonic() - start)
            inside.append(1)
            together.append(len(inside))
            time.sleep(0.001)
            inside.pop()
            lock.release()
        lock.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(together) == {1}
    assert len(waits) == 160


def test_trouble_is_told_to_the_next(path):
    mine, theirs = WriteLock(path), WriteLock(path)
    mine.acquire(0)
    os.utime(path, (0, 0))
    assert not mine.had_trouble_lately()
    mine.note_trouble()
    mine.release()
    theirs.acquire(0)
    assert theirs.had_trouble_lately()
    theirs.close()
    mine.close()


def test_who_gave_up_waits_on_with_the_same_thread(path):
    mine, theirs = WriteLock(path), WriteLock(path)
    mine.acquire(0)
    before = threading.active_count()
    for _ in range(20):
        assert not theirs.acquire(0.001)
    assert threading.active_count() == before + 1
    mine.release()
    assert theirs.acquire(5)
    theirs.release()
    assert mine.acquire(5)
    mine.close()
    theirs.close()


def test_an_interrupted_wait_does_not_take_the_lock_later(path, monkeypatch):
    mine, theirs = WriteLock(path), WriteLock(path)
    mine.acquire(0)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(locks.Waiting, "result", interrupted(locks.Waiting.result))
        theirs.acquire(5)
    mine.release()
    assert mine.acquire(5)
    theirs.close()
    mine.close()


def interrupted(result):
    """Waiting that a Ctrl-C breaks off."""

    def interrupt(seconds):
        raise KeyboardInterrupt

    def wait(self, seconds):
        self.done.wait = interrupt
        return result(self, seconds)

    return wait


def test_a_fork_inside_a_transaction_has_not_the_lock(path):
    """Nor does it keep it when its parent is killed."""
    mine = WriteLock(path)
    assert mine.acquire(0)
    child = os.fork()
    if child == 0:
        os._exit(0 if mine.depth == 0 and mine.descriptor is None and not mine.acquire(0.05) else 1)
    assert os.waitpid(child, 0)[1] == 0
    mine.close()


def test_a_lock_that_the_system_refuses_leaves_no_descriptor_open(path, monkeypatch):
    mine, theirs = WriteLock(path), WriteLock(path)
    mine.acquire(0)
    real, before = locks.fcntl.flock, len(os.listdir("/dev/fd"))

    def refuse(descriptor, how):
        if how == locks.fcntl.LOCK_EX:
            raise OSError(37, "No locks available")
        real(descriptor, how)

    monkeypatch.setattr(locks.fcntl, "flock", refuse)
    for _ in range(3):
        assert not theirs.acquire(0.05)
    assert len(os.listdir("/dev/fd")) <= before + 1
    mine.close()
    theirs.close()
