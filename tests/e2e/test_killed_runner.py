"""SIGKILL to a real job runner at each step of its talk with a real mail server: how often does the mail come?

The server is the trigger: it kills its client when that reaches the step. What came is counted by Message-ID.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.e2e.faults.breaking import clock_in
from tests.postbox import postbox
from tests.server import ROOT, START

pytestmark = pytest.mark.slow
QUEUE = """
from site_config.mail.queueing import post
post(to="ines@example.org", subject="One event", text="Words. " * 50, key="event:1")
"""
BEFORE_THE_DOT = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body")


def environment(data, port: int = 25, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_", "MASTHEAD_"))}
    for name in ("DATABASE_URL", "SITE_URL", "CACHE_URL"):
        kept.pop(name, None)
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "EMAIL_USE_TLS": "false"}
    return {**kept, **mail, "MASTHEAD_DATA": str(data), "SECRET_KEY": "of this test", **settings}


def manage(*arguments: str, env: dict[str, str]) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, env=env, capture_output=True, timeout=START, check=True)


@pytest.fixture(scope="module")
def with_a_letter(tmp_path_factory):
    """The data folder of a site with one letter that waits."""
    data = tmp_path_factory.mktemp("mail") / "data"
    data.mkdir()
    manage("migrate", env=environment(data))
    manage("shell", "-v", "0", "-c", QUEUE, env=environment(data))
    return data


def letter(data) -> tuple[str, int]:
    with sqlite3.connect(data / "masthead.sqlite3") as connection:
        return connection.execute("SELECT state, doubts FROM mail_letter").fetchone()


@pytest.mark.parametrize("step", [*BEFORE_THE_DOT, "dot", "answered"])
def test_a_killed_runner_neither_loses_a_mail_nor_sends_it_three_times(with_a_letter, tmp_path, step):
    later = clock_in(tmp_path / "clock")
    if not later:
        pytest.skip("faketime is not installed.")
    (tmp_path / "clock").write_text("+6m")
    data = tmp_path / "data"
    shutil.copytree(with_a_letter, data)
    with postbox() as box:
        env = environment(data, box.port)
        runner = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "run_jobs"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        box.on[step] = lambda: os.kill(runner.pid, signal.SIGKILL)
        assert runner.wait(START) == -signal.SIGKILL
        del box.on[step]
        first = len(box.messages)
        assert first == (step not in BEFORE_THE_DOT)
        for _ in range(2):
            manage("run_jobs", "--once", env={**env, **later})
        came = [message["Message-ID"] for message in box.messages]
    state, doubts = letter(data)
    assert state == "sent"
    assert len(set(came)) == 1
    if step in BEFORE_THE_DOT:
        assert len(came) == 1
    else:
        assert len(came) == 1 + doubts <= 2
    assert step != "dot" or len(came) == 2  # nobody can know that the server had kept it
