"""What makes an article public and takes it back. Each verb is one transaction; see the design's 'A verb'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_tasks import task

from articles import revisions, richtext, tagging
from articles.checklist import Problem, problems_of
from articles.models import Article, Byline, Image, Redirect, Revision
from articles.revisions import lock
from articles.slugs import free_slug
from site_config import pages
from site_config.audit.log import record
from site_config.jobs.backend import enqueue_once

PERMISSION = "articles.publish_article"


class NotReady(Exception):
    """The newest revision cannot be published; `problems` says why, each with the field it is about."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class WrongState(Exception):
    """The verb does not fit the article's state; the text says why, for the person who asked."""


def publish(
    article: Article, *, by, at: datetime | None = None, visibility: str | None = None, updated: bool = False
) -> Article:
    """Makes the newest revision what readers see: now, or from `at` on for an article that is not public yet.

    `updated` is the editor's word that readers should be told of an update. `by` None is the site itself
    (imports). Raises PermissionDenied, NotReady.
    """
    allow(by)
    now = timezone.now()
    with pages.changing("lists") as change:
        article = lock(article)
        revision = article.newest
        refuse_unready(revision)
        slug = slug_of(article, revision.data)
        leave_redirect(article, slug)
        set_dates(article, at=at, now=now, updated=updated)
        copy(article, revision, slug)
        article.visibility = visibility or article.visibility
        article.save()
        spread(article, revision.data)
        record("scheduled" if article.published_at > now else "published", article, by=by, revision=revision.pk)
        change.mark(f"article:{article.pk}")
    return article


def withdraw(article: Article, *, by) -> Article:
    """Takes a public or scheduled article back: a public one answers 410, a scheduled one is a draft again."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        change.hide(f"article:{article.pk}", "lists")
        if article.state == "scheduled" and not was_ever_public(article):
            article.published_at = article.first_published_at = None
            verb = "unscheduled"
        elif article.published_at and not article.withdrawn_at:
            article.withdrawn_at = timezone.now()
            verb = "withdrawn"
        else:
            raise WrongState(f"“{article}” is not public, so there is nothing to withdraw.")
        article.changed_at = timezone.now()
        article.save(update_fields=["published_at", "first_published_at", "withdrawn_at", "changed_at"])
        record(verb, article, by=by)
    return article


def restore(article: Article, *, by) -> Article:
    """Undoes a withdrawal: what was public last is public again at its address."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        if not article.withdrawn_at:
            raise WrongState(f"“{article}” has not been withdrawn.")
        article.withdrawn_at, article.changed_at = None, timezone.now()
        article.save(update_fields=["withdrawn_at", "changed_at"])
        record("restored", article, by=by)
        change.mark(f"article:{article.pk}")
    return article


def set_visibility(article: Article, visibility: str, *, by) -> Article:
    """Lists or unlists an article; its address goes on answering."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        article.visibility, article.changed_at = Article.Visibility(visibility), timezone.now()
        article.save(update_fields=["visibility", "changed_at"])
        record("unlisted" if visibility == "unlisted" else "listed", article, by=by)
        change.mark(f"article:{article.pk}")
        if visibility == "unlisted":
            change.hide("lists")
    return article


def amend(article: Article, *, by, **changes: object) -> tuple[Revision, bool]:
    """Changes single fields of the newest revision, and of what readers see if nothing else waited to be published.

    Gives the revision, and whether it is what readers see now. Raises as publish().
    """
    allow(by)
    with pages.changing():
        article = lock(article)
        ahead = article.newest_id != article.published_id
        revision = revisions.save(article, {**revisions.newest_data(article), **changes}, by=by, note="bulk action")
        if ahead or article.withdrawn_at:
            return revision, False
        publish(article, by=by)
    return revision, True


def set_comment_policy(article: Article, policy: str, *, by) -> Article:
    """Opens, closes or hides the conversation for readers at once, whatever else waits to be published."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        amend(article, by=by, comment_policy=Article.CommentPolicy(policy))
        article.refresh_from_db()
        article.comment_policy = policy
        article.save(update_fields=["comment_policy"])
        record(f"comments {policy}", article, by=by)
        change.mark(f"article:{article.pk}")
    return article


