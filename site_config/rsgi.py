"""The RSGI shell, which faces the network under granian.

Kept pages and files are answered in the event loop, so that they never wait for Django, which runs in a few threads.
Bodies are awaited within limits: a half-sent form or a slow reader holds no thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from site_config import pages
from site_config.lib import session_keys
from site_config.operations import gateway, supervisor
from site_config.operations.files import File, Files
from site_config.pages.kept import Answer
from site_config.pages.tending import start_tending

THREADS = 2
MOST_BYTES = 10_000_000
OPENED_AFTER = 60.0
SWITCH_INTERVAL = 0.0001
NICE = 7
"""With these two, readers of kept pages get about twice as many while others have pages drawn without pause."""

logger = logging.getLogger(__name__)


class Response(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes | IO[bytes]


class Application:
    """What granian calls. Made once in each worker."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.files = Files()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django", initializer=step_back)
        self.drawing: dict[Any, asyncio.Future[None]] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
        start_tending()
        starter = multiprocessing.parent_process()
        if sys.platform == "linux" and starter is not None and starter.pid:
            supervisor.die_with(starter.pid)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        try:
            headers = scope.headers
            hosts = headers.get_all("host")
            host = scope.authority or (hosts[0] if hosts else "")
            if len(hosts) < 2:
                kept = pages.answer(scope.method, host, scope.path, scope.query_string, headers)
                if kept is not None:
                    send_kept(protocol, kept)
                    return
            await self.respond(scope, protocol, checked(host, scope, hosts))
        except gateway.Refused as refused:
            send(protocol, plain(refused.status))
        except Exception:
            logger.exception("The server could not answer a %s", scope.method)
            send(protocol, plain(500))

    async def respond(self, scope: Any, protocol: Any, host: str) -> None:
        if (file := self.files.find(scope.method, scope.path, scope.headers)) is not None:
            send_file(protocol, scope.method, file)
        elif (key := self.key_of(scope, host)) is None:
            send(protocol, await self.ask_django(scope, protocol))
        else:
            send(protocol, await self.draw(scope, protocol, host, key))

    def key_of(self, scope: Any, host: str) -> Any:
        if session_keys.in_header(scope.headers.get("cookie") or ""):
            return None
        return pages.page_key(scope.method, host, scope.path, scope.query_string)

    async def draw(self, scope: Any, protocol: Any, host: str, key: Any) -> Response | Answer:
        """A page that is not kept. Who asks for one that is being drawn waits for that here, and holds no thread."""
        if (drawing := self.drawing.get(key)) is not None:
            await asyncio.shield(drawing)  # who gives up waiting must not end it for the others
            if kept := pages.answer(scope.method, host, scope.path, scope.query_string, scope.headers):
                return kept
            return await self.ask_django(scope, protocol)
        drawing = self.drawing[key] = asyncio.get_running_loop().create_future()
        try:
            return await self.ask_django(scope, protocol)
        finally:
            del self.drawing[key]
            drawing.set_result(None)

    async def ask_django(self, scope: Any, protocol: Any) -> Response:
        body, length = await gateway.read_body(protocol, scope.headers, most_bytes(scope.headers))
        with body:
            environ = gateway.environ(scope, body, length)
            return await asyncio.get_running_loop().run_in_executor(self.threads, self.run, environ)

    def run(self, environ: dict[str, Any]) -> Response:
        """Django's whole answer. It is read to the end here, so that its thread and connection are free again."""
        began: list[Any] = []
        parts = self.django(environ, lambda status, headers, error=None: began.extend((status, headers)))
        try:
            body = spool(parts) if getattr(parts, "streaming", False) else b"".join(parts)
        finally:
            parts.close()
        return Response(int(began[0][:3]), began[1], body)


def step_back() -> None:
    """Has this thread leave the processor to the event loop, where both want it: a page that is kept never waits long for one
    that is drawn. Linux alone gives threads priorities of their own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def checked(host: str, scope: Any, hosts: list[str]) -> str:
    """The host that the request names. Raises Refused for a target that is no path, and for more than one host, or none
    that can be read."""
    is_named = hosts or scope.authority or scope.http_version == "1.0"
    if len(hosts) > 1 or not is_named or not scope.path.startswith("/") or scope.method == "CONNECT":
        raise gateway.Refused(400)
    return host


def most_bytes(headers: Any) -> int:
    """Staff may send pictures, and only staff have a session."""
    session = session_keys.in_header(headers.get("cookie") or "")
    return MOST_BYTES + settings.IMAGE_MAX_BYTES if session else MOST_BYTES


def plain(status: int) -> Response:
    words = {
        400: "Bad request",
        408: "The request came too slowly",
        411: "The request must state its length",
        413: "This is too much at once. Go back: what you wrote is still in the form. Send less of it.",
    }
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Connection", "close")]
    return Response(status, headers, words.get(status, "Something went wrong here").encode())


def spool(parts: Any) -> IO[bytes]:
    """A nameless file with all of a streamed body. (granian's own streams keep what a slow reader leaves in memory.)"""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed after it is sent)
    file.writelines(parts)
    file.flush()
    return file


def send_kept(protocol: Any, kept: Answer) -> None:
    status, headers, body = kept
    if body:
        protocol.response_bytes(status, headers, body)
    else:
        protocol.response_empty(status, headers)


def send(protocol: Any, response: Response | Answer) -> None:
    if not isinstance(response.body, bytes):
        send_spooled(protocol, response, response.body)
    elif response.body:
        protocol.response_bytes(response.status, response.headers, response.body)
    else:
        protocol.response_empty(response.status, response.headers)


def send_file(protocol: Any, method: str, file: File) -> None:
    if file.path is None or method == "HEAD":
        protocol.response_empty(file.status, file.headers)
    else:
        protocol.response_file(file.status, file.headers, file.path)


def send_spooled(protocol: Any, response: Response, file: IO[bytes]) -> None:
    length = ("Content-Length", str(file.seek(0, os.SEEK_END)))
    file.seek(0)
    headers = [pair for pair in response.headers if pair[0].lower() != "content-length"]
    protocol.response_file(response.status, [*headers, length], f"/dev/fd/{file.fileno()}")
    asyncio.get_running_loop().call_later(OPENED_AFTER, file.close)


app = Application()
