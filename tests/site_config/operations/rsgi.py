"""Stand-ins for what granian hands to an RSGI application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


class Headers:
    """Repeated headers, by lower-case name."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def __contains__(self, name):
        return name in dict(self.pairs)

    def items(self):
        return list(self.pairs)

    def get(self, name, default=None):
        return next((value for key, value in self.pairs if key == name), default)

    def get_all(self, name):
        return [value for key, value in self.pairs if key == name]


@dataclass
class Scope:
    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    headers: Headers = field(default_factory=lambda: Headers(("host", "127.0.0.1")))
    authority: str | None = None
    client: str = "192.0.2.7:4711"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    http_version: str = "1.1"
    proto: str = "http"


class Protocol:
    """Gives a body chunk by chunk (None stalls for ever) and keeps the answer."""

    def __init__(self, *chunks: bytes | None) -> None:
        self.chunks = chunks
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body: bytes | str = b""

    async def __aiter__(self):
        for chunk in self.chunks:
            if chunk is None:
                await asyncio.sleep(3600)
            yield chunk

    def response_empty(self, status, headers):
        self.status, self.headers = status, dict(headers)

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.body = status, dict(headers), body

    def response_file(self, status, headers, path):
        with open(path, "rb") as file:
            self.status, self.headers, self.body = status, dict(headers), file.read()
