"""What is scheduled comes true at its minute in every list, by itself: the server's clock is set from outside."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from tests.asking import Client
from tests.e2e.faults import breaking
from tests.server import processes, start_again, stop

LISTS = ["/", "/feed/", "/sitemap.xml", "/tag/waiting/"]
LEAD = 6
"""Seconds before the minute at which the clock is put."""
SOW = """
import datetime, json
from django.utils import timezone
from articles import due, publishing, revisions
from tests.factories import make_article, make_draft
minute = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(hours=2)
live = make_article(title="As it was", slug="as-it-was", tags=["Waiting"])
revisions.save(live, {**revisions.newest_data(live), "title": "As it will be", "slug": "as-it-will-be"}, by=None)
due.schedule_change(live, by=None, at=minute)
publishing.publish(make_draft(title="Quite new", slug="quite-new", tags=["Waiting"]), by=None, at=minute)
print(json.dumps(minute.timestamp()))
"""


@pytest.fixture
def scheduled(copied, tmp_path):
    """A site with a first publication and a change of a live article that wait for the same minute; which that is, and its
    clock."""
    clock = tmp_path / "clock"
    clock.write_text("+0s")
    if not (settings := breaking.clock_in(clock)):
        pytest.skip("faketime is not installed.")
    site = copied("scheduled", **settings)
    minute = json.loads(site.query(SOW).splitlines()[-1])
    running = start_again(site)
    yield running, minute, clock
    stop(running)


@pytest.mark.parametrize("is_stuck", [False, True], ids=["with the job runner", "without it"])
def test_a_publication_and_a_change_at_their_minute(scheduled, is_stuck):
    site, minute, clock = scheduled
    with contextlib.closing(Client(site.url)) as client:
        comes_true(site, client, minute, clock, is_stuck=is_stuck)


def comes_true(site, client: Client, minute: float, clock, *, is_stuck: bool) -> None:
    before = [client.get(path).text for path in [*LISTS, "/as-it-was/"]]
    assert all("As it will be" not in page and "Quite new" not in page for page in before)
    assert client.get("/quite-new/").status == 404
    with breaking.stuck_jobs(until_jobs_run(site)) if is_stuck else contextlib.nullcontext():
        ahead = round(minute - time.time()) - LEAD
        clock.write_text(f"+{ahead}s")
        watch(client, minute - ahead)
        assert client.get("/as-it-was/").headers["location"] == "/as-it-will-be/"
        assert "As it will be" in client.get("/as-it-will-be/").text
        assert client.get("/quite-new/").status == 200
        for path in LISTS:
            page = client.get(path).text
            named = ("/as-it-will-be/", "/quite-new/") if path == "/sitemap.xml" else ("As it will be", "Quite new")
            assert all(words in page for words in named), path
            assert "as-it-was" not in page, path


def until_jobs_run(site):
    """The site, once it has a job runner."""
    while not any("run_jobs" in args for args in processes(site.process.pid).values()):
        time.sleep(0.1)
    return site


def watch(client: Client, minute: float) -> None:
    """Asks for the front page until both are there: never before `minute` (by our clock), always a second after it."""
    while True:
        began = time.time()
        page = client.get("/").text
        shown = ("As it will be" in page, "Quite new" in page)
        if time.time() < minute:
            assert shown == (False, False)
        elif began > minute + 1:
            assert shown == (True, True)
            return
