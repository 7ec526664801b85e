"""What the page store did, counted by all processes of the site together (see `site_config.lib.tally`).

Each public request is one of: `hit` (a whole answer from the store), `not_modified` (the store's 304), `stale` (a kept page
served unchecked because the database is away) or `miss` (Django was asked). Each miss that is drawn is `drawn` and then
either `kept` or `refused` (it changed meanwhile, or is too large, or must not be kept). Each costs 0.2 µs and never raises.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from django.conf import settings

from site_config.lib.tally import Tally

NAMES = ("hits", "not_modified", "misses", "kept", "stale", "refused")
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper ends, in seconds, of the classes of render times; the last class has none."""

HITS, NOT_MODIFIED, MISSES, KEPT, STALE, REFUSED = range(len(NAMES))
CLASSES = len(NAMES)
MICROSECONDS = CLASSES + len(BOUNDS) + 1
ALL_NAMES = (*NAMES, *(f"render_{bound}" for bound in (*BOUNDS, "inf")), "render_microseconds")


class Figures(NamedTuple):
    """The sums over all processes since the file was made."""

    counts: dict[str, int]
    """By NAMES."""
    rendered: list[tuple[float, int]]
    """(seconds, how many pages took at most so long) for each of BOUNDS and infinity: the last is how many in all."""
    microseconds: int
    """What all of them took together."""


@cache
def the_tally() -> Tally:
    """This process's share, opened at the first call."""
    return Tally(settings.DATA_DIR / "pages" / "figures", ALL_NAMES)


def hit() -> None:
    the_tally().add(HITS)


def not_modified() -> None:
    the_tally().add(NOT_MODIFIED)


def miss() -> None:
    the_tally().add(MISSES)


def kept() -> None:
    the_tally().add(KEPT)


def stale() -> None:
    the_tally().add(STALE)


def refused() -> None:
    the_tally().add(REFUSED)


def drawn(seconds: float) -> None:
    """A page was drawn, and it took so long."""
    tally = the_tally()
    tally.add(CLASSES + bisect_left(BOUNDS, seconds))
    tally.add(MICROSECONDS, max(0, round(seconds * 1e6)))


def read() -> Figures:
    """Costs 0.2 ms."""
    total = the_tally().total()
    numbers = list(total.values())
    rendered, so_far = [], 0
    for bound, number in zip((*BOUNDS, float("inf")), numbers[CLASSES:MICROSECONDS], strict=True):
        so_far += number
        rendered.append((bound, so_far))
    return Figures({name: total[name] for name in NAMES}, rendered, total["render_microseconds"])
