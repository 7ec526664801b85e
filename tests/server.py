"""A real site for journeys and measurements: `manage.py quickstart` with its own data folder."""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
START = 120
numbers = itertools.count(1)


class DidNotStart(RuntimeError):
    """The server ended or fell silent; the text is what it printed."""


@dataclass
class Site:
    """A running site: its address, the link on which the editor's password is set, and what it printed."""

    url: str
    data: Path
    process: subprocess.Popen
    environment: dict[str, str]
    lines: list[str] = field(default_factory=list)

    @property
    def link(self) -> str:
        return next(found[0] for line in self.lines if (found := re.search(r"http\S+/accounts/password/reset/key/\S+", line)))

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=START, check=True)
        return done.stdout + done.stderr

    def query(self, code: str) -> str:
        """What `code` prints in the site's own shell."""
        return self.manage("shell", "-v", "0", "-c", code).strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_database() -> dict[str, str]:
    """DATABASE_URL of a new, empty database on the PostgreSQL that the tests run on; nothing on SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        return {}
    import psycopg

    parts = urlsplit(address)
    name = f"masthead_e2e_{os.getpid()}_{next(numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}


@cache
def prepared_folder() -> Path:
    """A data folder as `quickstart` leaves it after its first start, made once in a test process and then copied."""
    folder = Path(tempfile.mkdtemp(prefix="masthead-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    stop(run_site(folder / "data", is_new=True))
    for name in ("pages", "instance.lock"):
        shutil.rmtree(folder / "data" / name, ignore_errors=True)
    return folder / "data"


def environment_of(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a site with this data folder on a free port, with nothing of the tests' own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_", "MASTHEAD_"))
    }
    for name in ("SITE_URL", "SECRET_KEY", "DATABASE_URL", "HOST"):
        environment.pop(name, None)
    environment |= {"MASTHEAD_DATA": str(data), "PORT": str(free_port()), "PYTHONWARNINGS": "default"}
    return environment | own_database() | settings


def run_site(data: Path, *, is_new: bool = False, **settings: str) -> Site:
    """Starts `quickstart` with its own data folder and waits until it answers.

    On SQLite, unless it has to be new (its `link` is known then only), the folder is a copy of a prepared one.
    """
    if not is_new and not data.exists() and not os.environ.get("DATABASE_URL"):
        shutil.copytree(prepared_folder(), data)
    environment = environment_of(data, **settings)
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "quickstart"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site = Site(f"http://127.0.0.1:{environment['PORT']}", data, process, environment)
    ready = threading.Event()
    threading.Thread(target=follow, args=(site, ready), daemon=True).start()
    if not ready.wait(START):
        stop(site)
        raise DidNotStart("\n".join(site.lines))
    return site


def follow(site: Site, ready: threading.Event) -> None:
    for line in site.process.stdout or ():
        site.lines.append(line.rstrip())
        if "Masthead is at" in line:
            ready.set()


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGTERM)
    try:
        site.process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(site.process.pid, signal.SIGKILL)
        site.process.wait(10)
    if site.process.stdout:
        site.process.stdout.close()
