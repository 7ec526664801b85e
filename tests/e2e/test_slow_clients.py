"""Slow clients cost nobody else anything: while hundreds hang on to the server, readers are answered as if they were not there."""

import contextlib
import csv
import http.client
import itertools
import re
import shutil
import socket
import statistics
import subprocess
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from tests.e2e.journeys import ARTICLE
from tests.lacking import lacking
from tests.server import run_site, stop

CONNECTIONS = 400
RATE = 400
SECONDS = 5
PAUSE = 0.25
WITHIN = 1.0
"""In seconds; half of the readers of a kind at least. A server without threads to spare answers them when the attack ends."""
PATIENCE = 20
SLOW = {
    "headers": ["-H", "-i", "1", "-x", "24"],
    "headers of a post": ["-H", "-i", "1", "-x", "24", "-t", "POST"],
    "body": ["-B", "-i", "1", "-x", "10", "-s", "8192"],
    "large body": ["-B", "-i", "1", "-x", "10", "-s", "9000000"],
    "read": ["-X", "-w", "1", "-y", "64", "-n", "1", "-z", "5", "-k", "3"],
    # These are answered at once, so that only their number keeps the attack going.
    "range": ["-R", "-a", "5", "-b", "3000", "-t", "GET", "-c", str(RATE * SECONDS)],
}
STREAMS = ("stdin", "stdout", "stderr")
WHOLE_PAGES = {"read", "range"}
"""Attacks that have whole pages sent. On other databases than SQLite none is kept yet, and each costs its drawing."""

numbers = itertools.count(1)


class Form(NamedTuple):
    path: str
    token: str


class Asked(NamedTuple):
    what: str
    status: int
    seconds: float


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slow") / "data"
    running = run_site(folder, MASTHEAD_COMMENT_RATE="100000/m", MASTHEAD_COMMENT_MODERATION="open")
    yield running
    stop(running)


@pytest.fixture(scope="module")
def form(server) -> Form:
    _, page = ask(server, "GET", ARTICLE)
    found = re.search(rb'action="(/comments/on/\d+/)[^"]*".*?name="token" value="([^"]+)"', page, re.S)
    return Form(found[1].decode(), found[2].decode())


def ask(server, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """(status, body) on a connection of its own, as somebody has who comes anew."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=PATIENCE)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def probe(server, form: Form, until: float) -> list[Asked]:
    """A reader of a kept page, one of a page that is never kept and a writer, again and again."""
    asked = []
    while time.monotonic() < until:
        number = next(numbers)
        comment = urlencode({"name": "Ines", "text": f"While others are slow, number {number}.", "token": form.token})
        for what, request in {
            "kept page": ("GET", ARTICLE),
            "page that is never kept": ("GET", form.path),
            "comment": ("POST", form.path, comment.encode()),
        }.items():
            began = time.monotonic()
            try:
                status, _ = ask(server, *request)
            except OSError:
                status = 0
            asked.append(Asked(what, status, time.monotonic() - began))
        time.sleep(PAUSE)
    return asked


def everybody_was_served(asked: list[Asked]) -> None:
    assert len(asked) >= 12
    assert [each for each in asked if each.status != (303 if each.what == "comment" else 200)] == []
    for kind in {each.what for each in asked}:
        assert statistics.median(each.seconds for each in asked if each.what == kind) < WITHIN, asked


def connections_made(told: Path) -> int:
    """How many connections slowhttptest held, or had had, by its own count."""
    with open(told, newline="") as rows:
        return max(int(row["Connected"]) + int(row["Closed"]) for row in csv.DictReader(rows))


@pytest.mark.slow
@pytest.mark.parametrize("way", SLOW)
def test_readers_are_answered_while_slowhttptest_attacks(server, form, way, tmp_path):
    if not shutil.which("slowhttptest"):
        lacking("slowhttptest is not installed (Debian: apt install slowhttptest)")
    if way in WHOLE_PAGES and server.environment.get("DATABASE_URL"):
        pytest.skip("No page is kept on this database.")
    target = server.url + (form.path if "body" in way or "post" in way else ARTICLE)
    command = ["slowhttptest", "-c", str(CONNECTIONS), "-r", str(RATE), "-l", str(SECONDS), "-g", "-o", "told", "-v", "0"]
    attack = subprocess.Popen([*command, *SLOW[way], "-u", target], cwd=tmp_path, **dict.fromkeys(STREAMS, subprocess.DEVNULL))
    try:
        asked = probe(server, form, time.monotonic() + SECONDS)
        attack.wait(SECONDS + 10)
    finally:
        attack.kill()
        attack.wait()
    assert connections_made(tmp_path / "told.csv") > CONNECTIONS * 3 / 4
    everybody_was_served(asked)


HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALF = {
    "half a body": HEAD + "Content-Length: 4000\r\n\r\nname=Slow&text=half",
    "no body": HEAD + "Content-Length: 4000\r\n\r\n",
    "half a head": HEAD,
    "half a large body": HEAD + "Content-Length: 9000000\r\n\r\n" + "name=" + "x" * 60_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("part", HALF)
def test_readers_are_answered_while_posts_are_half_sent(server, form, part):
    host, _, port = server.url.removeprefix("http://").partition(":")
    sent = HALF[part].format(path=form.path, host=f"{host}:{port}").encode()
    with contextlib.ExitStack() as held:
        for _ in range(CONNECTIONS):
            connection = held.enter_context(socket.create_connection((host, int(port)), timeout=PATIENCE))
            connection.sendall(sent)
        asked = probe(server, form, time.monotonic() + SECONDS)
    everybody_was_served(asked)


def test_after_all_that_every_comment_is_there(server, form):
    """What the probes wrote was acknowledged; it stands under the article, and the server's log has no failure."""
    status, page = ask(server, "GET", ARTICLE)
    assert status == 200
    count = int(re.search(rb"([\d,]+) comments?\b", page)[1].replace(b",", b""))
    assert count == next(numbers) - 1
    assert "Traceback" not in "\n".join(server.lines)
