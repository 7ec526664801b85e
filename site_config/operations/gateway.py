"""From an RSGI request to a WSGI environ: the body awaited within limits, and clean keys only."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import tempfile
from typing import IO, Any

BODY_SECONDS = 15.0
DRAIN_SECONDS = 3.0
MOST_DRAINED = 100_000_000
SLOWEST = 32_000
IN_MEMORY = 256_000
JOINED_BY = {"cookie": "; "}


class Refused(Exception):
    """The request is answered with this status and goes no further."""

    def __init__(self, status: int) -> None:
        self.status = status


async def read_body(protocol: Any, headers: Any, most: int) -> tuple[IO[bytes], int]:
    """The body as a file at its start, and its length. A request that declares none has none.

    Raises Refused: 411 for a body sent in chunks, whose end cannot be told from a connection that broke; 413 for more
    than `most` bytes, once they were sent; 408 for one that takes longer than BODY_SECONDS and a second for each SLOWEST
    bytes that came; 400 for one that breaks off.
    """
    if "transfer-encoding" in headers:
        raise Refused(411)
    declared = int(headers.get("content-length") or 0)
    if declared > most:
        await drain(protocol, declared)
        raise Refused(413)
    if not declared:
        return io.BytesIO(), 0
    with contextlib.ExitStack() as broken:
        file = broken.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        if await receive(protocol, file) != declared:
            raise Refused(400)
        broken.pop_all()
    file.seek(0)
    return file, declared


async def drain(protocol: Any, declared: int) -> None:
    """Lets somebody finish who sends too much: many programs, browsers among them, read no answer before that.

    For DRAIN_SECONDS and MOST_DRAINED bytes; nothing is kept.
    """
    if declared <= MOST_DRAINED:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                async for _ in protocol:
                    pass


async def receive(protocol: Any, file: IO[bytes]) -> int:
    length = 0
    start = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(start + BODY_SECONDS) as limit:
            async for chunk in protocol:
                length += file.write(chunk)
                limit.reschedule(start + BODY_SECONDS + length / SLOWEST)
    except TimeoutError:
        raise Refused(408) from None
    return length


def environ(scope: Any, body: IO[bytes], length: int) -> dict[str, Any]:
    """The CGI, `HTTP_` and `wsgi.` keys of PEP 3333, and nothing of this process's own environment."""
    host, _, port = scope.server.rpartition(":")
    keys = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "CONTENT_LENGTH": str(length),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return keys | header_keys(scope)


def header_keys(scope: Any) -> dict[str, str]:
    """Repeated headers joined. Names with underscores are dropped: they would pass for names with hyphens."""
    keys: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name or name in {"content-length", "transfer-encoding", "proxy"}:
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        keys[key] = keys[key] + JOINED_BY.get(name, ",") + value if key in keys else value
    if scope.authority:
        keys["HTTP_HOST"] = scope.authority
    return keys
