import io
import signal
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from site_config.jobs import periodic
from site_config.jobs.management.commands import run_jobs
from tests.site_config.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signals_as_before():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_once_it_does_what_is_due_and_stops():
    tasks.note.enqueue(1)
    tasks.fail.enqueue()
    out = io.StringIO()
    call_command("run_jobs", "--once", stdout=out)
    assert out.getvalue() == "1 jobs done\n"
    assert tasks.done == [((1,), {})]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_until_it_is_told_to_stop(monkeypatch, number):
    looks = []

    def look(stop) -> int:
        looks.append(1)
        if len(looks) == 3:
            signal.raise_signal(number)
        return 0

    monkeypatch.setattr(run_jobs.runner, "run_due", look)
    monkeypatch.setattr(run_jobs, "LONGEST_SLEEP", 0.0)
    monkeypatch.setattr(periodic, "_tasks", {})
    call_command("run_jobs", "--pause=0")
    assert len(looks) == 3


def test_housekeeping_comes_round_beside_the_jobs(monkeypatch):
    calls = []

    def keep_house() -> None:
        calls.append(1)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(periodic, "_tasks", {})
    monkeypatch.setattr(periodic, "_next", {})
    monkeypatch.setattr(run_jobs, "LONGEST_SLEEP", 0.0)
    periodic.every(60, keep_house)
    call_command("run_jobs", "--pause=0")
    assert calls == [1]
    assert "scheduler" not in {thread.name for thread in threading.enumerate()}


def test_a_database_that_is_away_is_waited_for(monkeypatch, caplog):
    """The signal is there already, so that nothing is waited for in the test."""
    monkeypatch.setattr(periodic, "_tasks", {})

    def away(stop) -> int:
        signal.raise_signal(signal.SIGTERM)
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(run_jobs.runner, "run_due", away)
    monkeypatch.setattr(run_jobs.connection, "close", lambda: None)
    call_command("run_jobs", "--pause=0")
    assert "did not answer (server closed the connection); trying again" in caplog.text
