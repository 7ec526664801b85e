"""Ways to break a running site. Each is a context manager: broken inside, mended after."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.server import Site, processes, web_workers

ASIDE = "-aside"
NO_PRIVILEGES = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""root without the right to pass file permissions by."""


def wrap() -> list[str]:
    """What a site is started with, so that file permissions mean something to it."""
    return NO_PRIVILEGES if os.geteuid() == 0 and shutil.which("setpriv") else []


def database(site: Site) -> Path:
    return site.data / "masthead.sqlite3"


def files(site: Site) -> list[Path]:
    """The database with what SQLite keeps beside it."""
    return [path for ending in ("", "-wal", "-shm") if (path := Path(f"{database(site)}{ending}")).exists()]


@contextlib.contextmanager
def locked(site: Site, how: str = "IMMEDIATE") -> Iterator[None]:
    """Another program keeps a write transaction open."""
    connection = sqlite3.connect(database(site), isolation_level=None, timeout=20)
    connection.execute(f"BEGIN {how}")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@contextlib.contextmanager
def moved_away(site: Site) -> Iterator[None]:
    """The database's files are somewhere else for a while."""
    moved = files(site)
    for path in moved:
        path.rename(f"{path}{ASIDE}")
    try:
        yield
    finally:
        for path in moved:
            Path(f"{path}{ASIDE}").replace(path)


@contextlib.contextmanager
def immutable(site: Site) -> Iterator[None]:
    """Nobody can write the database's files, not even who has them open."""
    broken = files(site)
    done = subprocess.run(["chattr", "+i", *broken], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Impossible(f"chattr: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *broken], check=True)


@contextlib.contextmanager
def full(site: Site) -> Iterator[None]:
    """No byte is left on the disk of the data folder, which is a small one of its own."""
    filler = site.data / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (65536, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Impossible(f"mount: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that is there and does nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def stuck_worker(site: Site) -> contextlib.AbstractContextManager[None]:
    return stopped(web_workers(site)[0])


def stuck_jobs(site: Site) -> contextlib.AbstractContextManager[None]:
    return stopped(next(pid for pid, args in processes(site.process.pid).items() if "run_jobs" in args))


def clock_in(file: Path) -> dict[str, str]:
    """Settings by which a site takes the time that `file` says, as `-3600s` from now; {} where there is no faketime."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    names = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1"}
    return {**names, "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if library else {}


@contextlib.contextmanager
def forbidden(site: Site) -> Iterator[None]:
    """The folder of kept pages can be neither read nor written."""
    folder = site.data / "pages"
    folder.chmod(0)
    try:
        yield
    finally:
        folder.chmod(0o750)


@contextlib.contextmanager
def garbage(site: Site) -> Iterator[None]:
    """Each kept page is something else: nothing, noise, half of itself, another page, a folder."""
    kept = sorted(path for path in (site.data / "pages").rglob("*") if path.is_file() and len(path.name) == 40)
    assert len(kept) > 3
    contents = [path.read_bytes() for path in kept]
    for place, path in enumerate(kept):
        path.unlink()
        if place % 5 == 4:
            path.mkdir()
        else:
            path.write_bytes(
                (b"", os.urandom(5000), contents[place][: len(contents[place]) // 2], contents[place - 1])[place % 5]
            )
    yield
    for path in kept:
        if path.is_dir():
            path.rmdir()


@contextlib.contextmanager
def older(site: Site) -> Iterator[None]:
    """All kept pages are those of another release."""
    for number, folder in enumerate(list((site.data / "pages").iterdir())):
        if folder.is_dir():
            folder.rename(folder.with_name(f"{number:016x}"))
    yield


class Impossible(Exception):
    """This machine does not let itself be broken so."""
