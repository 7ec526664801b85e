"""nginx before the server, reading the store's files, as README's example sets it up; hits beside uncached pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.beside import kept_up, misses
from tests.bench.ground import ARTICLE, Ground, Place, warm
from tests.bench.load import GZIP, Target
from tests.bench.table import Row, Skipped
from tests.server import ROOT

BLOCK = re.compile(r"^```nginx\n(.*?)^```", re.M | re.S)
DATA = "/srv/masthead/var"
"""The data folder of README's examples."""


def rows(ground: Ground) -> Iterator[Row]:
    example = reading_the_store((ROOT / "README.md").read_text(encoding="utf-8"))
    with ground.site(MASTHEAD_PROXIES="1") as place, ground.nginx(adapted(example, place)) as (url, pid):
        # The site answers to its own name alone; nginx hands the reader's on.
        hits = Target(url + ARTICLE, pid, GZIP | {"Host": place.site.url.removeprefix("http://")})
        warm(hits)
        what = "hits by nginx from the store beside 4 clients at uncached pages ÷ alone"
        yield kept_up(ground, what, hits, lambda: misses(place), 0.95)


def reading_the_store(readme: str) -> str:
    """The nginx example that answers kept pages by itself. Raises Skipped if there is none."""
    for example in BLOCK.findall(readme):
        if "try_files" in example:
            return example
    raise Skipped("README has no nginx example that reads the store: it writes no files for nginx yet")


def adapted(example: str, place: Place) -> str:
    """The example with this site's address and folder, without TLS, on nginx's own port here."""
    without = re.sub(r"^\s*(?:ssl_\w+|server_name|http2)\b[^;]*;\n", "", example, flags=re.M)
    lines = re.sub(r"\blisten\s+[^;]+;", "listen 127.0.0.1:{port};", without, count=1)
    lines = re.sub(r"^\s*listen\s+(?!127\.0\.0\.1:\{port\})[^;]+;\n", "", lines, flags=re.M)
    return lines.replace("127.0.0.1:8000", place.site.url.removeprefix("http://")).replace(DATA, str(place.site.data))
