"""Puts records into the database through the same verbs that editors use. Running it again changes nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth import get_user_model
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from articles import corrections, images, publishing, revisions
from articles.checklist import address
from articles.models import Article, Image, Revision
from articles.porting.records import ArticleRecord, BadRecord, PictureRecord
from articles.richtext import BodyTooLong
from articles.slugs import LONGEST, free_slug
from site_config import pages
from site_config.lib.safe_html import TooDeep
from site_config.lib.text import fold


class TakenId(ValueError):
    """Another article has the id by which feed readers shall know this one."""


@dataclass
class Report:
    """What was done, a line for each record."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def load(records: Iterable[ArticleRecord | BadRecord], *, by=None, dry_run: bool = False) -> Report:
    """Makes or updates an article for each record, known by its `source_id`; a broken record stops none of the others.

    Published at its date, or left a draft; what an editor has withdrawn stays so. With `dry_run` nothing is written.
    """
    report = Report()
    for record in records:
        if isinstance(record, BadRecord):
            report.refused.append(str(record))
            continue
        known = Article.objects.filter(source_id=record.source_id).only("pk", "source_digest").first()
        if known and known.source_digest == record.digest:
            report.same.append(record.source_id)
            continue
        lines = report.changed if known else report.made
        try:
            if not dry_run:
                load_one(record, known, by=by)
            lines.append(record.source_id)
        except (images.BadImage, BodyTooLong, TooDeep, publishing.NotReady, TakenId) as error:
            report.refused.append(f"{record.source_id.partition(':')[2]}: {error}")
    return report


def load_one(record: ArticleRecord, known: Article | None, *, by) -> Article:
    """One record in one transaction."""
    with pages.changing("lists"):
        refuse_taken_id(record, known)
        slug = known.slug if known else fit_slug(record)
        data = data_of(record, slug, by=by)
        article = Article.objects.get(pk=known.pk) if known else None
        kind = Revision.Kind.IMPORT
        revision = revisions.save(article, data, by=by, kind=kind, article_kind=record.kind, note=record.source_id)
        article = Article.objects.get(pk=revision.article_id)
        if not record.draft and not article.withdrawn_at:
            article = publishing.publish(article, by=None, at=record.date or timezone.now())
        if record.corrections and article.is_live:
            corrections.put(article, [(found.date, found.text) for found in record.corrections])
        ids = {"feed_id": record.feed_id} if record.feed_id else {}
        Article.objects.filter(pk=article.pk).update(source_id=record.source_id, source_digest=record.digest, **ids)
    return article


def refuse_taken_id(record: ArticleRecord, known: Article | None) -> None:
    """Raises TakenId: two entries with one id are one to a feed reader."""
    if not record.feed_id:
        return
    others = Article.objects.exclude(pk=known.pk if known else None)
    for title in others.filter(feed_id=record.feed_id).values_list("title", flat=True):
        raise TakenId(f"feed_id {record.feed_id!r} is that of “{title}” already. Each article needs its own.")


def fit_slug(record: ArticleRecord) -> str:
    """The record's slug if it is free and may be used, else with the first number behind it that makes it so."""
    wanted = free_slug(record.slug or record.title, Article.objects.all(), default=record.kind)
    candidate, number = wanted, 1
    while next(address(Article(), {"slug": candidate}), None) is not None:
        number += 1
        candidate = f"{wanted[: LONGEST - 4]}-{number}"
    return candidate


def data_of(record: ArticleRecord, slug: str, *, by) -> dict:
    lead = picture_id(record.lead, by=by) if record.lead else None
    return {
        "title": record.title,
        "subtitle": record.subtitle,
        "summary": record.summary,
        "slug": slug,
        "language": record.language,
        "canonical_url": record.canonical_url,
        "body": with_pictures(record, by=by),
        "image": lead,
        "tags": list(record.tags),
        "bylines": [author(name).pk for name in record.bylines],
        "comment_policy": "open" if record.kind == Article.Kind.ARTICLE else "off",
    }


def with_pictures(record: ArticleRecord, *, by) -> str:
    """The body with each picture that is there named by its id in the library."""
    tree = LexborHTMLParser(f"<!doctype html><body>{record.body}")
    for image in tree.css("img[src]"):
        found = record.pictures.get(image.attributes.get("src") or "")
        if found:
            image.attrs["data-image"] = str(picture_id(found, by=by))
            if image.attributes.get("alt") == "":
                image.attrs["data-decorative"] = ""  # what an empty alternative says in HTML
    return tree.body.inner_html or "" if tree.body else ""


def picture_id(record: PictureRecord, *, by) -> int:
    """The library's image of this very file, added if it is new."""
    data = record.file.read_bytes()
    known = Image.objects.filter(original=images.name_of_original(data)).first()
    if known:
        return known.pk
    with Path(record.file).open("rb") as file:
        added = images.add(file, by=by, title=record.file.stem, alt=record.alt, credit=record.credit, decorative=not record.alt)
    return added.pk


def author(name: str):
    """The user shown under this name, made without a way to sign in if nobody is."""
    users = get_user_model().objects
    for user in users.filter(display_name__iexact=name):
        return user
    base = fold(name).replace(" ", "-")[:140] or "writer"
    username, number = base, 1
    while users.filter(username=username).exists():
        number += 1
        username = f"{base}-{number}"
    user = get_user_model()(username=username, display_name=name)
    user.set_unusable_password()
    user.save()
    return user
