"""Corrections: what was wrong in a public article and what is right, said to readers where they read it.

Each verb is one transaction. A correction is an update by an editor's word, so the feed's entry moves with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from articles import publishing
from articles.models import Article, Correction, Revision
from articles.publishing import WrongState, allow, lock
from articles.revisions import StaleRevision
from articles.wording import Shown, TooMuch, changed_words
from site_config import pages
from site_config.audit.log import record
from site_config.audit.models import Entry
from site_config.lib.text import is_blank, strip_controls

LONGEST = 2000


class BadCorrection(ValueError):
    """The correction cannot be made as it stands; the text says why, and what to do."""


class Versions(NamedTuple):
    """What a correction changes: from the one to the other. Both None where that is not known."""

    before: Revision | None
    after: Revision | None


def correct(article: Article, text: str, *, by, show_changes: bool = False, seen: int | None = None) -> Correction:
    """Publishes the newest version of a live article together with the sentence that says what was wrong.

    Where the newest is what readers see already, the correction is about the last change that was published. `seen` is
    the newest revision that the editor was shown. Raises PermissionDenied, BadCorrection, WrongState, NotReady,
    StaleRevision.
    """
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        if not article.is_live:
            raise WrongState(f"“{article}” is not public, so there is nothing to correct: change it and publish it.")
        if seen not in {None, article.newest_id}:
            raise StaleRevision(article.newest)
        versions = versions_of(article)
        changes = shown(versions) if show_changes else []
        correction = Correction(article=article, text=tidy(text), made_by=by, changes=changes)
        correction.before, correction.after = versions
        publishing.publish(article, by=by, updated=True)
        correction.save()
        count(article)
        record("corrected", article, by=by, correction=correction.pk)
        change.mark(f"article:{article.pk}")
    return correction


def reword(correction: Correction, text: str, *, by, show_changes: bool) -> Correction:
    """Says it in other words, or shows or hides the changed ones. Raises PermissionDenied, BadCorrection."""
    allow(by)
    with pages.changing("lists") as change:
        correction = Correction.objects.select_for_update().select_related(None).get(pk=correction.pk)
        correction.text = tidy(text)
        if show_changes != bool(correction.changes):
            correction.changes = shown(Versions(correction.before, correction.after)) if show_changes else []
        correction.save(update_fields=["text", "changes"])
        record("correction reworded", correction.article, by=by, correction=correction.pk)
        change.hide(f"article:{correction.article_id}", "lists")
    return correction


def take_back(correction: Correction, *, by) -> None:
    """Removes a correction that should not have been made; the article stays as it is. Raises PermissionDenied."""
    allow(by)
    with pages.changing() as change:
        article = lock(correction.article)
        record("correction taken back", article, by=by, correction=correction.pk)
        correction.delete()
        count(article)
        change.hide(f"article:{article.pk}", "lists")


def put(article: Article, found: Iterable[tuple[datetime, str]]) -> None:
    """Has a live article bear the corrections of a source, each known by its moment; others that it has stay.

    What readers are told of the last update is not older than the last of these.
    """
    with pages.changing() as change:
        article = lock(article)
        for made_at, text in found:
            Correction.objects.update_or_create(article=article, made_at=made_at, defaults={"text": tidy(text)})
            article.revised_at = max(made_at, article.revised_at or made_at)
        article.save(update_fields=["revised_at"])
        count(article)
        change.mark(f"article:{article.pk}", "lists")


def count(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(correction_count=article.corrections.count())


def tidy(text: str) -> str:
    text = strip_controls(text).strip()
    if is_blank(text):
        raise BadCorrection("Write what was said, and what is right.")
    if len(text) > LONGEST:
        raise BadCorrection(f"Shorten it: it has {len(text)} characters, and {LONGEST} is the most.")
    return text


def versions_of(article: Article) -> Versions:
    """Between which versions a correction made now would stand. Two queries at most, without those of the versions."""
    if article.has_unpublished_changes:
        return Versions(article.published, article.newest)
    acts = Entry.objects.filter(
        object_type=Article._meta.label_lower, object_id=str(article.pk), verb__in=["published", "scheduled"]
    )
    published = acts.values_list("details__revision", flat=True)
    earlier = next((pk for pk in published if pk not in {None, article.published_id}), None)
    before = Revision.objects.filter(article=article, pk=earlier).first() if earlier else None
    return Versions(before, article.published if before else None)


def shown(versions: Versions) -> Shown:
    """The changed words, as readers may see them; none where a version is not known. Raises BadCorrection."""
    if versions.before is None or versions.after is None:
        return []
    try:
        return changed_words(versions.before.data, versions.after.data)
    except TooMuch as error:
        raise BadCorrection(f"{error} Leave them out, and say in the sentence what changed.") from error
