"""A very long article at the desk: what the server takes to open, autosave and preview it, and what its versions weigh."""

from __future__ import annotations

import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from tests.asking import Desk, Reply, fields_of, form_of
from tests.bench.ground import Ground, Place
from tests.bench.table import Row, at_most

TIMES = 10
VERSIONS = 500
SESSION = "0123456789abcdef" * 2
# Each version differs from the last by a word in another place, as when somebody works through a text.
WORK = """
import json
from articles import revisions
from articles.models import Article, Revision
article = Article.objects.get(pk={article})
data = revisions.newest_data(article)
words = data["body"].split(" ")
sizes = []
for number in range({count}):
    words[(number * 61) % len(words)] += " again"
    revision = revisions.save(article, {{**data, "body": " ".join(words)}}, by=None)
    sizes.append(len(bytes(Revision.objects.get(pk=revision.pk).packed)))
print(json.dumps(sizes))
"""


def rows(ground: Ground) -> Iterator[Row]:
    times = 2 if ground.quick else TIMES
    with ground.site("long") as place:
        facts = place.facts
        what = f"{facts['words']:,} words, {facts['pictures']} pictures, {facts['tables']} tables"
        desk = signed_in(place)
        path = f"/admin/articles/article/{facts['article']}/"
        opened = [timed(lambda: desk.get(f"{path}change/")) for _ in range(times)]
        fields = {**fields_of(form_of(opened[-1][1].text)), "session": SESSION}
        saved, sent, packed = autosaves(desk, f"{path}autosave/", fields, times)
        previewed = [timed(lambda: desk.act(f"{path}change/", **fields, _preview="1")) for _ in range(times)]
        desk.close()
        sizes = json.loads(place.site.query(WORK.format(article=facts["article"], count=20 if ground.quick else VERSIONS)))
    yield Row(f"{what}: the server’s time for its form", middle(opened), at_most(500, "ms"))
    remark = f"{packed / 1000:.0f} kB on the wire, {sent / 1000:.0f} kB unpacked"
    yield Row(f"{what}: the server’s time for an autosave", middle(saved), at_most(500, "ms"), remark)
    yield Row(f"{what}: the server’s time for a preview", middle(previewed), at_most(1000, "ms"))
    whole = statistics.mean(sizes) * VERSIONS / 1e6
    yield Row(f"{VERSIONS} versions of it, as they are stored", whole, at_most(40, "MB"), f"{sizes[-1] / 1000:.0f} kB each")


def signed_in(place: Place) -> Desk:
    desk = Desk(place.site.url)
    desk.cookies[place.facts["cookie"]["name"]] = place.facts["cookie"]["value"]
    return desk


def autosaves(desk: Desk, path: str, fields: dict, times: int) -> tuple[list, int, int]:
    """Types a word and saves, so often; the times, and the bytes of one of them plain and packed."""
    told = []
    for number in range(times):
        body = f"{fields['body']}<p>Typed {number}.</p>"
        plain = urlencode({**fields, "body": body}, doseq=True).encode()
        packed = gzip.compress(plain, 6)
        headers = {"Content-Type": "application/gzip", "X-CSRFToken": desk.cookies["csrftoken"], "Origin": desk.url}
        told.append(timed(lambda body=packed, headers=headers: desk.ask("POST", path, body, headers)))
        fields["based_on"] = str(json.loads(told[-1][1].text)["revision"])
    return told, len(plain), len(packed)


def timed(ask: Callable[[], Reply]) -> tuple[float, Reply]:
    """Milliseconds until the whole answer is there."""
    began = time.perf_counter()
    reply = ask()
    taken = (time.perf_counter() - began) * 1000
    assert reply.status == 200, reply.text[:2000]
    return taken, reply


def middle(told: list[tuple[float, Reply]]) -> float:
    return statistics.median(taken for taken, _ in told)
