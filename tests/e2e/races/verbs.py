"""The writer that uses the verbs in a process of its own, as a command or the job runner does. It may be killed at any point.

`python -m tests.e2e.races.verbs FOLDER`, with the site's environment.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.db import OperationalError  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles import publishing, revisions  # noqa: E402
from articles.models import Article  # noqa: E402
from tests.e2e.races import words  # noqa: E402
from tests.e2e.races.ledger import Notes  # noqa: E402
from tests.e2e.races.starting import is_over, wait_to_go  # noqa: E402

AHEAD = 2.5
SHOWN = 2.0
CLOCKS = 0.005
"""How far the two clocks of the machine may have been read apart."""
PAUSE = 0.02
SLUGS = ("v2", "v3")


class Verbs:
    def __init__(self, folder: Path) -> None:
        self.notes, self.folder = Notes(folder / f"verbs-{time.monotonic_ns()}.jsonl"), folder
        self.shown: dict[str, float] = {}

    def write(self, slug: str, value: int, act: Callable[[], object]) -> None:
        name = self.notes.begin(slug, value)
        self.insist(act)
        self.notes.done(name)
        time.sleep(PAUSE)

    def insist(self, act: Callable[[], object]) -> None:
        while True:
            try:
                act()
                return
            except OperationalError as error:
                self.notes.write(trouble=str(error), at=time.monotonic(), writer="verbs")
                time.sleep(PAUSE)

    def change(self, slug: str, number: int) -> None:
        article = Article.objects.get(slug=slug)
        self.insist(lambda: revisions.save(article, words.article_of(slug, number), by=None))
        self.write(slug, number, lambda: publishing.publish(article, by=None))

    def take_back(self, slug: str) -> None:
        article = Article.objects.get(slug=slug)
        self.write(slug, 0, lambda: publishing.withdraw(article, by=None))

    def bring_back(self, slug: str, number: int) -> None:
        article = Article.objects.get(slug=slug)
        self.write(slug, number, lambda: publishing.restore(article, by=None))

    def schedule(self, number: int) -> None:
        """An article that appears by itself in AHEAD seconds."""
        slug = f"s{number}"
        article = revisions.save(None, words.article_of(slug, number), by=None).article
        at = timezone.now() + timedelta(seconds=AHEAD)
        appears = time.monotonic() + (at.timestamp() - time.time())
        name = self.notes.begin(slug, number, at=appears - CLOCKS)
        self.shown[slug] = appears
        self.insist(lambda: publishing.publish(article, by=None, at=at))
        self.notes.done(name, at=appears + CLOCKS)

    def retire(self) -> None:
        """Takes back what has been shown for long enough, so that lists stay short."""
        for slug, appeared in list(self.shown.items()):
            if time.monotonic() > appeared + SHOWN:
                self.take_back(slug)
                del self.shown[slug]

    def clear(self) -> None:
        """Takes back what a killed predecessor left in the lists, once it has appeared there."""
        left = Article.objects.exclude(published_at=None).filter(slug__regex="^s[0-9]+$", withdrawn_at=None)
        while left.filter(published_at__gt=timezone.now()).exists():
            time.sleep(PAUSE)
        for article in left:
            self.take_back(article.slug)

    def busy(self) -> None:
        aside = self.folder / "verbs.new"
        aside.write_text(" ".join([*SLUGS, *self.shown]))
        aside.replace(self.folder / "verbs.busy")


def main(folder: str) -> None:
    verbs = Verbs(Path(folder))
    verbs.clear()
    wait_to_go(verbs.folder, "verbs")
    began, turn = time.monotonic_ns() // 1_000_000, 0
    while not is_over(verbs.folder):
        turn += 1
        number = began + turn
        if len(verbs.shown) < 2 and turn % 8 == 1:
            verbs.schedule(number)
        verbs.busy()
        for slug in SLUGS:
            verbs.change(slug, number)
            if turn % 5 == 0:
                verbs.take_back(slug)
                verbs.bring_back(slug, number)
        verbs.retire()


if __name__ == "__main__":
    main(*sys.argv[1:])
