"""A storm of comments over a site that is killed again and again: each that was acknowledged is there, once.

MASTHEAD_STORM_SECONDS is how long it takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from comments.placing import FOLD
from tests.e2e.races.auditing import audited
from tests.e2e.races.ledger import lines_of
from tests.e2e.races.starting import go_when_ready
from tests.server import ROOT, kill_tree, start_again, stop, until_it_answers

SECONDS = float(os.environ.get("MASTHEAD_STORM_SECONDS", "6"))
CLIENTS = 8
KILLS = 3
PATIENCE = 120.0
THERE = "from comments.models import Comment; print(*Comment.objects.values_list('source', flat=True), sep='\\n')"

LONGEST = "from comments.models import Comment; print(Comment.objects.latest('answers').answers)"


@pytest.fixture
def stormy(copied):
    running = [start_again(copied("storm"))]
    yield running
    stop(running[-1])


def test_every_acknowledged_comment_is_there_once(stormy, tmp_path):
    clients = [start_client(stormy[0].url, tmp_path, number) for number in range(CLIENTS)]
    go_when_ready(tmp_path, CLIENTS, PATIENCE)
    for _ in range(KILLS):
        time.sleep(SECONDS / (KILLS + 1))
        kill_tree(stormy[-1])
        stormy.append(start_again(stormy[-1]))
        until_it_answers(stormy[-1])
    time.sleep(SECONDS / (KILLS + 1))
    (tmp_path / "over").touch()
    for client in clients:
        _, said = client.communicate(timeout=PATIENCE)
        assert client.returncode == 0, said[-4000:]
    asked, acknowledged, again = counted(tmp_path)
    there = stormy[-1].query(THERE).splitlines()
    print(f"{len(acknowledged)} acknowledged, {again} sent again, {len(there)} there, {KILLS} kills")
    assert len(there) == len(set(there))
    assert acknowledged <= set(there) <= asked
    assert len(acknowledged) >= CLIENTS
    assert again > 0
    assert audited(stormy[-1]) == {}
    assert int(stormy[-1].query(LONGEST).splitlines()[-1]) > FOLD, "a thread in which all clients met grew past its fold"


def start_client(url: str, folder, number: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.e2e.races.storming", url, str(folder), f"client-{number}"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def counted(folder) -> tuple[set[str], set[str], int]:
    """The texts that were sent, those that were acknowledged, and how often one was sent again."""
    lines = [line for path in folder.glob("*.jsonl") for line in lines_of(path)]
    asked = {line["asked"] for line in lines if "asked" in line}
    return asked, {line["kept"] for line in lines if "kept" in line}, sum("trouble" in line for line in lines)
