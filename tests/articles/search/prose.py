"""Real prose to search in: the topics of Python's own reference, and what its modules say about themselves.

Python brings them along (https://docs.python.org/3/reference/), so they are on every machine that runs the tests.
"""

from __future__ import annotations

import ast
import re
from html import escape
from pathlib import Path
from pydoc_data.topics import topics

SHORTEST = 60
"""Words that a module has to say to be counted."""


def texts() -> dict[str, tuple[str, str]]:
    """Title and text by name: topics by their own name, modules as `module NAME`."""
    found = {name: parted(text) for name, text in topics.items()}
    for path in sorted(Path(ast.__file__).parent.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text("utf-8", "replace"))) or ""
        if len(said.split()) >= SHORTEST and not path.stem.startswith("_"):
            title, text = parted(said)
            found[f"module {path.stem}"] = (f"{path.stem}: {title}"[:190], text)
    return found


def parted(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    return first.strip()[:190], rest


def as_html(text: str) -> str:
    """Paragraphs; underlined lines are headings."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return "".join(as_block(block) for block in blocks)


def as_block(block: str) -> str:
    lines = block.split("\n")
    if len(lines) == 2 and re.fullmatch(r"[*=\-~^]{3,}", lines[1]):
        return f"<h2>{escape(lines[0])}</h2>"
    return f"<p>{escape(re.sub(r'[*=~^]{4,}', '', block))}</p>"
