"""Keeps the web server and the job runner running until it is told to stop.

`python -m site_config.operations.supervisor HOST PORT WORKERS URL`. Standard library only: it holds little memory and
starts at once. SIGTERM and SIGINT stop all within GRACE seconds; SIGHUP renews the processes one by one.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from site_config.lib import logs

BASE_DIR = Path(__file__).resolve().parents[2]
LOG_CONFIG = Path(__file__).with_name("granian.json")
PAUSES = (1, 2, 4, 8, 16, 30)
STABLE = 60.0
GRACE = 15.0
JOBS_WAIT = 2.0
PR_SET_PDEATHSIG = 1


def web_command(host: str, port: str, workers: str) -> list[str]:
    options = {
        "interface": "rsgi", "host": host, "port": port, "workers": workers, "runtime-mode": "st", "http": "1",
        "backlog": "4096", "backpressure": "2048", "http1-buffer-size": "65536", "http1-header-read-timeout": "15000",
        "log-level": "warning", "log-config": str(LOG_CONFIG), "workers-kill-timeout": "10", "loop": "auto",
    }  # fmt: skip
    flags = ["--no-ws", "--no-access-log", "--respawn-failed-workers"]
    pairs = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "granian", *pairs, *flags, "site_config.rsgi:app"]


def jobs_command() -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "run_jobs"]


@dataclass
class Child:
    """A process that is started again whenever it ends, after pauses that grow while it keeps failing."""

    name: str
    command: list[str]
    renewal: int
    due: float = 0.0
    failures: int = 0
    started: float = 0.0
    process: subprocess.Popen | None = None

    def tend(self, now: float) -> None:
        if self.process and self.process.poll() is not None:
            self.kill()
            self.failures = 0 if now - self.started > STABLE else self.failures
            pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
            say(f"{self.name} ended with {self.process.returncode}; starting it again in {pause} s")
            self.failures, self.due, self.process = self.failures + 1, now + pause, None
        if not self.process and now >= self.due:
            self.started, parent = now, os.getpid()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                start_new_session=True,
                preexec_fn=(lambda: die_with(parent)) if sys.platform == "linux" else None,
            )

    def renew(self) -> None:
        if self.process:
            self.process.send_signal(self.renewal)

    def kill(self) -> None:
        """Ends the process and those that it started."""
        if self.process:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL) if os.name != "nt" else self.process.kill()
            self.process.wait()


def die_with(parent: int) -> None:
    """Has the kernel kill this process when its parent dies, however that happens. Linux only."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def say(line: str) -> None:
    print(logs.line("masthead.supervisor", logging.INFO, line), file=sys.stderr, flush=True)


def supervise(children: list[Child], host: str, port: int, url: str) -> None:
    """Tends the children until SIGTERM or SIGINT, then stops them. Says once when the site answers."""
    asked, wake = listen_to_signals()
    answered = False
    while not asked & {signal.SIGTERM, signal.SIGINT}:
        if asked:
            asked.clear()
            for child in children:
                child.renew()
        for child in children:
            child.tend(time.monotonic())
        if not answered and answers(host, port):
            answered = True
            say(f"Masthead is at {url} (Ctrl-C stops it)")
        select.select([wake], [], [], 1.0 if answered else 0.05)
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


def answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError):
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (what the owner chose)
        socket.create_connection((address, port), timeout=1).close()
        return True
    return False


def stop(children: list[Child]) -> None:
    """Asks every child to finish, waits GRACE seconds for all of them together, and kills what is left."""
    deadline = time.monotonic() + GRACE
    for child in children:
        if child.process:
            child.process.terminate()
    for child in children:
        if child.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        child.kill()


def allow_many_connections() -> None:
    """Each connection is an open file, and shells often allow 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else 65_536, hard))


def main(host: str, port: str, workers: str, url: str) -> None:
    allow_many_connections()
    children = [
        Child("The web server", web_command(host, port, workers), renewal=getattr(signal, "SIGHUP", signal.SIGTERM)),
        Child("The job runner", jobs_command(), renewal=signal.SIGTERM, due=time.monotonic() + JOBS_WAIT),
    ]
    supervise(children, host, int(port), url)


if __name__ == "__main__":
    main(*sys.argv[1:])
