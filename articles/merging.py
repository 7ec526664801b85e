"""When two people saved from the same version: what either changed, in one version, and what could not be joined."""

from __future__ import annotations

from typing import NamedTuple

from articles.comparison import LABELS, readable
from articles.models import Article, Revision
from articles.revisions import FIELDS
from articles.richtext.merging import merge_bodies

LISTS = ("tags", "bylines")


class Lost(NamedTuple):
    """Where both changed the same: the field's name for people, and what the other side has there."""

    label: str
    theirs: str


def merge_data(base: dict, mine: dict, theirs: dict) -> tuple[dict, list[Lost]]:
    """Of three snapshots (see revisions.FIELDS). Where both changed the same, mine stand and theirs are told."""
    base, mine, theirs = ({**FIELDS, **data} for data in (base, mine, theirs))
    merged, clashing = dict(theirs), []
    for name in FIELDS:
        if name in LISTS:
            merged[name] = merge_lists(base[name], mine[name], theirs[name])
        elif mine[name] != base[name]:
            merged[name] = mine[name]
            if theirs[name] not in (base[name], mine[name]):
                clashing.append(name)
    lost = []
    if "body" in clashing:
        merged["body"], places = merge_bodies(base["body"], mine["body"], theirs["body"])
        lost = [Lost(LABELS["body"], words) for words in places]
        clashing.remove("body")
    words = readable(theirs, set(clashing))
    return merged, [Lost(LABELS[name], " ".join(words[name]) or "empty") for name in clashing] + lost


def merge_lists(base: list, mine: list, theirs: list) -> list:
    """Mine, with what they added and without what they took out."""
    kept = [one for one in mine if one in theirs or one not in base]
    return kept + [one for one in theirs if one not in base and one not in kept]


def base_of(article: Article, based_on: int | None) -> dict:
    """The version that an editor started from, or the nearest older one that is still kept. One query."""
    found = Revision.objects.filter(article=article, pk__lte=based_on or 0).exclude(kind=Revision.Kind.ASIDE)
    revision = found.order_by("-pk").first()
    return revision.data if revision else {}
