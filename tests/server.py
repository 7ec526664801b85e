"""A real site for journeys and measurements: `manage.py quickstart` with its own data folder."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
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
    follower: threading.Thread | None = None

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
    """Drawn by lot below those that the system gives to clients, who could take it before the server does."""
    for _ in range(100):
        port = random.randrange(12_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise DidNotStart("No port is free.")


def own_database(like: str = "") -> dict[str, str]:
    """DATABASE_URL of a new database on the PostgreSQL that the tests run on, empty or as the one at `like`; nothing on SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        return {}
    template = urlsplit(like).path.strip("/") or "template1"
    import psycopg

    parts = urlsplit(address)
    name = f"masthead_e2e_{os.getpid()}_{next(numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}


@cache
def prepared() -> Site:
    """A site as `quickstart` leaves it after its first start and stop, made once in a test process and then copied."""
    folder = Path(tempfile.mkdtemp(prefix="masthead-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    site = run_site(folder / "data", is_new=True)
    stop(site)
    shutil.rmtree(site.data / "pages", ignore_errors=True)
    (site.data / "instance.lock").unlink(missing_ok=True)
    return site


def run_site(data: Path, *, is_new: bool = False, **settings: str) -> Site:
    """Starts `quickstart` with its own data folder and waits until it answers.

    Unless it has to be new (its `link` is known then only), folder and database are copies of prepared ones.
    """
    if is_new or data.exists():
        return launch(data, environment_of(data, **settings))
    shutil.copytree(prepared().data, data)
    return launch(data, environment_of(data, like=prepared().environment.get("DATABASE_URL", ""), **settings))


def environment_of(data: Path, *, like: str = "", **settings: str) -> dict[str, str]:
    """The environment of a site with this data folder, a port of its own and, on PostgreSQL, a database as own_database()'s."""
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_", "MASTHEAD_"))
    }
    for name in ("SITE_URL", "SECRET_KEY", "DATABASE_URL", "HOST"):
        environment.pop(name, None)
    environment |= {"MASTHEAD_DATA": str(data), "PORT": str(port), "PYTHONWARNINGS": "default"}
    return environment | own_database(like) | settings


def launch(data: Path, environment: dict[str, str], command: str = "quickstart", wrap: Sequence[str] = ()) -> Site:
    """Starts a command that serves and waits until it answers; `wrap` is a command that runs it, as `setpriv …` does.

    Raises DidNotStart if it ends, or does not answer in START seconds.
    """
    process = subprocess.Popen(
        [*wrap, sys.executable, str(ROOT / "manage.py"), command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site = Site(f"http://127.0.0.1:{environment['PORT']}", data, process, environment)
    ready = threading.Event()
    site.follower = threading.Thread(target=follow, args=(site, ready), daemon=True)
    site.follower.start()
    deadline = time.monotonic() + START
    while not ready.wait(0.1):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(site)
            raise DidNotStart("\n".join(site.lines))
    return site


def copy_of(site: Site, data: Path, **settings: str) -> Site:
    """A site with the data and settings of one that is stopped, at an address of its own, not started yet."""
    shutil.copytree(site.data, data)
    new = own_database(site.environment.get("DATABASE_URL", ""))
    environment = {**site.environment, "MASTHEAD_DATA": str(data), "PORT": str(free_port()), **new, **settings}
    return Site(f"http://127.0.0.1:{environment['PORT']}", data, site.process, environment)


def start_again(site: Site, wrap: Sequence[str] = ()) -> Site:
    """The site that was stopped, killed or copied, served again at the same address."""
    return launch(site.data, site.environment, "serve", wrap)


def follow(site: Site, ready: threading.Event) -> None:
    for line in site.process.stdout or ():
        site.lines.append(line.rstrip())
        if "Masthead is at" in line:
            ready.set()


def processes(parent: int) -> dict[int, str]:
    """The command lines of the living processes right below this one, by number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, above = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    return found


def web_workers(site: Site) -> list[int]:
    return [
        worker
        for server, args in processes(site.process.pid).items()
        if "operations.web" in args
        for worker in processes(server)
    ]


def until_it_answers(site: Site, seconds: float = START) -> None:
    """Waits until a worker answers at all."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{site.url}/health/live/", timeout=seconds).close()
            return
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
    raise DidNotStart("\n".join(site.lines))


def kill_tree(site: Site) -> None:
    """SIGKILL to every process of the site at once, as when the machine loses its power."""
    below = [pid for child in processes(site.process.pid) for pid in (*processes(child), child)]
    for pid in (site.process.pid, *below):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.process.wait(10)
    if site.follower:
        site.follower.join(10)
    if site.process.stdout:
        site.process.stdout.close()


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGTERM)
    try:
        site.process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(site.process.pid, signal.SIGKILL)
        site.process.wait(10)
    if site.process.stdout:
        site.process.stdout.close()
