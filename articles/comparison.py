"""What differs between two versions of an article, for people: field by field, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth import get_user_model

from articles.models import Article, Image
from articles.revisions import FIELDS
from articles.richtext.outline import outline
from site_config.lib.diff import SAME, Line, line_diff

LABELS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "body": "Text",
    "summary": "Summary",
    "tags": "Tags",
    "image": "Lead image",
    "bylines": "Authors",
    "comment_policy": "Comments",
    "slug": "Address",
    "language": "Language",
    "canonical_url": "Canonical address",
}
AROUND = 1
"""Unchanged lines that are shown before and after a changed one."""


class Difference(NamedTuple):
    """A field that differs. Between its `lines` stand numbers: so many unchanged lines are left out there. There are no
    lines where what differs is no text."""

    field: str
    label: str
    lines: list[Line | int]


def differences(before: dict, after: dict) -> list[Difference]:
    """Of two snapshots (see revisions.FIELDS), in the order of the form. Four queries at most."""
    changed = {name for name, empty in FIELDS.items() if before.get(name, empty) != after.get(name, empty)}
    old, new = readable(before, changed), readable(after, changed)
    return [
        Difference(name, label, abridged(line_diff(old[name], new[name]))) for name, label in LABELS.items() if name in changed
    ]


def readable(data: dict, names: set[str]) -> dict[str, list[str]]:
    """Each of these fields as lines of text."""
    texts = {name: str(data.get(name) or "").splitlines() for name in names}
    if "body" in names:
        texts["body"] = outline(data.get("body") or "")
    if "tags" in names:
        texts["tags"] = [", ".join(data.get("tags") or [])]
    if "comment_policy" in names:
        texts["comment_policy"] = [str(dict(Article.CommentPolicy.choices).get(data.get("comment_policy"), ""))]
    if "bylines" in names:
        people = get_user_model().objects.in_bulk(data.get("bylines") or [])
        texts["bylines"] = [", ".join(str(people.get(pk, "somebody who is gone")) for pk in data.get("bylines") or [])]
    if "image" in names:
        image = Image.objects.filter(pk=data.get("image") or 0).first()
        texts["image"] = [f"{image}" if image else "none" if not data.get("image") else "a picture that is gone"]
    return {name: [line for line in lines if line] for name, lines in texts.items()}


def abridged(lines: list[Line]) -> list[Line | int]:
    """Without unchanged lines that stand far from a changed one; nothing if none changed."""
    near = {place + step for place, line in enumerate(lines) if line.kind != SAME for step in range(-AROUND, AROUND + 1)}
    shown: list[Line | int] = []
    if not near:
        return shown
    for place, line in enumerate(lines):
        if place in near:
            shown.append(line)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown
