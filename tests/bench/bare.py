"""An application that does nothing but give the same bytes: what of a kept page's cost is the server's own.

The file whose bytes it gives is named by BENCH_BYTES.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BENCH_BYTES"]).read_bytes()
HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("content-encoding", "gzip"),
    ("content-length", str(len(BODY))),
    ("vary", "Accept-Encoding"),
]


async def rsgi(scope: Any, protocol: Any) -> None:
    protocol.response_bytes(200, HEADERS, BODY)


def wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]
