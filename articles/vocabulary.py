"""What the desk does to tags: naming them anew, merging, describing, deleting. Each verb is one transaction.

An old name goes on meaning the tag (see `articles.tagging`), and an old address leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q

from articles import related
from articles.models import Article, Redirect, Tag, TagAlias
from articles.search.rebuilding import put_again
from articles.tagging import LONGEST, key, known
from site_config import pages
from site_config.audit.log import record
from site_config.lib.text import one_line, strip_controls

PERMISSION = "articles.change_tag"


class BadTag(ValueError):
    """The verb cannot be done to this tag; the text says why, and what to do."""


class Taken(BadTag):
    """The name is, or once was, that of the tag `other`."""

    def __init__(self, name: str, other: Tag) -> None:
        is_todays = other.folded == key(name)
        super().__init__(
            f"“{other}” is a tag already. Choose another name, or merge this tag into it."
            if is_todays
            else f"“{name}” is a former name of the tag “{other}”. Merge this tag into it, or drop the former name there first."
        )
        self.other = other


def rename(tag: Tag, name: str, *, by) -> Tag:
    """Gives the tag another name and the address that follows from it. Raises PermissionDenied, BadTag, Taken."""
    allow(by)
    name = one_line(name)
    with pages.changing("lists") as change:
        tag = lock(tag)
        if name == tag.name:
            return tag
        refuse_name(tag, name)
        before, folded, path = tag.name, tag.folded, tag.get_absolute_url()
        tag.name, tag.slug = name, free_slug(tag, name)
        tag.save()
        tag.aliases.filter(folded=tag.folded).delete()
        if tag.folded != folded:
            TagAlias.objects.create(folded=folded, tag=tag)
        Redirect.objects.moved(path, tag=tag)
        record("renamed", tag, by=by, before=before)
        put_again.enqueue(articles_with(tag))
        change.mark(*pages_with(tag))
    return tag


def merge(tag: Tag, into: Tag, *, by) -> Tag:
    """Puts `into` in the place of `tag` everywhere and ends `tag`. Raises PermissionDenied, BadTag."""
    allow(by)
    if tag.pk == into.pk:
        raise BadTag(f"“{tag}” cannot be merged into itself. Choose another tag.")
    with pages.changing("lists") as change:
        both = {one.pk: lock(one) for one in sorted((tag, into), key=lambda one: one.pk)}
        tag, into = both[tag.pk], both[into.pk]
        change.mark(*pages_with(tag))
        put_again.enqueue(articles_with(tag))
        related.relate_soon(*articles_with(tag))
        record("merged", into, by=by, merged=tag.name, articles=tag.items.count())
        hand_over(tag, into)
        tag.delete()
        TagAlias.objects.create(folded=tag.folded, tag=into)
        Redirect.objects.moved(tag.get_absolute_url(), tag=into)
    return into


def describe(tag: Tag, text: str, *, by) -> Tag:
    """Sets what the tag's page says about it. Raises PermissionDenied."""
    allow(by)
    text = strip_controls(text).strip()
    with pages.changing("lists"):
        tag = lock(tag)
        if text != tag.description:
            tag.description = text
            tag.save(update_fields=["description"])
            record("described", tag, by=by)
    return tag


def drop(alias: TagAlias, *, by) -> None:
    """Frees a former name, so that it can be that of a new tag. Raises PermissionDenied.

    The old address leads here until a tag has it.
    """
    allow(by)
    with pages.changing():
        record("former name dropped", alias.tag, by=by, name=alias.folded)
        alias.delete()


def delete(tag: Tag, *, by) -> None:
    """Ends a tag that nothing names. Raises BadTag; who may delete, the desk decides."""
    with pages.changing("lists"):
        tag = lock(tag)
        if is_used(tag):
            raise BadTag(f"“{tag}” is in use. Take it from its articles first, or merge it into another tag.")
        record("deleted", tag, by=by)
        tag.delete()


def allow(by) -> None:
    if by is not None and not by.has_perm(PERMISSION):
        raise PermissionDenied("Changing tags needs the permission to change tags.")


def lock(tag: Tag) -> Tag:
    """The tag as the database has it now, held until the transaction ends. Raises BadTag if it is there no more."""
    found = Tag.objects.select_for_update().filter(pk=tag.pk).first()
    if found is None:
        raise BadTag(f"“{tag}” is gone: somebody merged or deleted it meanwhile. Nothing was changed.")
    return found


def refuse_name(tag: Tag, name: str) -> None:
    """Raises BadTag or Taken for a name that this tag cannot have. Two queries at most."""
    if not key(name):
        raise BadTag("Write a name with at least one letter or digit: its address is made of them.")
    if len(name) > LONGEST:
        raise BadTag(f"Shorten the name: it has {len(name)} characters, and {LONGEST} is the most.")
    if "," in name or ";" in name:
        raise BadTag("Leave out commas and semicolons: they stand between tags.")
    other = known([key(name)]).get(key(name))
    if other and other.pk != tag.pk:
        raise Taken(name, other)


def free_slug(tag: Tag, name: str) -> str:
    """The slug of a name, with a number behind it if another tag has it. One query."""
    taken = set(Tag.objects.exclude(pk=tag.pk).filter(slug__startswith=tag.slugify(name)).values_list("slug", flat=True))
    slug, number = tag.slugify(name), 0
    while slug in taken:
        number += 1
        slug = tag.slugify(name, number)
    return slug


def hand_over(tag: Tag, into: Tag) -> None:
    """What is tagged with both ends with one. An article keeps the order of its tags."""
    tag.items.filter(content_object__in=Article.objects.filter(tagged__tag=into)).delete()
    tag.items.update(tag=into)
    tag.redirects.update(tag=into)
    tag.aliases.update(tag=into)
    if tag.description and not into.description:
        into.description = tag.description
        into.save(update_fields=["description"])


def pages_with(tag: Tag) -> list[str]:
    """The subjects of the articles that show the tag."""
    return [f"article:{pk}" for pk in articles_with(tag)]


def articles_with(tag: Tag) -> list[int]:
    return list(tag.items.values_list("content_object", flat=True))


def is_used(tag: Tag) -> bool:
    return tag.items.exists() or any(working_copies(tag))


def working_copies(tag: Tag) -> Iterator[Article]:
    """Articles whose newest version names the tag, as it is called or was once, and is not what was published.

    Reads the newest version of each article that is ahead of what was published.
    """
    names = {tag.folded, *tag.aliases.values_list("folded", flat=True)}
    ahead = Article.objects.exclude(newest=None).filter(Q(published=None) | ~Q(newest=F("published")))
    for article in ahead.summaries().select_related("newest").order_by("-pk").iterator(chunk_size=100):
        if any(key(name) in names for name in article.newest.data["tags"]):
            yield article
