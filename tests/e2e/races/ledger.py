"""Who acknowledged what when, who read what when, and whether the two agree.

A *fact* is a name with a value that one writer alone changes: the version of an article, or 1 for a comment that is
shown; 0 is what readers do not see. A writer notes in its own file when it begins a write, and again once that is acknowledged.
A read may show any value that stood at some moment between its own begin and end: not an older one (stale), not
one that nobody had begun to write (early). All times are of the machine's monotonic clock, which processes share.
"""

from __future__ import annotations

import json
import re
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NEVER = float("inf")
LISTED = re.compile(r"[dtvs][0-9]+")
"""Articles that the front page and the feed name, all at once."""


class Notes:
    """A file of lines of JSON that one process appends to. A line is there for good once write() returns."""

    def __init__(self, path: Path) -> None:
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.number = 0

    def write(self, **line: Any) -> None:
        self.file.write(json.dumps(line) + "\n")

    def begin(self, fact: str, value: Any, at: float | None = None) -> str:
        """To be called before the write is sent; `at` is when its effect begins, if that is later."""
        self.number += 1
        name = f"{self.file.name}:{time.monotonic_ns()}:{self.number}"
        self.write(begin=name, fact=fact, value=value, at=at or time.monotonic())
        return name

    def done(self, name: str, at: float | None = None) -> None:
        """To be called after the acknowledgement; `at` is when its effect is complete, if that is later."""
        self.write(done=name, at=max(at or 0.0, time.monotonic()))


def lines_of(path: Path) -> Iterator[dict]:
    """A process that was killed may leave half a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


@dataclass
class Write:
    value: Any
    begun: float
    done: float = NEVER
    """NEVER for one whose answer was lost: it may have happened, or not."""


@dataclass
class History:
    """The writes of one fact in order. It began with `value`."""

    writes: list[Write] = field(default_factory=list)

    def possible(self, began: float, ended: float) -> set[Any]:
        """The values that stood at some moment of a read."""
        first = max((place for place, write in enumerate(self.writes) if write.done <= began), default=0)
        last = bisect_right([write.begun for write in self.writes], ended)
        return {write.value for write in self.writes[first:last]}

    def was_before(self, value: Any, began: float) -> bool:
        return value == 0 or any(write.value == value and write.begun <= began for write in self.writes)


@dataclass
class Verdict:
    """What is wrong, by kind, each with a sentence; and how much was looked at."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter = field(default_factory=Counter)

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        wrong = [f"{len(found)} {kind}: {'; '.join(found[:3])}" for kind, found in sorted(self.wrong.items())]
        return "\n".join([told, *wrong])


class Ledger:
    """All writers' and readers' files of a folder. `start` is what the facts were before the first write."""

    def __init__(self, folder: Path, start: dict[str, Any]) -> None:
        self.facts: dict[str, History] = {}
        self.reads: list[dict] = []
        for fact, value in start.items():
            self.facts[fact] = History([Write(value, 0.0, 0.0)])
        for path in sorted(folder.glob("*.jsonl")):
            self._take(path)
        for history in self.facts.values():
            history.writes.sort(key=lambda write: write.begun)
        self.places: dict[str, list[str]] = defaultdict(list)
        for fact in self.facts:
            self.places[fact.partition(" ")[0]].append(fact)
        self.listed = [fact for fact in self.facts if LISTED.fullmatch(fact)]

    def _take(self, path: Path) -> None:
        begun: dict[str, Write] = {}
        for line in lines_of(path):
            if "begin" in line:
                made = begun[line["begin"]] = Write(line["value"], line["at"])
                self.facts.setdefault(line["fact"], History([Write(0, 0.0, 0.0)])).writes.append(made)
            elif "done" in line:
                begun[line["done"]].done = line["at"]
            else:
                self.reads.append(line)

    def judge(self) -> Verdict:
        """Holds every read against every fact that it tells something about."""
        verdict = Verdict()
        verdict.counts["writes"] = sum(len(history.writes) - 1 for history in self.facts.values())
        for read in self.reads:
            if "trouble" in read:
                verdict.counts["writes tried again" if "writer" in read else "reads without an answer"] += 1
                continue
            verdict.counts["reads"] += 1
            verdict.counts["reads of bytes seen before"] += read["again"]
            for sentence in read["torn"]:
                verdict.wrong["torn"].append(f"{read['path']}: {sentence}")
            for fact, value in self.told_by(read):
                verdict.counts["values compared"] += 1
                self.hold(verdict, read, fact, value)
        return verdict

    def told_by(self, read: dict) -> Iterator[tuple[str, Any]]:
        """(fact, value) of a read: what it shows, and what stands at its place and it does not show."""
        yield from ((fact, value) for fact, value in read["shows"].items() if fact in self.facts)
        for fact in self.listed if read["whole"] else self.places.get(read["place"], ()):
            if fact not in read["shows"]:
                yield fact, 0

    def hold(self, verdict: Verdict, read: dict, fact: str, value: Any) -> None:
        history = self.facts[fact]
        possible = history.possible(read["began"], read["ended"])
        if value in possible:
            return
        kind = "stale" if history.was_before(value, read["began"]) else "early"
        told = f"{read['path']} showed {value!r} of {fact} where {sorted(map(repr, possible))} stood, at {read['began']:.3f}"
        verdict.wrong[kind].append(told)
