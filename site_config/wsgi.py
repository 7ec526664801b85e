"""The WSGI shell, for any WSGI server behind a proxy that buffers requests: kept pages, files, then Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.util import FileWrapper

from django.core.wsgi import get_wsgi_application

from site_config import pages
from site_config.operations.files import Files
from site_config.pages.tending import start_tending

CGI = {
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME",
    "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "REMOTE_PORT", "REMOTE_HOST",
}  # fmt: skip


class Headers:
    """An environ's request headers by lower-case name."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ

    def get(self, name: str, default: str | None = None) -> str | None:
        return self.environ.get("HTTP_" + name.upper().replace("-", "_"), default)

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


class Application:
    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.files = Files()
        start_tending()

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        method, headers = environ["REQUEST_METHOD"], Headers(environ)
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        kept = pages.answer(method, headers.get("host") or "", path, environ.get("QUERY_STRING", ""), headers)
        if kept is not None:
            start_response(line(kept.status), kept.headers)
            return [kept.body]
        file = self.files.find(method, path, headers)
        if file is None:
            return self.django(clean(environ), start_response)
        start_response(line(file.status), file.headers)
        if file.path is None or method == "HEAD":
            return []
        return environ.get("wsgi.file_wrapper", FileWrapper)(open(file.path, "rb"))


def clean(environ: dict[str, Any]) -> dict[str, Any]:
    """Only CGI, `HTTP_` and `wsgi.` keys: some servers put this process's own environment beside them."""
    kept = {key: value for key, value in environ.items() if key in CGI or key.startswith(("HTTP_", "wsgi."))}
    kept.pop("HTTP_PROXY", None)
    return kept


def line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


application = Application()
