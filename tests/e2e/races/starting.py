"""How the processes of a race begin and end together: files in its folder say it."""

from __future__ import annotations

import time
from pathlib import Path

LOOK = 0.01


def wait_to_go(folder: Path, name: str) -> None:
    """Says that this process is ready, and waits until all are."""
    (folder / f"{name}.ready").touch()
    while not (folder / "go").exists():
        time.sleep(LOOK)


def is_over(folder: Path) -> bool:
    return (folder / "over").exists()


def go_when_ready(folder: Path, count: int, patience: float) -> None:
    """Starts the race once so many processes are ready. Raises TimeoutError."""
    deadline = time.monotonic() + patience
    while len(list(folder.glob("*.ready"))) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {sorted(path.stem for path in folder.glob('*.ready'))} are ready after {patience} s")
        time.sleep(LOOK)
    (folder / "go").touch()
