"""The job runner as a process of its own, as `serve` starts it, on a database in a file."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.server import ROOT, own_database

pytestmark = pytest.mark.slow
NEVER = "--pause=3600"


class Runner:
    def __init__(self, folder):
        self.folder, self.log = folder, folder / "log"
        self.environment = os.environ | {"MASTHEAD_DATA": str(folder / "data")} | own_database()
        for name in ("DJANGO_SETTINGS_MODULE", "SITE_URL"):
            self.environment.pop(name, None)
        if "postgres" not in self.environment.get("DATABASE_URL", ""):
            self.environment["DATABASE_URL"] = f"sqlite:///{folder / 'db'}"
            (folder / "db").touch()
        self.processes = []

    def manage(self, *arguments):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout

    def shell(self, code):
        before = "from site_config.jobs.models import Job; from tests.site_config.jobs import tasks; "
        return self.manage("shell", "-v", "0", "-c", before + code).strip()

    def start(self, *arguments):
        with open(self.log, "a") as log:
            command = [sys.executable, str(ROOT / "manage.py"), "run_jobs", *arguments]
            self.processes.append(subprocess.Popen(command, env=self.environment, stderr=log, stdout=log))
        return self.processes[-1]

    def lines(self, name="out"):
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def until(self, true, seconds=60.0):
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


@pytest.fixture
def runner(tmp_path):
    made = Runner(tmp_path)
    made.manage("migrate", "-v", "0")
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


def test_a_job_wakes_the_runner(runner):
    """It would look again by itself in half a minute, and elsewhere than on SQLite in an hour."""
    if "postgres" in runner.environment["DATABASE_URL"]:
        pytest.skip("PostgreSQL is looked at every half second instead")
    runner.shell(f"tasks.write.enqueue({str(runner.folder / 'out')!r}, 'first')")
    runner.start(NEVER)
    runner.until(lambda: runner.lines() == ["first"])
    runner.shell(f"tasks.write.enqueue({str(runner.folder / 'out')!r}, 'second')")
    runner.until(lambda: runner.lines() == ["first", "second"])


def test_a_long_job_does_not_delay_the_housekeeping(runner):
    runner.shell(f"tasks.busy.enqueue({str(runner.folder / 'out')!r}, 3)")
    runner.start()
    runner.until(lambda: "done" in runner.lines())
    assert runner.lines().index("done") > 10


def test_a_stop_finishes_the_job_in_hand_and_no_job_is_lost_or_doubled(runner):
    out = str(runner.folder / "out")
    runner.shell(f"[tasks.write.enqueue({out!r}, str(number), 0.1) for number in range(30)]")
    for least in (3, 12):
        process = runner.start()
        runner.until(lambda least=least: len(runner.lines()) >= least)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        left = json.loads(runner.shell("print(list(Job.objects.values_list('state', flat=True)))").replace("'", '"'))
        assert set(left) == {"waiting"}
        assert len(left) == 30 - len(runner.lines())
    runner.start()
    runner.until(lambda: len(runner.lines()) >= 30)
    assert sorted(map(int, runner.lines())) == list(range(30))


def test_a_job_that_takes_too_long_for_a_stop_is_given_back(runner):
    runner.shell(f"tasks.write.enqueue({str(runner.folder / 'out')!r}, 'late', 3600)")
    process = runner.start()
    state = "print(Job.objects.get().state, Job.objects.get().attempts, Job.objects.get().lease_until)"
    runner.until(lambda: runner.shell(state).startswith("running 1"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert runner.shell(state) == "waiting 0 None"
    assert "it is given back" in runner.log.read_text()


def test_a_database_that_is_not_there_is_waited_for(runner):
    if "postgres" in runner.environment["DATABASE_URL"]:
        pytest.skip("this moves the file of SQLite")
    out = str(runner.folder / "out")
    runner.shell(f"tasks.write.enqueue({out!r}, 'done'); tasks.busy.enqueue({out!r}, 0)")
    database = runner.folder / "db"
    database.rename(runner.folder / "elsewhere")
    process = runner.start()
    runner.until(lambda: "trying again" in runner.log.read_text())
    (runner.folder / "elsewhere").rename(database)
    runner.until(lambda: "housekeeping" in runner.lines() and "done" in runner.lines())
    assert process.poll() is None
