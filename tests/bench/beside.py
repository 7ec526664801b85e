"""Hits while others keep the same workers busy: with uncached pages, at the desk, with a large upload."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from tests.bench.ground import ARTICLE, Ground, Place, warm
from tests.bench.load import GZIP, Result, Target, in_turn, meanwhile, measure, median
from tests.bench.table import Goal, Row, at_least
from tests.bench.uploader import uploading

READERS = 16
BUSY = 4


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site() as place:
        hits = place.at(ARTICLE, **GZIP)
        warm(hits)
        yield kept_up(
            ground, "hits beside 4 clients at uncached article pages ÷ alone", hits, lambda: misses(place), at_least(0.5)
        )
        yield kept_up(
            ground, "hits beside 4 in the change form and a 10 MB upload ÷ alone", hits, lambda: desk(place), at_least(0.3)
        )


def kept_up(
    ground: Ground, what: str, hits: Target, others: Callable[[], AbstractContextManager[list[str]]], goal: Goal
) -> Row:
    """Hits per second with and without the others, in turn."""
    notes: list[str] = []

    def beside() -> Result:
        with others() as told:
            result = measure(hits, READERS, ground.seconds)
        notes[:] = told
        return result

    told = in_turn(ground.rounds, beside, lambda: measure(hits, READERS, ground.seconds))
    p99 = median(told, lambda a, b: a.p99_ms)
    alone = median(told, lambda a, b: b.p99_ms)
    remark = "; ".join([f"p99 {p99:.0f} ms, alone {alone:.0f} ms", *notes])
    return Row(what, median(told, lambda a, b: a.requests / b.requests), goal, remark)


def never_kept(place: Place) -> Target:
    """The article as somebody sees it who has just commented on it."""
    return place.at(f"{ARTICLE}?c={place.facts['own']}", **GZIP)


@contextmanager
def misses(place: Place) -> Iterator[list[str]]:
    """Four clients ask for a page that is never kept, without pause. Afterwards the list says how many they got."""
    notes: list[str] = []
    with meanwhile(never_kept(place), BUSY) as told:
        yield notes
    notes.append(f"meanwhile {told[0].count / told[0].seconds:.0f} uncached pages/s")


@contextmanager
def desk(place: Place) -> Iterator[list[str]]:
    """Four editors open the change form again and again, a fifth uploads a picture again and again."""
    cookie = f"sessionid={place.facts['session']}"
    form = f"/admin/articles/article/{place.facts['article']}/change/"
    notes: list[str] = []
    with ExitStack() as stack:
        forms = stack.enter_context(meanwhile(place.at(form, Cookie=cookie), BUSY))
        uploads = stack.enter_context(uploading(place, cookie))
        yield notes
    notes.append(f"meanwhile {forms[0].count / forms[0].seconds:.0f} forms/s, {len(uploads)} uploads")
