"""What editors work on: saving makes a revision, and nothing that readers see moves."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles import presence, richtext, tagging
from articles.models import Article, Image, Revision
from articles.slugs import free_slug
from articles.uses import note_uses
from site_config import pages
from site_config.lib.text import one_line, strip_controls

# What a revision holds, with the value of an empty one. `tags` are names, `bylines` ids of users, `image` an id.
FIELDS: dict[str, object] = {
    "title": "",
    "subtitle": "",
    "summary": "",
    "slug": "",
    "language": "en",
    "canonical_url": "",
    "body": "",
    "image": None,
    "tags": [],
    "bylines": [],
    "comment_policy": "open",
}


SITTING = timedelta(minutes=30)
"""Autosaves of one writer with shorter pauses between them are one sitting, and one row."""


class StaleRevision(Exception):
    """Somebody saved the article since the editor opened it; `newest` is their revision."""

    def __init__(self, newest: Revision) -> None:
        super().__init__("The article was saved by somebody else in the meantime.")
        self.newest = newest


def save(
    article: Article | None,
    data: dict,
    *,
    by,
    based_on: int | None = None,
    kind: str = Revision.Kind.DRAFT,
    article_kind: str = Article.Kind.ARTICLE,
    note: str = "",
    session: str = "",
    source_id: str | None = None,
) -> Revision:
    """Keeps `data` (keys of FIELDS) as the newest revision; with `article` None a new draft begins.

    `based_on` is the id of the revision that the editor started from: if it is not the newest any more, and the newest is
    not of the same open form (`session`), StaleRevision is raised and nothing is written. None overwrites knowingly. The
    body is cleaned here, so that no way in can forget. Saving the same again makes no revision and returns the newest.
    What follows an autosave of the same sitting takes its place.
    """
    data = tidy(data)
    with pages.changing():
        article = begin(data, by=by, kind=article_kind, source_id=source_id) if article is None else lock_lightly(article)
        newest = article.newest
        if newest and based_on not in {None, newest.pk} and not is_own(newest, session):
            raise StaleRevision(newest)
        if newest and newest.data == data and not becomes_by_hand(article, newest, kind):
            return newest
        revision = Revision(article=article, author=by, kind=kind, note=note, session=session)
        revision.data = data
        revision.save()
        take_up(article, revision, data)
        if newest and takes_the_place(article, newest, revision):
            newest.delete()
    return revision


def is_out(article: Article, revision: Revision) -> bool:
    """Whether readers see it, or will at a minute that is set."""
    return revision.pk in {article.published_id, article.due_id}


def becomes_by_hand(article: Article, newest: Revision, kind: str) -> bool:
    """Whether saving the same again says something new: an autosave that nobody sees yet is what the writer wants."""
    by_hand = newest.kind == Revision.Kind.AUTOSAVE and kind != Revision.Kind.AUTOSAVE
    return by_hand and not is_out(article, newest)


def set_aside(article: Article, data: dict, *, by) -> Revision:
    """Keeps `data` in the history without making it the newest: for who saved too late and takes the other's version."""
    revision = Revision(article=article, author=by, kind=Revision.Kind.ASIDE)
    revision.data = tidy(data)
    with pages.changing():
        revision.save()
    return revision


def is_own(newest: Revision, session: str) -> bool:
    """Whether the newest revision came from the form that now sends again: the answer to it was lost on the way."""
    return bool(session) and newest.session == session


def takes_the_place(article: Article, old: Revision, new: Revision) -> bool:
    """Whether the autosave `old` need not be kept once `new` is there: same writer, same sitting, no large part lost, and
    nobody works on it, who could want to merge."""
    same = old.kind == Revision.Kind.AUTOSAVE and old.author_id == new.author_id
    if not same or new.created_at - old.created_at > SITTING or is_out(article, old):
        return False
    if len(new.data["body"]) * 2 < len(old.data["body"]):
        return False
    return not presence.is_shown_elsewhere(old, session=new.session)


def bring_back(revision: Revision, *, by) -> tuple[Revision, list[str]]:
    """Saves what an older revision holds as the newest; which that is, and a sentence for each thing that is gone since.

    If the newest says the same already, it is given, and nothing is written.
    """
    data, lost = {**FIELDS, **revision.data}, []
    if data["image"] and not Image.objects.filter(pk=data["image"]).exists():
        data["image"] = None
        lost.append("Its lead image is not in the library any more.")
    people = set(get_user_model().objects.filter(pk__in=data["bylines"]).values_list("pk", flat=True))
    if not people.issuperset(data["bylines"]):
        data["bylines"] = [pk for pk in data["bylines"] if pk in people]
        lost.append("An author whom it names has no account any more.")
    pictures = richtext.image_ids(data["body"])
    if missing := len(pictures) - Image.objects.filter(pk__in=pictures).count():
        lost.append(f"{missing} of the pictures in its text {'is' if missing == 1 else 'are'} not in the library any more.")
    when = timezone.localtime(revision.created_at)
    note = f"brought back from {when:%Y-%m-%d %H:%M}"
    return save(revision.article, data, by=by, note=note), lost


def take_up(article: Article, revision: Revision, data: dict) -> None:
    """Makes a revision the newest. An article that nobody has seen yet takes its slug too."""
    renamed = data["title"] != article.working_title
    article.newest, article.working_title = revision, data["title"]
    article.save(update_fields=["newest", "working_title"])
    note_uses(article)
    if article.first_published_at:
        return
    slug = data["slug"]
    if not slug and renamed:
        slug = free_slug(data["title"], Article.objects.exclude(pk=article.pk), default=article.kind)
    if slug and slug != article.slug:
        Article.objects.filter(pk=article.pk).update(slug=slug)


def tidy(data: dict) -> dict:
    """A complete snapshot: missing keys filled, lines single, HTML clean, tags folded into one each."""
    whole = {**FIELDS, **data}
    for name in ("title", "subtitle", "slug", "language", "canonical_url"):
        whole[name] = one_line(str(whole[name] or ""))
    whole["summary"] = strip_controls(str(whole["summary"] or "")).strip()
    whole["body"] = richtext.clean(str(whole["body"] or ""))
    whole["tags"] = tagging.parse(",".join(whole["tags"]))
    whole["bylines"] = [int(pk) for pk in whole["bylines"]]
    return {name: whole[name] for name in FIELDS}


def begin(data: dict, *, by, kind: str, source_id: str | None = None) -> Article:
    slug = data["slug"] or free_slug(data["title"], Article.objects.all(), default=kind)
    fields = {"kind": kind, "slug": slug, "created_by": by, "language": data["language"], "source_id": source_id}
    return Article.objects.create(**fields, working_title=data["title"], created_at=timezone.now())


def lock(article: Article) -> Article:
    """The article as the database has it now, held until the transaction ends."""
    return Article.objects.select_for_update().select_related(None).get(pk=article.pk)


def lock_lightly(article: Article) -> Article:
    """The same without what readers see of it: saving needs none of that."""
    return Article.objects.summaries().select_for_update().select_related(None).get(pk=article.pk)


def newest_data(article: Article) -> dict:
    """What the form starts from; the slug of an article that was never public is empty until one is chosen. One query."""
    revision = article.newest
    if revision is None:
        return dict(FIELDS)
    known = article.slug if article.first_published_at else ""
    return {**FIELDS, **revision.data, "slug": revision.data["slug"] or known}
