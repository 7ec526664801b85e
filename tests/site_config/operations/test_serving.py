"""The whole project in a folder of its own: from a fresh clone to a running site, under attack, and after kills."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.server import free_port

ROOT = Path(__file__).parents[3]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv*", "var", "node_modules", "__pycache__", ".*_cache", "tests")
BARE_PYTHON = getattr(sys, "_base_executable", sys.executable)
pytestmark = pytest.mark.slow


class Site:
    """A running `manage.py` command that serves, and what can be asked of it."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.port = free_port()
        ours = (
            "PIP_",
            "MASTHEAD_",
            "PYTHON",
            "VIRTUAL_ENV",
            "DJANGO",
            "SECRET_KEY",
            "HOST",
            "PORT",
            "SITE_URL",
            "DATABASE_URL",
            "CACHE_URL",
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours) or name.startswith("PIP_")}
        kept |= {"PORT": str(self.port), "MASTHEAD_DATA": str(folder / "var")}
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.log = folder / f"{self.port}.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=kept, stdout=log, stderr=log, start_new_session=True)

    def get(self, path: str = "/") -> tuple[int, bytes]:
        try:
            with self.opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def until_it_answers(self, seconds: float) -> "Site":
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                if self.get("/health/live/")[0] == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def raw(self, request: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(request)
        return connection

    def children(self, parent: int | None = None) -> dict[int, str]:
        """The command lines of the living processes right below this one, by number."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, above = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(above) == (parent or self.process.pid) and state != "Z":
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        return found

    def child(self, word: str) -> int:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for pid, args in self.children().items():
                if word in args:
                    return pid
            time.sleep(0.05)
        raise AssertionError(f"no {word} in {self.children()}")

    def until_nothing_is_left(self) -> None:
        """Waits for every process of the site to end, also for those that were just being started."""
        deadline = time.monotonic() + 20
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.05)

    def processes(self) -> list[str]:
        """The command lines that name this site's port."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_text().replace("\0", " ")
                if f"--port={self.port}" in words:
                    found.append(words)
        return found

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clone") / "masthead"
    shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def first_start(clone):
    """What a fresh clone printed until the site answered; it was stopped again."""
    site = Site(clone, BARE_PYTHON, "manage.py", "quickstart").until_it_answers(300)
    words, front = site.log.read_text(), site.get("/")
    link = re.search(r"http://127\.0\.0\.1:\d+(/accounts/\S+)", words)
    opened = site.get(link[1]) if link else None
    assert site.stop() == 0
    return words, front, opened


@pytest.fixture
def site(clone, first_start):
    site = Site(clone, BARE_PYTHON, "manage.py", "quickstart").until_it_answers(30)
    yield site
    site.process.kill()
    site.process.wait()
    site.until_nothing_is_left()


def test_a_fresh_clone_becomes_a_site(first_start, clone):
    words, front, opened = first_start
    assert "Traceback" not in words
    assert front[0] == 200
    assert opened[0] == 200
    assert b'type="password"' in opened[1]
    assert (clone / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_second_start_changes_nothing_and_prints_no_link(site, clone):
    words = site.log.read_text()
    assert "/accounts/" not in words
    assert "Installing" not in words
    assert "Preparing" not in words


def test_one_instance_per_data_folder(site, clone):
    second = Site(clone, BARE_PYTHON, "manage.py", "quickstart")
    assert second.process.wait(20) == 1
    assert "running already" in second.log.read_text()


def test_attacks_leave_other_requests_answered(site):
    head = b"POST /comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    held = [site.raw(head + b"Content-Length: 100\r\n\r\nhalf") for _ in range(50)]
    held += [site.raw(b"GET / HTTP/1.1\r\nHos") for _ in range(50)]
    held += [site.raw(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") for _ in range(50)]
    assert all(site.get("/health/live/")[0] == 200 for _ in range(20))
    for connection in held:
        connection.close()


ODD = {
    b"POST /comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 11000000\r\n\r\nabc": 413,
    b"POST /comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n": 411,
    b"POST /comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab": 400,
    b"GET / HTTP/1.1\r\nHost:\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n": 400,
    b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 400,
    b"GET http://127.0.0.1/health/live/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 200,
    b"GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 404,
    b"GET /%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 404,
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 404,
    b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 400,
    b"CONNECT example.org:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n": 400,
}


def test_who_posts_eleven_megabytes_is_told_in_words(site):
    body = b"x" * 11_000_000
    head = b"POST /comments/on/4/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    with site.raw(head) as connection:
        connection.settimeout(20)
        connection.sendall(body)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"what you wrote is still in the form" in answer


def test_odd_requests_are_refused_and_none_fails(site):
    answered = {}
    for request in ODD:
        with site.raw(request) as connection:
            answered[request] = int(connection.recv(12)[-3:])
    assert answered == ODD


def test_kills_are_made_good(site):
    runner, server = site.child("run_jobs"), site.child("operations.web")
    worker = next(iter(site.children(server)))
    os.kill(worker, signal.SIGKILL)
    site.until_it_answers(10)
    os.kill(runner, signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    site.until_it_answers(20)
    deadline = time.monotonic() + 20
    while site.child("run_jobs") == runner and time.monotonic() < deadline:
        time.sleep(0.1)
    assert site.child("run_jobs") != runner


def test_a_stop_lets_requests_finish(site):
    body = b"x" * 100
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n"
    with site.raw(head + body[:50]) as connection:
        time.sleep(0.5)
        site.process.terminate()
        time.sleep(0.5)
        connection.sendall(body[50:])
        assert connection.recv(9) == b"HTTP/1.1 "
    assert site.process.wait(20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_killed_supervisor_takes_its_processes_along(site):
    site.child("run_jobs")
    site.process.kill()
    site.process.wait()
    deadline = time.monotonic() + 10
    with pytest.raises(OSError):
        while time.monotonic() < deadline:
            socket.create_connection(("127.0.0.1", site.port), timeout=1).close()
            time.sleep(0.05)
