"""Tags by name. One function makes them, and only publication calls it.

Revisions hold tags by name, so a name is never forgotten: renaming and merging leave the old one behind as an alias, and
whoever publishes with it, from an old version or a form that was open, gets the tag of today. That holds for a name that
is typed anew, too, as long as the alias stands: the desk can drop it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify

from articles.models import Tag, TagAlias
from site_config.lib.text import fold, one_line

LONGEST = 60
MOST = 30
"""Tags of an article."""


def parse(text: str) -> list[str]:
    """The names in a comma-separated text: each once by its folded form, first spelling kept, order kept."""
    names: dict[str, str] = {}
    for part in text.replace(";", ",").split(","):
        if key(part):
            names.setdefault(key(part), one_line(part))
    return list(names.values())


def trouble(names: Iterable[str]) -> str:
    """Why an article cannot have these tags, as a sentence; '' if it can."""
    found = list(names)
    if long := [name for name in found if len(name) > LONGEST]:
        return f"“{long[0][:40]}…” is too long: a tag has at most {LONGEST} characters."
    if len(found) > MOST:
        return f"These are {len(found)} tags; {MOST} is the most. Keep the ones readers look for."
    return ""


def key(name: str) -> str:
    """The folded form of a name, by which it is known; '' for one without letters or digits: it could have no address."""
    return fold(one_line(name)) if slugify(name, allow_unicode=True) else ""


def known(folded: Iterable[str]) -> dict[str, Tag]:
    """The tags that have these folded names or had them once. One query; one more if some are no tag's name of today.

    In this order: whoever renames a tag meanwhile gives the old name to it as an alias in the same transaction.
    """
    wanted = set(folded)
    found = {tag.folded: tag for tag in Tag.objects.filter(folded__in=wanted)}
    if missing := wanted - set(found):
        aliases = TagAlias.objects.filter(folded__in=missing).select_related("tag")
        found |= {alias.folded: alias.tag for alias in aliases}
    return found


def resolve(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, each once, made where they are missing. Call inside `pages.changing()`.

    An existing tag keeps its own spelling, and a former name gives the tag that has it as an alias. Safe beside another
    transaction that makes the same tag: the unique folded form decides. Cost: one query, one more if not all are names
    of today, and two for each new tag.
    """
    wanted = {key(name): one_line(name) for name in names if key(name)}
    found = known(wanted)
    for folded, name in wanted.items():
        if folded not in found:
            found[folded], _ = Tag.objects.get_or_create(folded=folded, defaults={"name": name})
    return list({found[folded].pk: found[folded] for folded in wanted}.values())


def current(names: Iterable[str]) -> list[str]:
    """The names as their tags are called today, each once; those that are no tags yet as they are. Queries as `known()`."""
    wanted = {key(name): one_line(name) for name in names if key(name)}
    found = known(wanted) if wanted else {}
    return list({key(shown): shown for folded, name in wanted.items() for shown in [str(found.get(folded, name))]}.values())
