"""Our own side of each comparison: the same article and comments, drawn anew for each request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import story
from tests.bench.ground import ARTICLE, Ground
from tests.bench.peers.asking import Peer

TITLE = "The Power Struggle in AI"


def last_words() -> str:
    """Whoever wrote the last comment: a page that has that name has the whole conversation."""
    return story.remarks()[-1].name


@contextmanager
def ours(ground: Ground) -> Iterator[Peer]:
    with ground.site(MASTHEAD_PAGE_STORE_MB="0") as place:
        yield Peer("Masthead", place.site.url + ARTICLE, (place.site.process.pid,), last_words())


def write_story(folder: Path) -> Path:
    """The story as a file for another system's own script."""
    file = folder / "story.json"
    remarks = [remark._asdict() for remark in story.remarks()]
    file.write_text(json.dumps({"title": TITLE, "body": story.body(), "comments": remarks}), encoding="utf-8")
    return file
