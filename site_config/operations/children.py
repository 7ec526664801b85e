"""A process that the supervisor keeps running. Standard library only, as the supervisor itself."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from site_config.lib import logs

PAUSES = (1, 2, 4, 8, 16, 30)
STABLE = 60.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process that is started again whenever it ends, after pauses that grow while it keeps failing."""

    name: str
    command: list[str]
    due: float = 0.0
    failures: int = 0
    started: float = 0.0
    process: subprocess.Popen | None = None
    is_renewing: bool = False

    def tend(self, now: float) -> None:
        """Notes that the process ended, and starts it if it is due. Costs a system call where there is nothing to do."""
        if self.process and self.process.poll() is not None:
            kill(self.process)
            self.plan(self.process.returncode, now)
            self.process = None
        if not self.process and now >= self.due:
            self.started = now
            self.process = self.start()

    def plan(self, code: int, now: float) -> None:
        """Sets when to start it again after it ended with `code`, and says so unless it was asked to end."""
        if self.is_renewing and code in {0, -signal.SIGTERM}:
            self.is_renewing, self.failures, self.due = False, 0, now
            return
        self.failures = 0 if now - self.started > STABLE else self.failures
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
        say(f"{self.name} ended with {code}; starting it again in {pause} s")
        self.is_renewing, self.failures, self.due = False, self.failures + 1, now + pause

    def start(self) -> subprocess.Popen:
        return spawn(self.command)

    def renew(self) -> None:
        """Has the process finish what it does, and another one take its place."""
        if self.process:
            self.is_renewing = True
            self.process.terminate()

    def running(self) -> list[subprocess.Popen]:
        return [self.process] if self.process else []

    def prepare_to_stop(self) -> float:
        """Is called before the processes are asked to end; the seconds that should pass until then."""
        return 0.0

    @property
    def is_answering(self) -> bool:
        """Whether it does its work, as far as it says."""
        return self.process is not None


def spawn(command: list[str], descriptors: tuple[int, ...] = ()) -> subprocess.Popen:
    """Starts a process in a group of its own, which writes to our log and dies with us (on Linux)."""
    parent = os.getpid()
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
        pass_fds=descriptors,
        preexec_fn=(lambda: die_with(parent)) if sys.platform == "linux" else None,
    )


def kill(process: subprocess.Popen) -> None:
    """Ends the process and those that it started."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL) if os.name != "nt" else process.kill()
    process.wait()


def die_with(parent: int) -> None:
    """Has the kernel kill this process when its parent dies, however that happens. Linux only."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def say(line: str) -> None:
    """Logs the line in one write, so that no other process' line comes between it and its end."""
    sys.stderr.write(logs.line("masthead.supervisor", logging.INFO, line) + "\n")
    sys.stderr.flush()
