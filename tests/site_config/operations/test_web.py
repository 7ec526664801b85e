"""A real site is renewed and stopped under load, and no request is lost."""

import collections
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.server import ROOT, run_site, stop

ARTICLE = "/the-power-struggle-in-ai/"
FORM = b"name=Ada&text=Hello&token=none"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with all that quickstart makes."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    stop(run_site(folder))
    return folder


@pytest.fixture
def site(tmp_path, prepared):
    shutil.copytree(prepared, tmp_path / "data")
    running = run_site(tmp_path / "data")
    yield running
    stop(running)


def port_of(site) -> int:
    return int(site.url.rpartition(":")[2])


def wait_for(true, seconds=60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Clients:
    """Threads that ask without pause, on connections that are kept (and given up when the server says so) or new ones."""

    def __init__(self, port: int, kept: int, new: int) -> None:
        self.port, self.over = port, threading.Event()
        self.seen: collections.Counter[str] = collections.Counter()
        self.threads = [threading.Thread(target=self.ask, args=[number < kept]) for number in range(kept + new)]
        for thread in self.threads:
            thread.start()

    def ask(self, keeps: bool) -> None:
        connection = None
        while not self.over.is_set():
            connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", ARTICLE)
                answer = connection.getresponse()
                self.seen[f"{answer.status} {len(answer.read()) > 10_000}"] += 1
                done = answer.will_close or not keeps
            except (OSError, http.client.HTTPException) as error:
                self.seen[repr(error)] += 1
                done = True
            if done:
                connection.close()
                connection = None
        if connection:
            connection.close()

    def stop(self) -> dict[str, int]:
        self.over.set()
        for thread in self.threads:
            thread.join()
        return dict(self.seen)


def test_a_renewal_under_load_loses_no_request(site):
    clients = Clients(port_of(site), kept=4, new=4)
    for number in (1, 2):
        site.process.send_signal(signal.SIGHUP)
        wait_for(lambda number=number: sum("The web server was renewed" in line for line in site.lines) == number)
        time.sleep(2)  # the generation of before takes its leave
    seen = clients.stop()
    assert set(seen) == {"200 True"}
    assert seen["200 True"] > 100


def send(site, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port_of(site)), timeout=30)
    connection.sendall(request)
    return connection


def test_a_stop_answers_a_hundred_forms_that_are_still_being_sent(site):
    number = re.search(r'action="(/comments/on/\d+/)', page(site))[1].encode()
    head = b"POST " + number + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(FORM)
    sent = [send(site, head + FORM[:10]) for _ in range(100)]
    time.sleep(0.5)
    site.process.terminate()
    time.sleep(0.2)
    for connection in sent:
        connection.sendall(FORM[10:])
    assert [first_line(connection) for connection in sent] == [b"HTTP/1.1 403 Forbidden"] * 100
    assert site.process.wait(30) == 0


def test_a_stop_answers_a_hundred_requests_that_wait_for_their_turn(site):
    request = b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    sent = [send(site, request) for _ in range(100)]
    site.process.terminate()
    assert [first_line(connection) for connection in sent] == [b"HTTP/1.1 200 OK"] * 100
    assert site.process.wait(30) == 0


def test_who_comes_after_that_is_refused_and_does_not_wait(site):
    number = re.search(r'action="(/comments/on/\d+/)', page(site))[1].encode()
    held = send(site, b"POST " + number + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nname")
    with held:
        time.sleep(0.5)
        site.process.terminate()
        wait_for(lambda: is_refused(site))
        assert site.process.poll() is None
        held.sendall(b"=Ada.")
        assert first_line(held).startswith(b"HTTP/1.1 4")


def is_refused(site) -> bool:
    try:
        send(site, b"").close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    return False


def page(site) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(site), timeout=30)
    connection.request("GET", ARTICLE)
    try:
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def first_line(connection: socket.socket) -> bytes:
    with connection:
        return connection.makefile("rb").readline().strip()


@pytest.mark.parametrize("workers", ["0", "500", "two"])
def test_a_number_of_workers_that_cannot_be_is_told_in_a_sentence(tmp_path, workers):
    environment = os.environ | {"MASTHEAD_WORKERS": workers, "MASTHEAD_DATA": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"The environment variable MASTHEAD_WORKERS is '{workers}'; write a whole number from 1 to 64.\n"
