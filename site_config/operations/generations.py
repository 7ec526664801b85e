"""The web server as generations of processes that overlap. Standard library only, as the supervisor itself."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from dataclasses import dataclass, field

from site_config.operations.children import Child, kill, say, spawn

LINGER = 1.0
LONGEST_FAREWELL = 30.0


@dataclass(eq=False)
class Generation:
    """A process of the web server, and what its workers say of themselves through a pipe."""

    process: subprocess.Popen
    ears: int
    ready: int = 0
    leaves_at: float = 0.0
    is_told: bool = False

    def listen(self) -> int:
        """How many of its workers have begun to answer so far, each counted again when it was replaced."""
        with contextlib.suppress(BlockingIOError):
            self.ready += len(os.read(self.ears, 4096))
        return self.ready

    def let_go(self) -> None:
        """Has its clients come back on new connections from now on: a second before it ends, nobody is surprised."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGUSR1)

    def close(self) -> None:
        kill(self.process)
        os.close(self.ears)


@dataclass
class Web(Child):
    """The web server. All its processes accept from one listening socket, which stays open as long as the supervisor
    lives: no connection is refused or reset while one of them ends and another one starts.

    It is renewed by a successor, which has to be ready first; if that fails, the old one goes on.
    """

    listener: socket.socket | None = None
    workers: int = 1
    current: Generation | None = None
    successor: Generation | None = None
    leaving: list[Generation] = field(default_factory=list)
    is_wanted_again: bool = False

    def begin(self) -> Generation:
        assert self.listener is not None  # noqa: S101 (main() gave it)
        ears, mouth = os.pipe()
        os.set_blocking(ears, False)
        passed = (self.listener.fileno(), mouth)
        try:
            return Generation(spawn([*self.command, *map(str, passed)], passed), ears)
        finally:
            os.close(mouth)

    def tend(self, now: float) -> None:
        if self.current and self.current.process.poll() is not None:
            self.current.close()
            self.plan(self.current.process.returncode, now)
            self.current = None
        if not self.current and now >= self.due:
            self.started, self.current = now, self.begin()
        if self.successor:
            self._look_at(self.successor, now)
        for generation in list(self.leaving):
            self._see_off(generation, now)

    def renew(self) -> None:
        """Asked again before the successor is ready, it begins with another one afterwards: code may have changed meanwhile."""
        self.is_wanted_again = self.successor is not None
        if self.current and not self.successor:
            self.successor = self.begin()

    def _look_at(self, successor: Generation, now: float) -> None:
        """Lets a successor that is ready take over; one that ended before is given up."""
        if successor.process.poll() is not None:
            say(f"The new web server ended with {successor.process.returncode} before it was ready; the old one goes on")
            successor.close()
            self.successor = None
        elif successor.listen() >= self.workers:
            self._hand_over(successor, now)

    def _hand_over(self, successor: Generation, now: float) -> None:
        if self.current:
            self.current.let_go()
            self.current.leaves_at = now + LINGER
            self.leaving.append(self.current)
        self.current, self.successor, self.started, self.failures = successor, None, now, 0
        say("The web server was renewed")
        if self.is_wanted_again:
            self.renew()

    def _see_off(self, generation: Generation, now: float) -> None:
        """Asks a process that is leaving to end once its clients know, and kills one that does not."""
        if generation.process.poll() is not None or now > generation.leaves_at + LONGEST_FAREWELL:
            generation.close()
            self.leaving.remove(generation)
        elif now >= generation.leaves_at and not generation.is_told:
            generation.process.terminate()
            generation.is_told = True

    def generations(self) -> list[Generation]:
        return [generation for generation in (self.current, self.successor, *self.leaving) if generation]

    def running(self) -> list[subprocess.Popen]:
        return [generation.process for generation in self.generations()]

    def prepare_to_stop(self) -> float:
        if self.listener:
            self.listener.close()
        for generation in self.generations():
            generation.let_go()
        return LINGER / 2 if self.is_answering else 0.0

    @property
    def is_answering(self) -> bool:
        return self.current is not None and self.current.listen() > 0
