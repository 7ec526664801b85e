"""A cold start: the CPU that `manage.py serve` uses from its start to the first page."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.bench.ground import ARTICLE, PYTHON, Ground, fetch, running
from tests.bench.processes import cpu_of
from tests.bench.table import Row, at_most
from tests.server import ROOT, environment_of

DEADLINE = 60
PAUSE = 0.01


def rows(ground: Ground) -> Iterator[Row]:
    starts = [start(ground) for _ in range(ground.rounds)]
    cpu, wall = (statistics.median(values) for values in zip(*starts, strict=True))
    remark = f"{wall:.1f} s by the clock"
    yield Row("cold start of `serve` to the first page: CPU of the tree", cpu, at_most(1, "s"), remark)


def start(ground: Ground) -> tuple[float, float]:
    """Seconds of CPU and of the clock until the article came; the store has no page of an earlier run."""
    sown = ground.sow("article")
    folder = ground.new_folder("cold")
    shutil.copytree(sown.data, folder / "data")
    environment = environment_of(folder / "data")
    began = time.monotonic()
    command = [PYTHON, str(ROOT / "manage.py"), "serve"]
    with running(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while time.monotonic() - began < DEADLINE:
            with suppress(OSError):
                fetch(f"http://127.0.0.1:{environment['PORT']}{ARTICLE}")
                return cpu_of(process.pid), time.monotonic() - began
            time.sleep(PAUSE)
    raise RuntimeError(f"serve did not answer within {DEADLINE} s")
