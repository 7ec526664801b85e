"""What editors work on: saving makes a revision, and nothing that readers see moves."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles import richtext, tagging
from articles.models import Article, Image, Revision
from articles.slugs import free_slug
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
) -> Revision:
    """Keeps `data` (keys of FIELDS) as the newest revision; with `article` None a new draft begins.

    `based_on` is the id of the revision that the editor started from: if it is not the newest any more,
    StaleRevision is raised and nothing is written. None overwrites knowingly. The body is cleaned here, so
    that no way in can forget. Saving the same again makes no revision and returns the newest.
    """
    data = tidy(data)
    with pages.changing():
        article = begin(data, by=by, kind=article_kind) if article is None else lock(article)
        newest = article.newest
        if newest and based_on not in {None, newest.pk}:
            raise StaleRevision(newest)
        if newest and newest.data == data:
            return newest
        revision = Revision(article=article, author=by, kind=kind, note=note)
        revision.data = data
        revision.save()
        take_up(article, revision, data)
    return revision


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
    article.newest, article.working_title = revision, data["title"]
    article.save(update_fields=["newest", "working_title"])
    if not article.first_published_at and data["slug"] and data["slug"] != article.slug:
        Article.objects.filter(pk=article.pk).update(slug=data["slug"])


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


def begin(data: dict, *, by, kind: str) -> Article:
    slug = data["slug"] or free_slug(data["title"], Article.objects.all(), default=kind)
    return Article.objects.create(kind=kind, slug=slug, created_by=by, language=data["language"], created_at=timezone.now())


def lock(article: Article) -> Article:
    """The article as the database has it now, held until the transaction ends."""
    return Article.objects.select_for_update().select_related(None).get(pk=article.pk)


def newest_data(article: Article) -> dict:
    """What the form starts from. One query."""
    revision = article.newest
    return {**FIELDS, **revision.data, "slug": revision.data["slug"] or article.slug} if revision else dict(FIELDS)
