"""Naive Bayes over the features of a text, shrunk so that it is never surer than what it has seen. No models.

After Gary Robinson, 'A Statistical Approach to the Spam Problem' (Linux Journal 107, March 2003), which SpamBayes and
Bogofilter follow: a feature that was met in n texts has f = (S·½ + n·p) / (S + n), where p is the share of the bad texts
that have it beside that of the good ones. So the numbers of good and bad texts cannot tip it, and a feature that was met once
says little. The MOST_TELLING features are summed as log-odds and not combined by Fisher's method: a sum falls apart into its
words, which is what a person is shown, and Fisher's indicator is all but 0 or 1 as soon as two words agree.

Features are not independent, so the sum is too sure of itself; SCALE takes that back. It was chosen, as the other numbers
here, on the SMS Spam Collection for the calibration of what comes out (`tests.bench --only words`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from comments.spam.features import Feature

SEEN_ENOUGH = 20
"""Good texts, and bad ones, before it says anything."""
S = 0.5
MOST_TELLING = 20
LEAST_TELLING = 0.2
PIECE_COUNTS = 0.25
SCALE = 0.4
WORST, BEST = 4.0, -1.0
"""What it can add to the sum of a verdict. Nice words are easily had, so they weigh less."""


class Clue(NamedTuple):
    shown: str
    weight: float


class Opinion(NamedTuple):
    weight: float
    """Log-odds that a moderator would turn the text down: its part of a verdict. 0 where too little was seen."""
    telling: list[Clue]
    """What weighed, the heaviest first. Together they make the weight, up to where it is cut off."""


SILENT = Opinion(0.0, [])


def opinion(found: Mapping[int, Feature], counts: Mapping[int, tuple[int, int]], good: int, bad: int) -> Opinion:
    """`counts` are the (good, bad) texts that have a feature, of `good` and `bad` in all.

    Pieces count only where their word was never met, and less: beside a word that is known they say the same again.
    """
    if min(good, bad) < SEEN_ENOUGH:
        return SILENT
    clues = []
    for number, feature in found.items():
        if number not in counts or feature.word in counts:
            continue
        odds = log_odds(*counts[number], good, bad) * (PIECE_COUNTS if feature.word is not None else 1)
        if abs(odds) >= LEAST_TELLING:
            clues.append(Clue(feature.shown, odds * SCALE))
    telling = sorted(clues, key=lambda clue: -abs(clue.weight))[:MOST_TELLING]
    weight = sum(clue.weight for clue in telling)
    return Opinion(max(BEST, min(WORST, weight)), telling)


def log_odds(in_good: int, in_bad: int, good: int, bad: int) -> float:
    share_good, share_bad = min(in_good / good, 1.0), min(in_bad / bad, 1.0)
    met = in_good + in_bad
    if met <= 0:
        return 0.0
    likely = (S / 2 + met * share_bad / (share_good + share_bad)) / (S + met)
    return math.log(likely / (1 - likely))


def probability(weight: float) -> float:
    """Of being turned down, as the weight says."""
    return 1 / (1 + math.exp(-weight))
