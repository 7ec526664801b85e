"""Drafts for readers outside: links to the newest version that need no account, and the notes that their readers leave."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from articles.models import Article, DraftLink, Image, Note, Revision
from articles.publishing import copy
from site_config import pages
from site_config.audit.log import record
from site_config.lib.addresses import absolute, path_to
from site_config.lib.text import one_line, strip_controls

DAYS = (3, 14, 60)
MOST_NOTES = 200
SIGNER = Signer(sep=".", salt="articles.draft")


class TooManyNotes(Exception):
    """A link has as many notes as it may have; the text says so to its reader."""


def make_link(article: Article, *, by, reader: str = "", days: int = DAYS[1], takes_notes: bool = True) -> DraftLink:
    """A new link, good for so many days. Who may change the article may make one: the caller sees to that."""
    with pages.changing():
        link = DraftLink.objects.create(
            article=article,
            reader=one_line(reader)[:100],
            takes_notes=takes_notes,
            created_by=by,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record("draft link made", article, by=by, reader=link.reader, until=link.expires_at.isoformat())
    return link


def revoke(link: DraftLink, *, by) -> None:
    """Ends a link at once; its notes stay."""
    with pages.changing():
        if DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record("draft link revoked", link.article, by=by, reader=link.reader)


def address(link: DraftLink) -> str:
    """The absolute address, which says which link it is and proves that this site made it."""
    return absolute(path_to("draft", SIGNER.sign(str(link.pk))))


def link_of(token: str) -> DraftLink | None:
    """The link that a token names, open or not; None for one that this site did not make, or whose article is gone."""
    try:
        number = int(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return DraftLink.objects.select_related("article").filter(pk=number).first()


def version_for_readers(article: Article) -> Revision | None:
    """What somebody saved by hand last; where nobody has, the newest autosave: half a sentence is for the desk alone."""
    kinds = {Revision.Kind.AUTOSAVE, Revision.Kind.ASIDE}
    by_hand = Revision.objects.filter(article=article, pk__lte=article.newest_id or 0).exclude(kind__in=kinds)
    return by_hand.order_by("-pk").first() or article.newest


def as_published(article: Article, data: dict) -> Article:
    """A copy of the article, in memory, as publishing `data` (see revisions.FIELDS) would make it."""
    draft = Article(pk=article.pk, kind=article.kind, slug=article.slug or "preview")
    draft.published_at = article.published_at or timezone.now()
    for name in ("revised_at", "comment_count", "correction_count", "series_id"):
        setattr(draft, name, getattr(article, name))
    revision = Revision(article=draft)
    revision.data = {**data, "slug": data["slug"] or draft.slug}
    draft.image = Image.objects.filter(pk=data["image"]).first()
    copy(draft, revision, revision.data["slug"])
    return draft


def leave_note(link: DraftLink, *, text: str, name: str = "", quote: dict | None = None, version: int | None = None) -> Note:
    """A note on a passage (`quote` has exact, prefix, suffix) or on the whole. Raises PermissionDenied, TooManyNotes."""
    if not (link.is_open and link.takes_notes):
        raise PermissionDenied("This link takes no notes.")
    with pages.changing():
        DraftLink.objects.select_for_update().get(pk=link.pk)
        if link.notes.count() >= MOST_NOTES:
            raise TooManyNotes(
                f"There are {MOST_NOTES} notes on this draft, and it takes no more. Write to who sent you the link."
            )
        parts = {key: strip_controls((quote or {}).get(key, "")) for key in ("exact", "prefix", "suffix")}
        revision = Revision.objects.filter(article=link.article, pk=version or 0).first()
        words = {"text": strip_controls(text).strip(), "name": one_line(name)}
        return Note.objects.create(article=link.article, link=link, revision=revision, **words, **parts)


def settle_note(note: Note, *, by, answer: str = "", is_closed: bool | None = None) -> Note:
    """Answers a note, closes it or opens it again; its reader sees the answer. An empty answer leaves the old one."""
    with pages.changing():
        note = Note.objects.select_for_update().get(pk=note.pk)
        if answer.strip():
            note.answer, note.answered_by = strip_controls(answer).strip(), by
        if is_closed is not None:
            note.closed_at = (note.closed_at or timezone.now()) if is_closed else None
        note.save(update_fields=["answer", "answered_by", "closed_at"])
    return note
