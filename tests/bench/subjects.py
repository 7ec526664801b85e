"""What is measured. A new subject is a module with `rows(ground)` and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tests.bench import (
    beside,
    classifier,
    cold,
    crowd,
    desk,
    editor,
    front,
    growth,
    inside,
    kept,
    memory,
    miss,
    posting,
    search,
)
from tests.bench.ground import Ground
from tests.bench.peers import wagtail, wordpress
from tests.bench.table import Row


class Subject(NamedTuple):
    what: str
    rows: Callable[[Ground], Iterable[Row]]
    needs: tuple[str, ...] = ()
    """Programs that have to be on the machine."""


SUBJECTS = {
    "kept": Subject("a kept page beside nginx, under both shells", kept.rows, ("nginx", "wrk")),
    "beside": Subject("hits beside uncached pages, the desk and an upload", beside.rows, ("wrk",)),
    "front": Subject("nginx before the server, reading the store", front.rows, ("nginx", "wrk")),
    "inside": Subject("the store's own time for a hit, in process", inside.rows),
    "miss": Subject("CPU of a page that is drawn", miss.rows, ("wrk",)),
    "growth": Subject("a page of a long thread beside one of a short one", growth.rows, ("wrk",)),
    "posting": Subject("comments posted by eight clients at once", posting.rows),
    "search": Subject("searching among many articles", search.rows),
    "crowd": Subject("many connections, many articles", crowd.rows, ("wrk",)),
    "memory": Subject("memory of the whole tree", memory.rows, ("wrk",)),
    "words": Subject("the classifier on texts that people judged", classifier.rows),
    "cold": Subject("CPU from start to first page", cold.rows),
    "desk": Subject("a very long article at the desk: open, autosave, preview, versions", desk.rows),
    "editor": Subject("a very long article in the body editor", editor.rows, ("chromium",)),
}

PEERS = {
    "wordpress": Subject("WordPress beside ours, both drawing each page", wordpress.rows, ("nginx",)),
    "wagtail": Subject("Wagtail beside ours, both drawing each page", wagtail.rows),
}
