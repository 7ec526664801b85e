"""Readers and writers at once over HTTP, with and without kills: nothing stale, nothing early, nothing torn, nothing lost.

MASTHEAD_RACE_SECONDS is how long the undisturbed race takes; the one with kills takes half of that, and never less
than it needs. `-s` shows what they counted.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.races.auditing import audited
from tests.e2e.races.ledger import Ledger, Verdict
from tests.e2e.races.starting import go_when_ready
from tests.server import ROOT, Site, kill_tree, start_again, stop, until_it_answers, web_workers

SECONDS = float(os.environ.get("MASTHEAD_RACE_SECONDS", "6"))
READERS = 8
PATIENCE = 120.0
LEAST_WRITES, LEAST_READS, LEAST_LINES = 20, 200, 5
START = dict.fromkeys(("d1", "d2", "v1", "v2", "v3", "t1", "t2", "tag"), 1) | {"x1": 0}
ROLES = ("editor", "commenter", "moderator")


class Race:
    """The processes of one race, and the folder in which they write."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        (folder / "articles").write_text((site.data / "articles").read_text())
        self.verbs = self.start_verbs()
        self.others = [self.start("writing", role, site.url, str(folder)) for role in ROLES]
        self.others += [self.start("reading", site.url, str(folder), f"reader-{number}") for number in range(READERS)]
        go_when_ready(folder, 1 + len(self.others), PATIENCE)
        self.began = time.monotonic()

    def start_verbs(self) -> subprocess.Popen:
        environment = {**self.site.environment, "DJANGO_SETTINGS_MODULE": "site_config.settings"}
        return self.start("verbs", str(self.folder), environment=environment)

    def start(self, module: str, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.Popen:
        command = [sys.executable, "-m", f"tests.e2e.races.{module}", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    def is_young(self, seconds: float) -> bool:
        """Whether it has not lasted for so long, or brought too little on a busy machine; never for PATIENCE more.

        It is over when one of its processes fails."""
        if any(process.poll() is not None for process in (self.verbs, *self.others)):
            return False
        age = time.monotonic() - self.began
        return age < seconds or (age < seconds + PATIENCE and self.has_brought_little())

    def has_brought_little(self) -> bool:
        counts = Ledger(self.folder, START).judge().counts
        if counts["reads"] < LEAST_READS or counts["writes"] < LEAST_WRITES:
            return True
        return any((self.folder / f"{role}.jsonl").read_text().count("\n") < LEAST_LINES for role in ROLES)

    def finish(self) -> Verdict:
        (self.folder / "over").touch()
        for process in (self.verbs, *self.others):
            _, said = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, said[-4000:]
        verdict = Ledger(self.folder, START).judge()
        verdict.counts["seconds"] = round(time.monotonic() - self.began)
        print(verdict)
        assert not verdict.wrong, str(verdict)
        assert verdict.counts["writes"] >= LEAST_WRITES
        assert verdict.counts["reads"] >= LEAST_READS
        return verdict


@pytest.fixture
def raced(copied, tmp_path):
    """A running site like the original, of which the test may start others in its place."""
    running = [start_again(copied("race"))]
    yield running
    stop(running[-1])


def test_every_read_shows_what_was_acknowledged_before_it_began(raced, tmp_path):
    race = Race(raced[0], tmp_path)
    while race.is_young(SECONDS):
        time.sleep(0.1)
    verdict = race.finish()
    assert verdict.counts["reads without an answer"] == 0
    assert verdict.counts["writes tried again"] == 0
    assert audited(raced[0]) == {}


def test_kills_lose_nothing_double_nothing_and_bring_nothing_old_back(raced, tmp_path):
    race = Race(raced[0], tmp_path)
    disturb(race, raced, max(8.0, SECONDS / 2))
    race.finish()
    assert audited(raced[-1]) == {}


def disturb(race: Race, raced: list[Site], seconds: float) -> None:
    """Kills a web worker about each second while the site answers, the writing process once, and twice everything at once."""
    dice, began = random.Random(4), time.monotonic()
    whole, crash = [began + seconds * 0.3, began + seconds * 0.6], began + seconds * 0.45
    while race.is_young(seconds) or whole:
        until_it_answers(raced[-1])
        time.sleep(dice.uniform(0.5, 1.5))
        if whole and time.monotonic() > whole[0]:
            whole.pop(0)
            kill_tree(raced[-1])
            raced.append(start_again(raced[-1]))
        elif crash and time.monotonic() > crash:
            crash = 0.0
            race.verbs.kill()
            race.verbs.communicate()
            race.verbs = race.start_verbs()
        elif workers := web_workers(raced[-1]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(workers), signal.SIGKILL)
