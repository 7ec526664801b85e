"""Static files and pictures, as both server shells answer them: before Django, by their headers and a path."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from whitenoise import WhiteNoise

from site_config import media

HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")


class RequestHeaders(Protocol):
    """Header values by lower-case name."""

    def get(self, name: str, /) -> str | None: ...


class File(NamedTuple):
    """An answer whose body, if it has one, is a whole file. (A Range header may be ignored: RFC 9110, 14.2.)"""

    status: int
    headers: list[tuple[str, str]]
    path: str | None


class Files:
    """Reads the list of static files once: renew the web workers after `collectstatic`."""

    def __init__(self) -> None:
        root = settings.STATIC_ROOT if os.path.isdir(settings.STATIC_ROOT) else None
        self.static = WhiteNoise(
            None,
            root=root,
            prefix=urlsplit(settings.STATIC_URL).path,
            immutable_file_test=lambda path, url: bool(HASHED.search(url)),
            add_headers_function=lambda headers, path, url: headers.add_header("X-Content-Type-Options", "nosniff"),
        ).files

    def find(self, method: str, path: str, headers: RequestHeaders) -> File | None:
        """The answer, or None where the path names no file (then the 404 page is Django's)."""
        if path in self.static:
            return self.find_static(method, path, headers)
        found = media.find(path)
        if found is None:
            return None
        if method not in {"GET", "HEAD"}:
            return File(405, [("Allow", "GET, HEAD")], None)
        file, fields = found
        tag = dict(fields)["ETag"]
        if tag in (headers.get("if-none-match") or ""):
            return File(304, [field for field in fields if field[0] in {"ETag", "Cache-Control"}], None)
        return File(200, fields, file)

    def find_static(self, method: str, path: str, headers: RequestHeaders) -> File:
        if method not in {"GET", "HEAD"}:
            return File(405, [("Allow", "GET, HEAD")], None)
        names = ("if-none-match", "if-modified-since", "accept-encoding")
        asked = {f"HTTP_{name.upper().replace('-', '_')}": value for name in names if (value := headers.get(name))}
        file = self.static[path]
        if file.is_not_modified(asked):
            return File(304, list(file.not_modified_response.headers), None)
        place, fields = file.get_path_and_headers(asked)
        return File(200, list(fields), place)
