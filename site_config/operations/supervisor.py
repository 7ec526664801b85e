"""Keeps the web server and the job runner running until it is told to stop.

`python -m site_config.operations.supervisor HOST PORT WORKERS URL`. Standard library only: it holds little memory and
starts at once. SIGTERM and SIGINT stop all within GRACE seconds; SIGHUP renews the processes, and no request is lost
over either.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from site_config.operations import premises
from site_config.operations.children import Child, die_with, kill, say
from site_config.operations.generations import Web

__all__ = ["die_with", "main", "supervise"]

BASE_DIR = Path(__file__).resolve().parents[2]
GRACE = 15.0
JOBS_WAIT = 2.0
BACKLOG = 4096


def jobs_command() -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "run_jobs"]


def supervise(children: Sequence[Child], url: str) -> None:
    """Tends the children until SIGTERM or SIGINT, then stops them. Says once when the first of them answers."""
    asked, wake = listen_to_signals()
    answered = False
    with wake:
        while not asked & {signal.SIGTERM, signal.SIGINT}:
            if asked:
                asked.clear()
                for child in children:
                    child.renew()
            for child in children:
                child.tend(time.monotonic())
            if not answered and children[0].is_answering:
                answered = True
                say(f"Masthead is at {url} (Ctrl-C stops it)")
            hurried = not answered or any(len(child.running()) > 1 for child in children)
            select.select([wake], [], [], 0.05 if hurried else 1.0)
            with contextlib.suppress(BlockingIOError):
                wake.recv(4096)
        stop(children)


def listen_to_signals() -> tuple[set[int], socket.socket]:
    """The set of signals that came, and a socket that wakes a `select` when one does.

    A closed terminal hangs up: then SIGHUP means stop, as it does for any program that was started by hand.
    """
    asked: set[int] = set()
    meaning = {signal.SIGTERM: signal.SIGTERM, signal.SIGINT: signal.SIGINT}
    if os.name != "nt":
        meaning[signal.SIGHUP] = signal.SIGTERM if sys.stderr.isatty() else signal.SIGHUP
        signal.signal(signal.SIGCHLD, lambda *_: None)
    for number, meant in meaning.items():
        signal.signal(number, lambda *_, meant=meant: asked.add(meant))
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach())
    return asked, reader


def stop(children: Sequence[Child]) -> None:
    """Asks every child to finish, waits GRACE seconds for all of them together, and kills what is left."""
    deadline = time.monotonic() + GRACE
    processes = [process for child in children for process in child.running()]
    time.sleep(max(child.prepare_to_stop() for child in children))
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        kill(process)


def allow_many_connections() -> None:
    """Each connection is an open file, and shells often allow 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else 65_536, hard))


def main(host: str, port: str, workers: str, url: str) -> None:
    allow_many_connections()
    jobs = Child("The job runner", jobs_command(), due=time.monotonic() + JOBS_WAIT)
    supervise([web_server(host, port, workers), jobs], url)


def web_server(host: str, port: str, workers: str) -> Child:
    """In generations that overlap, where processes can share a socket."""
    command = [sys.executable, "-m", "site_config.operations.web", host, port, workers]
    if os.name == "nt":
        return Child("The web server", [*command, "-1", "-1"])
    try:
        listener = premises.bind(host, int(port))
    except premises.Problem as problem:
        sys.exit(str(problem))
    listener.listen(BACKLOG)
    return Web("The web server", command, listener=listener, workers=int(workers))


if __name__ == "__main__":
    main(*sys.argv[1:])
