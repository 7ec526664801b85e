"""nginx before the server, answering kept pages by itself with the configuration that the site prints; beside uncached pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.beside import kept_up, misses
from tests.bench.ground import ARTICLE, START, Ground, fetch
from tests.bench.load import GZIP, Target
from tests.bench.table import Row, at_least
from tests.server import free_port


def rows(ground: Ground) -> Iterator[Row]:
    port, folder = free_port(), ground.new_folder("facade")
    settings = {"SITE_URL": f"http://127.0.0.1:{port}", "MASTHEAD_PAGE_FACADE": str(folder), "MASTHEAD_PROXIES": "1"}
    with ground.site(**settings) as direct:
        with ground.nginx(direct.site.manage("nginx_config"), port) as (url, pid):
            place = direct.behind(url, pid)
            hits = place.at(ARTICLE, **GZIP)
            put_there(hits, folder / "current" / ARTICLE.strip("/") / "index.html.gz")
            what = "hits by nginx from the store beside 4 clients at uncached pages ÷ alone"
            yield kept_up(ground, what, hits, lambda: misses(place), at_least(0.95))


def put_there(hits: Target, file: Path) -> None:
    """Asks until the page is a file. Raises RuntimeError if it does not become one."""
    deadline = time.monotonic() + START
    while not file.exists():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{file.name} did not come")
        fetch(hits.url, **hits.headers)
        time.sleep(0.05)
