"""The store's own time for a hit, in process: `pages.answer()` called in a loop on a store that holds the page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.bench.ground import ARTICLE, Ground, in_shell
from tests.bench.table import Row, at_most

TIMES = 100_000
CODE = "from tests.bench import inside; inside.loop({path!r}, {times})"


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site() as place:
        code = CODE.format(path=ARTICLE, times=TIMES // (10 if ground.quick else 1))
        told = in_shell(place.site, code)
    remark = f"304: {told['unchanged']:.2f} µs; with a query that is dropped: {told['with_query']:.2f} µs; best of 7"
    yield Row("the store’s own time for a hit, in process", told["hit"], at_most(3, "µs"), remark)


def loop(path: str, times: int) -> None:
    """Runs in the site's shell, beside its workers: prints µs a call for three kinds of hit, the best of seven loops."""
    from site_config import pages
    from site_config.pages.answering import HOST
    from site_config.wsgi import application

    draw(application, HOST, path)
    gzip = {"accept-encoding": "gzip, deflate, br", "user-agent": "Mozilla/5.0", "accept": "text/html"}
    kept = pages.answer("GET", HOST, path, "", gzip)
    if kept is None:
        raise RuntimeError(f"{path} is not kept")
    again = gzip | {"if-none-match": dict(kept.headers)["ETag"]}
    told = {
        "hit": microseconds(lambda: pages.answer("GET", HOST, path, "", gzip), times),
        "unchanged": microseconds(lambda: pages.answer("GET", HOST, path, "", again), times),
        "with_query": microseconds(lambda: pages.answer("GET", HOST, path, "utm_source=x", gzip), times // 10),
    }
    print(json.dumps(told))


def draw(application, host: str, path: str) -> None:
    """Asks Django for the page, so that it is kept."""
    import io
    import sys

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": host.partition(":")[2] or "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
    }  # fmt: skip
    status: list[str] = []
    parts = application(environ, lambda line, headers, error=None: status.append(line))
    b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{path}: {status[0]}")


def microseconds(call, times: int) -> float:
    """The best of seven loops, less what an empty loop costs."""
    import timeit

    empty = min(timeit.repeat(lambda: None, number=times, repeat=7))
    return (min(timeit.repeat(call, number=times, repeat=7)) - empty) / times * 1e6
