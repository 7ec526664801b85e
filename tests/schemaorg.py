"""JSON-LD held against the published vocabulary of schema.org; see schemaorg.json for where that is from."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

VOCABULARY = json.loads((Path(__file__).parent / "schemaorg.json").read_text(encoding="utf-8"))
TYPES, PROPERTIES = VOCABULARY["types"], VOCABULARY["properties"]
ADDRESS = re.compile(r"https?://\S+")
ANNOTATED = {"query-input"}
"""Properties with an annotation of https://schema.org/docs/actions.html."""


def blocks_of(page: str) -> list[dict]:
    """The JSON-LD of a page, block by block."""
    return [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)]


def problems(node: dict, *, is_root: bool = True) -> list[str]:
    """What the vocabulary does not know, as sentences."""
    found = [] if not is_root or node.get("@context") == "https://schema.org" else ["no context"]
    kind = node.get("@type")
    if kind not in TYPES:
        return [*found, f"{kind} is no type"]
    for name, value in node.items():
        if name.startswith("@") or name in ANNOTATED:
            continue
        if name not in PROPERTIES:
            found.append(f"{name} is no property that we know")
            continue
        if not any(is_a(kind, owner) for owner in PROPERTIES[name]["of"]):
            found.append(f"{kind} has no {name}")
        for one in value if isinstance(value, list) else [value]:
            found += wrong(one, name)
    return found


def wrong(value, name: str) -> list[str]:
    wanted = PROPERTIES[name]["is"]
    if isinstance(value, dict):
        fits = any(is_a(value.get("@type"), kind) for kind in wanted)
        return ([] if fits else [f"{name} is no {value.get('@type')}"]) + problems(value, is_root=False)
    if isinstance(value, bool) or value is None or value == "":
        return [f"{name} is empty"]
    if isinstance(value, int):
        return [] if {"Integer", "Number", "Text"} & set(wanted) else [f"{name} is no number"]
    if {"Date", "DateTime"} & set(wanted):
        return [] if datetime.fromisoformat(value).tzinfo else [f"{name} has no time zone"]
    if "Text" in wanted or ("Integer" in wanted and value.isdecimal()):
        return []
    return [] if ADDRESS.fullmatch(value) else [f"{name} is neither address nor node"]


def is_a(kind: str | None, other: str) -> bool:
    return kind == other or any(is_a(above, other) for above in TYPES.get(kind, ()))
