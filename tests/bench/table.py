"""What a measurement gives: rows with their goals, and the table that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HEAD = ("what", "goal", "measured", "reached", "remark")


class Skipped(Exception):
    """This cannot be measured here; the text says why."""


class Goal(NamedTuple):
    """A bound, and on which side of it the goal lies."""

    sign: str
    bound: float
    unit: str = ""

    def is_reached(self, value: float) -> bool:
        return value >= self.bound if self.sign == "≥" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {number(self.bound)}{with_space(self.unit)}"


class Row(NamedTuple):
    """A line of the table. Without a goal it only tells; without a value it was skipped, and the remark says why."""

    what: str
    value: float | None
    goal: Goal | None = None
    remark: str = ""
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None or self.goal is None:
            return "–"
        return "yes" if self.goal.is_reached(self.value) else "**no**"

    @property
    def measured(self) -> str:
        unit = self.unit or (self.goal.unit if self.goal else "")
        return "skipped" if self.value is None else f"{number(self.value)}{with_space(unit)}"


def at_least(bound: float, unit: str = "") -> Goal:
    return Goal("≥", bound, unit)


def at_most(bound: float, unit: str = "") -> Goal:
    return Goal("≤", bound, unit)


def number(value: float) -> str:
    """Three figures at most; whole where there are more before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def with_space(unit: str) -> str:
    return f" {unit}" if unit else ""


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = [HEAD, ("---",) * len(HEAD)]
    lines += [(row.what, str(row.goal) if row.goal else "–", row.measured, row.verdict, row.remark) for row in rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines)


def summary(rows: list[Row]) -> str:
    """How many goals are reached, as a sentence."""
    judged = [row.verdict for row in rows if row.verdict != "–"]
    return f"{judged.count('yes')} of {len(judged)} goals are reached."


def put_into(readme: Path, mark: str, text: str) -> None:
    """Writes `text` between `<!-- MARK -->` and `<!-- /MARK -->`. Raises ValueError if the marks are not there."""
    marked = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.S)
    written, count = marked.subn(lambda match: f"{match[1]}{text}\n{match[2]}", readme.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{readme.name} has no place marked for {mark}.")
    readme.write_text(written, encoding="utf-8")