def allow(by) -> None:
    if by is not None and not by.has_perm(PERMISSION):
        raise PermissionDenied("Publishing and withdrawing need the permission to publish.")


def was_ever_public(article: Article) -> bool:
    return bool(article.first_published_at and article.first_published_at <= timezone.now())


def refuse_unready(revision: Revision | None) -> None:
    if revision is None:
        raise NotReady([Problem("title", "There is nothing to publish yet: write and save the article first.", True)])
    errors = [problem for problem in problems_of(revision.article, revision.data) if problem.blocks]
    if errors:
        raise NotReady(errors)


def copy(article: Article, revision: Revision, slug: str) -> None:
    """Puts a revision's fields and all that is derived from them into the article's columns."""
    data = revision.data
    for name in ("title", "subtitle", "summary", "language", "canonical_url", "comment_policy"):
        setattr(article, name, data[name])
    article.slug, article.image_id = slug, data["image"]
    article.body = data["body"]
    article.working_title = data["title"]
    article.published = article.newest = revision
    derive(article)


def derive(article: Article) -> None:
    """Sets what follows from body and image: html, contents, plain text, words, lead. Three queries."""
    ids = richtext.image_ids(article.body) | ({article.image_id} if article.image_id else set())
    found = Image.objects.pictures(ids)
    linked = Article.objects.live().filter(pk__in=richtext.article_ids(article.body))
    rendered = richtext.render(
        article.body, pictures=found, links={other.pk: other.get_absolute_url() for other in linked.only("slug")}
    )
    article.html, article.contents, article.plain_text, article.words = rendered
    article.lead = lead_of(article, found.get(article.image_id)) if article.image_id else None


def lead_of(article: Article, found: richtext.Picture | None) -> dict | None:
    """What templates need of the lead image, as JSON."""
    if not found or not article.image:
        return None
    return {
        "src": found.sources[-1][0] if found.sources else found.url,
        "full": found.url,
        "small": found.sources[0][0] if found.sources else found.url,
        "srcset": ", ".join(f"{url} {width}w" for url, width in found.sources),
        "width": found.width,
        "height": found.height,
        "alt": "" if article.image.decorative else article.image.alt,
        "credit": article.image.credit,
    }


def set_dates(article: Article, *, at: datetime | None, now: datetime, updated: bool) -> None:
    """A public article keeps its date; one that was public and withdrawn gets it back; any other starts `at` or now."""
    if article.is_live:
        article.revised_at = now if updated else article.revised_at
    else:
        article.published_at = at or (article.published_at if was_ever_public(article) else now)
        article.withdrawn_at = None
    if not was_ever_public(article):
        article.first_published_at = article.published_at
    article.changed_at = now


def slug_of(article: Article, data: dict) -> str:
    """The slug that publishing `data` gives: an emptied one stays what readers know, or is made from the title."""
    if data["slug"] or was_ever_public(article):
        return data["slug"] or article.slug
    return free_slug(data["title"], Article.objects.exclude(pk=article.pk), default=article.kind)


def leave_redirect(article: Article, slug: str) -> None:
    """Lets the old address of a public article lead to its new one."""
    Redirect.objects.filter(path=f"/{slug}/", article=article).delete()
    if was_ever_public(article) and slug != article.slug:
        Redirect.objects.update_or_create(path=article.get_absolute_url(), defaults={"article": article})
        enqueue_once(redraw_links_to, article.pk, key=str(article.pk))


def spread(article: Article, data: dict) -> None:
    """Tags and bylines, as the revision names them."""
    article.tags.set(tagging.resolve(data["tags"]))
    article.bylines.all().delete()
    Byline.objects.bulk_create(Byline(article=article, user_id=user, place=place) for place, user in enumerate(data["bylines"]))


def redraw(articles: Iterable[Article]) -> int:
    """Derives these articles anew, after a rendition or a linked address moved; how many there were."""
    count = 0
    for article in articles:
        with pages.changing(f"article:{article.pk}", "lists"):
            article = lock(article)
            derive(article)
            article.save(update_fields=["html", "contents", "plain_text", "words", "lead"])
        count += 1
    return count


@task
def redraw_links_to(article_id: int) -> None:
    """Has the articles that link to this one show its new address."""
    redraw(Article.objects.filter(body__contains=f'data-article="{article_id}"'))
