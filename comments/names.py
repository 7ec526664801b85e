"""Names that no reader may use: the site's own, its staff's, and whatever looks like them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from comments.lookalikes import skeleton
from site_config.lib.prepared import Prepared

FILLING = {
    "the", "a", "your", "our", "official", "real", "team", "site", "blog", "from", "of", "at", "and", "in", "chief", "head",
    "lead", "senior", "junior", "deputy", "managing", "assistant", "main", "new", "office", "desk", "here", "again", "account",
}  # fmt: skip
"""Words that make no other name of a reserved one."""
LABELS = {"Editor’s pick", "Editors’ pick", "Removed comment", "Withdrawn comment", "Comment under review", "another writer"}
"""What the site itself writes where a name stands, or beside it."""
PARTS = re.compile(r"[()\[\]{}<>«»“”\"|/\\,;:·•∙–—~*]+|\s-+\s")
NUMBERED = re.compile(r"[·•∙⋅‧・･ꞏ᛫]\s*\w*\d+\W*$")
BRACKETED = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]?\s*$")
KEPT = "Choose another name: “{}” is kept for staff."
NUMBER = "Leave out the number after the dot: the site writes it where two writers have one name."


def trouble(name: str) -> str:
    """What keeps a reader from using the name, as a sentence; '' if nothing does. One query."""
    if is_reserved(name):
        return KEPT.format(name)
    return NUMBER if is_numbered(name) else ""


def is_reserved(name: str) -> bool:
    """Whether readers would take the name for the site's or its staff's: the whole of it, or what stands in it as a title
    ('Ana (Editor)', 'Masthead Staff', 'Ada Desk, office' where Ada Desk is staff). One query."""
    people = {known_skeleton(word) for pair in names_of_staff() for word in pair if word}
    titles = {known_skeleton(word) for word in settings.RESERVED_NAMES if word}
    kept = titles | {known_skeleton(word) for word in (settings.SITE_NAME, *LABELS) if word}
    return skeleton(name) in people | kept or any(
        is_title(part, kept) or is_somebody(part, people, kept) or begins_or_ends(part, titles) for part in PARTS.split(name)
    )


def is_title(part: str, kept: set[str]) -> bool:
    words = part.split()
    return skeleton(part) in kept or (
        any(skeleton(word) in kept for word in words) and all(is_idle(word, kept) for word in words)
    )


def is_somebody(part: str, people: set[str], kept: set[str]) -> bool:
    """Whether it is the name of one of the staff with nothing beside it that makes it another's: 'the real Ada Desk'."""
    words = part.split()
    telling = [place for place, word in enumerate(words) if not is_idle(word, kept)] or [0]
    begins, ends = range(telling[0] + 1), range(telling[-1] + 1, len(words) + 1)
    return any(skeleton(" ".join(words[begin:end])) in people for begin in begins for end in ends)


def is_idle(word: str, kept: set[str]) -> bool:
    return word.isdecimal() or skeleton(word) in kept or skeleton(word) in filling()


def begins_or_ends(part: str, titles: set[str]) -> bool:
    """Whether a title stands before or after a name, without anything between: 'Editor Ana', 'Ana Moderator'."""
    words = part.split()
    return len(words) > 1 and not titles.isdisjoint((skeleton(words[0]), skeleton(words[-1])))


def is_numbered(name: str) -> bool:
    """Whether it ends as the site writes two writers of one name: 'Ines · 2', or 'Ines · 2 (another writer)'."""
    while name != (name := BRACKETED.sub("", name)):
        pass
    return NUMBERED.search(name) is not None


@cache
def filling() -> frozenset[str]:
    return frozenset(skeleton(word) for word in FILLING)


def people() -> QuerySet:
    return get_user_model().objects.filter(is_active=True, is_staff=True).values_list("username", "display_name")


names_of_staff = Prepared(people)
known_skeleton = lru_cache(maxsize=1000)(skeleton)
