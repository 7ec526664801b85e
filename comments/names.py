"""Names that no reader may use: the site's own, its staff's, and whatever looks like them."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from comments.lookalikes import skeleton
from site_config.lib.prepared import Prepared

FILLING = {"the", "a", "your", "our", "official", "real", "team", "site", "blog", "from", "of", "at", "and"}
"""Words that make no other name of a reserved one."""
PARTS = re.compile(r"[()\[\]{}<>«»“”\"|/\\,;:·•∙–—~*]+|\s-+\s")
NUMBERED = re.compile(r"[·•∙⋅‧・･ꞏ᛫]\s*\w*\d+\W*$")
KEPT = "Choose another name: “{}” is kept for staff."
NUMBER = "Leave out the number after the dot: the site writes it where two writers have one name."


def trouble(name: str) -> str:
    """What keeps a reader from using the name, as a sentence; '' if nothing does. One query."""
    if is_reserved(name):
        return KEPT.format(name)
    return NUMBER if is_numbered(name) else ""


def is_reserved(name: str) -> bool:
    """Whether readers would take the name for the site's or its staff's: the whole of it, or what stands in it as a title
    ('Ana (Editor)', 'Masthead Staff'). One query."""
    people = {known_skeleton(word) for pair in names_of_staff() for word in pair if word}
    roles = {known_skeleton(word) for word in (*settings.RESERVED_NAMES, settings.SITE_NAME) if word}
    return skeleton(name) in people | roles or any(is_title(part, roles) for part in PARTS.split(name))


def is_title(part: str, roles: set[str]) -> bool:
    words = {skeleton(word) for word in part.split()}
    filling = {known_skeleton(word) for word in FILLING}
    return skeleton(part) in roles or (words <= roles | filling and not words.isdisjoint(roles))


def is_numbered(name: str) -> bool:
    """Whether it ends as the site writes two writers of one name: 'Ines · 2'."""
    return NUMBERED.search(name) is not None


def people() -> QuerySet:
    return get_user_model().objects.filter(is_active=True, is_staff=True).values_list("username", "display_name")


names_of_staff = Prepared(people)
known_skeleton = lru_cache(maxsize=1000)(skeleton)
