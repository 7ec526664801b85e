"""The table 'When something is wrong' of README: what the tests hold the site to, and what they write."""

from __future__ import annotations

import os

from tests.e2e.faults.witness import Row
from tests.server import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = ("what is wrong", "an article that is kept", "one that is not", "a withdrawn one", "one with a removed comment",
        "posting a comment", "saving in the editor", "`/health/ready/`")  # fmt: skip
WRITES = bool(os.environ.get("MASTHEAD_WRITE_README"))


def rows() -> dict[str, Row]:
    """README's rows by what is wrong."""
    text = README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()[2:]]
    return {first: Row(*others) for first, *others in cells}


def write(name: str, row: Row) -> None:
    """Puts a row into README's table, in the place of the one of this name or at the end."""
    whole = {**rows(), name: row}
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    lines = [HEAD, ["---"] * len(HEAD), *([name, *cells] for name, cells in whole.items())]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
