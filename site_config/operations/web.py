"""One generation of the web server: granian, with the supervisor's socket to listen on.

`python -m site_config.operations.web HOST PORT WORKERS SOCKET READY`; the last two are descriptors. Each worker writes a
byte to READY when it is about to answer. On SIGUSR1 it accepts nobody any more, and closes each connection after its next
answer, and says so in it (RFC 9112, 9.6): clients then leave on their own, before the worker ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server.mp import MPServer

BACKLOG = 4096
LOG_CONFIG = Path(__file__).with_name("granian.json")
CLOSE = ("Connection", "close")
WHO_HAS_COME = 0.2
"""Seconds."""


class Server(MPServer):
    """granian gives each worker a socket of its own on Linux, and what waits in one is reset when its worker ends. So all
    share one here, as they do on other systems."""

    descriptor = -1

    def _init_shared_socket(self) -> None:
        if self.descriptor < 0:
            super()._init_shared_socket()
            return
        self._ssp, self._sso, self._sfd = None, None, self.descriptor
        self._shd = SocketHolder(self.descriptor, False, BACKLOG)

    def leave(self, *_: object) -> None:
        """Whoever comes to a site that stops is refused, and does not wait in vain while the last requests are finished."""
        with contextlib.suppress(OSError):
            os.close(self.descriptor)


class Worker:
    """The application as a worker calls it."""

    def __init__(self, app: Any, descriptor: int, ready: int) -> None:
        self.app, self.descriptor, self.ready = app, descriptor, ready
        self.answer = app.__rsgi__
        self.is_leaving = False

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.app.__rsgi_init__(loop)
        if os.name != "nt":
            loop.add_signal_handler(signal.SIGUSR1, self.leave, loop)
        with contextlib.suppress(OSError):  # nobody listens any more
            os.write(self.ready, b".")

    def leave(self, loop: asyncio.AbstractEventLoop) -> None:
        """Whoever has come already is accepted still."""
        self.is_leaving = True
        loop.call_later(WHO_HAS_COME, stop_accepting, self.descriptor)

    def __rsgi__(self, scope: Any, protocol: Any) -> Any:
        return self.answer(scope, Closing(protocol) if self.is_leaving else protocol)


class Closing:
    """A protocol whose answer is the last on its connection."""

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol

    def __call__(self) -> Any:
        return self.protocol()

    def __aiter__(self) -> Any:
        return self.protocol.__aiter__()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.protocol, name)
        if not name.startswith("response_"):
            return method
        return lambda status, headers, *rest: method(status, [*headers, CLOSE], *rest)


def stop_accepting(descriptor: int) -> None:
    """Puts a socket to which nobody can come in the place of the listening one, wherever this process has it.

    A connection that is accepted a moment before the end would be closed before its request is read.
    """
    listening = os.fstat(descriptor).st_ino
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind("")
        deaf.listen()
        deaf.setblocking(False)
        for name in os.listdir("/dev/fd"):
            with contextlib.suppress(OSError):
                if os.fstat(int(name)).st_ino == listening:
                    os.dup2(deaf.fileno(), int(name))


def load(descriptor: int, ready: int) -> Worker:
    """Is called in each worker, so that every generation reads the code and the settings anew."""
    if os.name != "nt":
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # until it can leave
    from site_config.rsgi import app

    return Worker(app, descriptor, ready)


def load_early() -> None:
    """Loads the application before the workers are forked off: they share its memory, and each begins at once."""
    from site_config import rsgi  # noqa: F401 (for its memory)
    from site_config.pages.epoch import epoch

    epoch()
    gc.collect()
    gc.freeze()


def main(host: str, port: str, workers: str, descriptor: str, ready: str) -> None:
    server = Server(
        "site_config.rsgi:app",
        address=host,
        port=int(port),
        interface=Interfaces.RSGI,
        workers=int(workers),
        runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=2048,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=65_536),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_dictconfig=json.loads(LOG_CONFIG.read_text()),
    )
    server.descriptor = int(descriptor)
    if os.name != "nt":
        signal.signal(signal.SIGUSR1, server.leave)
        multiprocessing.set_start_method("fork")
        load_early()
    server.serve(target_loader=partial(load, server.descriptor, int(ready)), wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
