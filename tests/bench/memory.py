"""The memory of the whole process tree, two web workers and jobs, after it was used in every way."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.beside import never_kept
from tests.bench.ground import ARTICLE, Ground, Place
from tests.bench.load import GZIP, measure
from tests.bench.posting import SETTINGS
from tests.bench.processes import pss_of
from tests.bench.table import Row, at_most
from tests.bench.writers import writing


def rows(ground: Ground) -> Iterator[Row]:
    with ground.site(**SETTINGS) as place:
        use(ground, place)
        shares = pss_of(place.site.process.pid)
    remark = f"{len(shares)} processes: " + " + ".join(f"{share:.0f}" for share in sorted(shares.values(), reverse=True))
    yield Row("memory of the whole tree (2 web workers, jobs), PSS", sum(shares.values()), at_most(150, "MB"), remark)


def use(ground: Ground, place: Place) -> None:
    """Kept pages, uncached ones, the change form, comments."""
    cookie = f"sessionid={place.facts['session']}"
    form = f"/admin/articles/article/{place.facts['article']}/change/"
    for target in (place.at(ARTICLE, **GZIP), never_kept(place), place.at(form, Cookie=cookie)):
        measure(target, 16, ground.seconds)
    with writing(place, [f"/{place.facts['quiet'][0]}/"], clients=4, seconds=ground.seconds, prefix="For memory"):
        pass
