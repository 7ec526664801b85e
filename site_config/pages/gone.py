"""What must not be shown again in any fault: a small file that is read only when the database cannot be asked.

It says for a subject from which generation on its pages are good. It is written before the commit that withdraws or
removes something, and so by a change that is rolled back too: then a few pages more are not shown in an outage.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

try:
    import fcntl
except ImportError:  # a system without file locks has SQLite's own
    fcntl = None  # type: ignore[assignment]

NAME = "gone.json"


def remember(numbers: dict[str, int]) -> None:
    """Adds to the file, safe against a crash of the machine, in a few milliseconds. One writer at a time.

    Raises OSError, and ValueError for a damaged file: a change that hides something is not made where that is not kept.
    """
    path = place()
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with alone(path.with_name(f"{NAME}.lock")):
        known = read(path)
        whole = json.dumps(known | {subject: max(number, known.get(subject, 0)) for subject, number in numbers.items()})
        aside = path.with_name(f"{NAME}.new")
        with open(aside, "w", encoding="utf-8") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)


def may_be_shown(subjects: Iterable[str], generations: Iterable[int]) -> bool:
    """Whether a page drawn from these generations hides nothing that is gone, as far as is known without the database.

    A file that cannot be read hides everything.
    """
    try:
        least = read(place())
    except (OSError, ValueError):
        return False
    return all(number >= least.get(subject, 0) for subject, number in zip(subjects, generations, strict=True))


def begin_anew(numbers: dict[str, int]) -> None:
    """Replaces a damaged file. Give the generations of all subjects: nothing drawn before is shown without asking."""
    place().unlink(missing_ok=True)
    remember(numbers)


def read(path: Path) -> dict[str, int]:
    """Raises ValueError for a file that is damaged, OSError for one that cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(found, dict) or not all(isinstance(number, int) for number in found.values()):
        raise ValueError(f"{path} is damaged")
    return found


def place() -> Path:
    return settings.DATA_DIR / NAME


def sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone(place: Path) -> Iterator[None]:
    """Waits until no other thread or process is inside: not every database has a write lock."""
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o640)
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
