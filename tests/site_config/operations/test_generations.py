"""Generations of a web server that answers with its own name, under a real supervisor."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = """
import socket, sys
from site_config.operations import children, generations, supervisor
children.PAUSES, supervisor.GRACE, generations.LINGER = (0.1, 30), 2.0, 0.3
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
supervisor.supervise([generations.Web("The web server", [sys.executable, "server.py"], listener=listener)], "http://x")
"""
SERVER = """
import os, signal, socket, sys
NAME = "{name}"
{trouble}
signal.signal(signal.SIGUSR1, lambda *_: open("told", "a").write(NAME))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
listener, ready = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
os.write(ready, b".")
while True:
    with listener.accept()[0] as connection:
        connection.sendall(NAME.encode())
"""


class Supervised:
    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.write("a")
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", SCRIPT, str(self.port)]
        with open(folder / "log", "w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log)
        self.until(lambda: "Masthead is at" in self.log)

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def write(self, name, trouble=""):
        (self.folder / "server.py").write_text(SERVER.format(name=name, trouble=trouble))

    def ask(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            return connection.recv(10).decode()

    def renew(self):
        self.process.send_signal(signal.SIGHUP)

    def until(self, true, seconds=15.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if true():
                    return
            time.sleep(0.02)
        raise AssertionError(self.log)


@pytest.fixture
def supervised(tmp_path):
    site = Supervised(tmp_path)
    yield site
    site.process.kill()
    site.process.wait()


def test_the_next_generation_takes_over_and_nobody_is_refused(supervised):
    assert supervised.ask() == "a"
    supervised.write("b")
    supervised.renew()
    answers = ["a"]
    while "b" not in answers[-20:-10]:
        answers.append(supervised.ask())
        time.sleep(0.01)
        assert len(answers) < 2000
    supervised.until(lambda: (supervised.folder / "told").read_text() == "a")
    assert "ended with" not in supervised.log


def test_one_that_cannot_start_leaves_the_old_one_in_its_place(supervised):
    supervised.write("b", trouble="raise SystemExit(7)")
    supervised.renew()
    supervised.until(lambda: "ended with 7 before it was ready; the old one goes on" in supervised.log)
    assert supervised.ask() == "a"
    supervised.write("c")
    supervised.renew()
    supervised.until(lambda: supervised.ask() == "c")


def test_asked_twice_it_ends_with_what_is_there_at_the_second_time(supervised):
    supervised.write("b", trouble="import time; time.sleep(1)")
    supervised.renew()
    time.sleep(0.3)  # until the first successor has read its code
    supervised.write("c")
    supervised.renew()
    supervised.until(lambda: supervised.ask() == "c")
    supervised.until(lambda: (supervised.folder / "told").read_text() == "ab")


def test_who_comes_while_nobody_is_there_waits_and_is_answered(supervised):
    supervised.write("b", trouble="import time; time.sleep(0.5)")
    children = Path(f"/proc/{supervised.process.pid}/task/{supervised.process.pid}/children").read_text().split()
    for pid in children:
        os.kill(int(pid), signal.SIGKILL)
    supervised.until(lambda: "ended with -9" in supervised.log)
    assert supervised.ask() == "b"


def test_a_stop_ends_all_generations(supervised):
    supervised.write("b", trouble="import time; time.sleep(5)")
    supervised.renew()
    time.sleep(0.3)
    children = Path(f"/proc/{supervised.process.pid}/task/{supervised.process.pid}/children").read_text().split()
    assert len(children) == 2
    supervised.process.terminate()
    assert supervised.process.wait(10) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    with pytest.raises(OSError):
        supervised.ask()
