"""The ground a run stands on: a folder of its own, sites sown once and started from copies. All of it ends with the run."""

from __future__ import annotations

import dataclasses
import gzip
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from site_config.bootstrap import VENV_PYTHON
from tests.bench.load import Target
from tests.server import ROOT, Site, free_port, run_site, stop

PYTHON = VENV_PYTHON if os.path.exists(VENV_PYTHON) else sys.executable
START = 60
LONGEST_SOWING = 1800
ARTICLE = "/the-power-struggle-in-ai/"
NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; gzip_static on; default_type text/html;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {http}
}}
"""


class Sown(NamedTuple):
    """A data folder that is copied for each site, and what the one who filled it told."""

    data: Path
    facts: dict[str, Any]


class Place(NamedTuple):
    """A running site and what is known of what is in it."""

    site: Site
    facts: dict[str, Any]
    pid: int = 0
    """The process that answers, if it is not the site's own."""

    def behind(self, url: str, pid: int) -> Place:
        """The same site as it is reached through the proxy at `url`; `pid` is the proxy's."""
        return Place(dataclasses.replace(self.site, url=url), self.facts, pid)

    def at(self, path: str, **headers: str) -> Target:
        """Headers are named with underscores: `Accept_Encoding="gzip"`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return Target(self.site.url + path, self.pid or self.site.process.pid, sent)


@dataclass
class Ground:
    """`seconds` and `rounds` of each measurement; `quick` also makes the large sites small."""

    folder: Path
    rounds: int = 3
    seconds: int = 3
    quick: bool = False
    sown: dict[str, Sown] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_folder(self, name: str) -> Path:
        made = self.folder / f"{name}-{next(self.numbers)}"
        made.mkdir(mode=0o755)
        return made

    def sow(self, what: str) -> Sown:
        """The data folder that `sowing.WHAT()` fills, made once a run."""
        if what not in self.sown:
            data = self.new_folder("sown") / "data"
            site = run_site(data)
            try:
                told = in_shell(site, f"from tests.bench import sowing; sowing.{what}(quick={self.quick})")
            finally:
                stop(site)
            self.sown[what] = Sown(data, told)
        return self.sown[what]

    @contextmanager
    def site(self, what: str = "article", **settings: str) -> Iterator[Place]:
        """A running site with its own copy of what was sown."""
        sown = self.sow(what)
        folder = self.new_folder("site")
        shutil.copytree(sown.data, folder / "data")
        site = run_site(folder / "data", **settings)
        try:
            yield Place(site, sown.facts)
        finally:
            stop(site)
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def wsgi_shell(self, place: Place) -> Iterator[Place]:
        """The same site under the WSGI shell, as it would stand behind a proxy that buffers requests."""
        site, port = place.site, free_port()
        environment = site.environment | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": "site_config.settings"}
        command = granian("wsgi", port, "site_config.wsgi:application")
        with running(command, env=environment, cwd=ROOT) as process:
            shell = Site(f"http://127.0.0.1:{port}", site.data, process, environment)
            until_answered(shell.url + "/health/live/", process)
            yield Place(shell, place.facts)

    @contextmanager
    def bare_server(self, interface: str, target: Target) -> Iterator[Target]:
        """The web server with nothing behind it but the bytes that this page is now."""
        file, port = self.new_folder("bare") / "page.gz", free_port()
        file.write_bytes(fetch(target.url, **{"Accept-Encoding": "gzip"}))
        command = granian(interface, port, f"tests.bench.bare:{interface}")
        with running(command, env={**os.environ, "BENCH_BYTES": str(file)}, cwd=ROOT) as process:
            url = f"http://127.0.0.1:{port}/"
            until_answered(url, process)
            yield Target(url, process.pid, target.headers)

    @contextmanager
    def nginx(self, http: str, port: int = 0) -> Iterator[tuple[str, int]]:
        """nginx with these lines in its `http` block, listening on `port`, or where they say `{port}`; its address and process."""
        port, folder = port or free_port(), self.new_folder("nginx")
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, http=http.replace("{port}", str(port))))
        with running(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]) as process:
            until_answered(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}", process.pid

    @contextmanager
    def same_bytes(self, target: Target) -> Iterator[Target]:
        """nginx serving what this page is now, by `gzip_static`."""
        root = self.new_folder("root")
        packed = fetch(target.url, **{"Accept-Encoding": "gzip"})
        (root / "index.html.gz").write_bytes(packed)
        (root / "index.html").write_bytes(gzip.decompress(packed))
        server = f"server {{ listen 127.0.0.1:{{port}} reuseport; root {root}; index index.html; }}"
        with self.nginx(server) as (url, pid):
            yield Target(f"{url}/", pid, target.headers)


def granian(interface: str, port: int, application: str) -> list[str]:
    options: dict[str, Any] = {"interface": interface, "host": "127.0.0.1", "port": port, "workers": 2, "runtime-mode": "st"}
    options |= {"backlog": 4096, "log-level": "error"}
    if interface == "wsgi":
        options["blocking-threads"] = 1
    return [PYTHON, "-m", "granian", *(f"--{name}={value}" for name, value in options.items()), "--no-ws", application]


def in_shell(site: Site, code: str) -> dict[str, Any]:
    """What `code` prints last in the site's own shell, as JSON. Raises RuntimeError with its words if it fails."""
    command = [PYTHON, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, env=site.environment, capture_output=True, text=True, timeout=LONGEST_SOWING)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen]:
    """A process that ends with the block: asked to first, killed after ten seconds."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):  # whatever it started and left behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def fetch(url: str, **headers: str) -> bytes:
    """The body as it was sent. Raises HTTPError for anything but a success."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=START) as answer:
        return answer.read()


def until_answered(url: str, process: subprocess.Popen) -> None:
    """Waits for any HTTP answer. Raises RuntimeError when the process ended, or nothing came in START seconds."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        try:
            return fetch(url) and None
        except urllib.error.HTTPError:
            return None
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer within {START} s")


def warm(target: Target, times: int = 40) -> None:
    """Asks until every worker has drawn the page: each connection may reach another one."""
    for _ in range(times):
        fetch(target.url, **target.headers)


def host_of(site: Site) -> tuple[str, int]:
    host, _, port = site.url.removeprefix("http://").partition(":")
    return socket.gethostbyname(host), int(port)
