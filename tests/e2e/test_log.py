"""A real site: all its processes write one log in one form, and an id leads from an answer to its lines."""

import contextlib
import json
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.server import Site, run_site, stop

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes in /proc")]
GIVEN = "given-by-the-proxy-1"
TOKEN = "a token of the owner's own"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = run_site(
        tmp_path_factory.mktemp("site"),
        MASTHEAD_LOG="json", LOG_LEVEL="DEBUG", MASTHEAD_PROXIES="1", MASTHEAD_METRICS_TOKEN=TOKEN, PYTHONWARNINGS="ignore",
    )  # fmt: skip
    yield site
    stop(site)


def get(site: Site, path: str, **headers: str):
    request = urllib.request.Request(
        site.url + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def events(site: Site) -> list[dict]:
    """All that was logged since the supervisor said that the site is there. Raises where a line is no JSON."""
    first = next(number for number, line in enumerate(site.lines) if "Masthead is at" in line)
    return [json.loads(line) for line in site.lines[first:]]


def until(site: Site, **facts) -> dict:
    """The first event with these facts, once it is there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for event in events(site):
            if facts.items() <= event.items():
                return event
        time.sleep(0.05)
    raise AssertionError(f"no {facts} in {site.lines}")


def process_of(site: Site, word: str, parent: int) -> int:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if above == parent and word in (entry / "cmdline").read_text():
                return int(entry.name)
    raise AssertionError(word)


def test_an_id_leads_from_an_answer_to_its_line(site):
    _, headers, _ = get(site, "/nowhere/?email=ada@example.org")
    event = until(site, logger="masthead.requests", request=headers["X-Request-ID"])
    assert {"method": "GET", "status": 404, "level": "DEBUG"}.items() <= event.items()


def test_a_proxy_may_bring_an_id(site):
    assert get(site, "/nowhere/", X_Request_ID=GIVEN)[1]["X-Request-ID"] == GIVEN
    until(site, logger="masthead.requests", request=GIVEN)


def test_no_kept_page_has_an_id(site):
    """A worker that has the page in memory adds none; one that gets it from its file adds its own."""
    page = "/about/"
    _, first, body = get(site, page, X_Request_ID=GIVEN)
    assert first["X-Request-ID"] == GIVEN
    if "DATABASE_URL" in site.environment:
        pytest.skip("Pages are kept on SQLite only so far.")
    answers = [get(site, page) for _ in range(10)]
    ids = [headers.get("X-Request-ID") for _, headers, _ in answers]
    assert {kept for _, _, kept in answers} == {body}
    assert None in ids
    assert GIVEN not in ids
    files = [file for file in (site.data / "pages").rglob("*") if file.is_file() and "turns" not in file.parts]
    assert any(b"/about/" in file.read_bytes() for file in files)
    assert not any(GIVEN.encode() in file.read_bytes() for file in files)


def test_it_is_ready_with_all_its_parts(site):
    deadline = time.monotonic() + 20
    while b"ok job runner" not in get(site, "/health/ready")[2] and time.monotonic() < deadline:
        time.sleep(0.1)
    status, _, body = get(site, "/health/ready")
    assert status == 200
    assert all(line.startswith("ok ") for line in body.decode().splitlines()[1:]), body


def test_metrics_are_for_who_has_the_token(site):
    assert get(site, "/health/metrics")[0] == 401
    status, headers, body = get(site, "/health/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert b"\nmasthead_jobs_runner_silence_seconds " in body
    assert "Set-Cookie" not in headers


def test_every_process_writes_the_same_form(site):
    """The last one: it kills."""
    server = process_of(site, "operations.web", site.process.pid)
    worker = process_of(site, "", server)
    runner = process_of(site, "run_jobs", site.process.pid)
    for pid in (worker, runner):
        os.kill(pid, signal.SIGKILL)
    until(site, logger="_granian", level="ERROR")
    until(site, logger="masthead.supervisor", message="The job runner ended with -9; starting it again in 1 s")
    for event in events(site):
        assert list(event)[:4] == ["time", "level", "logger", "message"]
    assert "Traceback" not in "\n".join(site.lines)
