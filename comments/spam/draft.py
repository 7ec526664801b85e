"""What a verdict is about, and what it is made of. No models."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

HELD_FROM = 2.0
CERTAIN = 4.0
"""What holds whatever else is known: no sum of what speaks for a writer takes it below HELD_FROM."""


class Draft(NamedTuple):
    """What is known of a comment before it is stored, or before its text is exchanged.

    `networks` are the keyed hashes of its network in the months of the last 30 days, `seconds` the time it took to
    write, None if unknown. `language` is the article's. `pk` is the comment's own where it is stored already, `proven`
    whether its writer has shown that `email` is theirs.
    """

    folded: str
    source: str
    networks: tuple[str, ...]
    honeypot: bool
    seconds: float | None
    now: datetime
    name: str = ""
    email: str = ""
    language: str = ""
    pk: int | None = None
    proven: bool = False


class Reason(NamedTuple):
    """A signal that counted: a sentence without its full stop, and what it adds to the sum.

    `ids` are the comments that it speaks of.
    """

    code: str
    text: str
    weight: float
    ids: tuple[int, ...] = ()

    def as_stored(self) -> dict[str, Any]:
        row: dict[str, Any] = {"code": self.code, "text": self.text, "weight": self.weight}
        return row | {"ids": list(self.ids)} if self.ids else row


class Verdict(NamedTuple):
    """Every signal that counted, in the order of the registry; held if their sum reaches HELD_FROM."""

    reasons: list[Reason]

    @property
    def sum(self) -> float:
        return round(sum(reason.weight for reason in self.reasons), 2)

    @property
    def held(self) -> bool:
        return self.sum >= HELD_FROM

    def as_stored(self) -> list[dict[str, Any]]:
        return [reason.as_stored() for reason in self.reasons]


APPEARS = Verdict([])


def weight_of(row: dict) -> float:
    """Of a stored reason. One from before signals had weights was enough to hold."""
    return row.get("weight", HELD_FROM)


def total(stored: list[dict]) -> float:
    return round(sum(weight_of(row) for row in stored), 2)


def because(stored: list[dict]) -> list[dict]:
    """Of stored reasons those that held the comment, the heaviest first; none if they did not hold it."""
    if total(stored) < HELD_FROM:
        return []
    return sorted((row for row in stored if weight_of(row) > 0), key=lambda row: -weight_of(row))


def counted(stored: list[dict]) -> list[tuple[str, str]]:
    """All that counted, for and against: each sentence, and its weight as signed() shows it."""
    return [(row["text"], signed(weight_of(row))) for row in stored]


def signed(weight: float) -> str:
    """'+1.6', '−0.2', '0.0'."""
    return f"{weight:+.1f}".replace("-", "−") if round(weight, 1) else "0.0"
