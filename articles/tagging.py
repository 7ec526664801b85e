"""Tags by name. One function makes them, and only publication calls it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify

from articles.models import Tag
from site_config.lib.text import fold, one_line

LONGEST = 60


def parse(text: str) -> list[str]:
    """The names in a comma-separated text: each once by its folded form, first spelling kept, order kept."""
    names: dict[str, str] = {}
    for part in text.replace(";", ",").split(","):
        if key(part):
            names.setdefault(key(part), one_line(part))
    return list(names.values())


def key(name: str) -> str:
    """The folded form of a name, by which it is known; '' for one without letters or digits: it could have no address."""
    return fold(one_line(name)) if slugify(name, allow_unicode=True) else ""


def resolve(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they are missing. Call inside `pages.changing()`.

    An existing tag keeps its own spelling. Safe beside another transaction that makes the same tag: the unique
    folded form decides. Cost: one query, and two for each new tag.
    """
    wanted = {key(name): one_line(name) for name in names if key(name)}
    found = {tag.folded: tag for tag in Tag.objects.filter(folded__in=wanted)}
    for folded, name in wanted.items():
        if folded not in found:
            found[folded], _ = Tag.objects.get_or_create(folded=folded, defaults={"name": name})
    return [found[folded] for folded in wanted]
