"""What makes an article public and takes it back. Each verb is one transaction; see the design's 'A verb'."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles import related, revisions, tagging
from articles.cards import keeping as cards
from articles.checklist import Problem, problems_of
from articles.deriving import derive, redraw_links_to
from articles.models import Article, Byline, Redirect, Revision
from articles.revisions import lock
from articles.search import shelf
from articles.slugs import free_slug
from articles.uses import note_uses
from site_config import pages
from site_config.audit.log import record
from site_config.jobs.backend import enqueue_once

PERMISSION = "articles.publish_article"
DUE = ["due", "due_at", "due_by", "due_updated", "due_trouble"]


class NotReady(Exception):
    """The newest revision cannot be published; `problems` says why, each with the field it is about."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class WrongState(Exception):
    """The verb does not fit the article's state; the text says why, for the person who asked."""


def publish(
    article: Article,
    *,
    by,
    at: datetime | None = None,
    visibility: str | None = None,
    updated: bool = False,
    version: int | None = None,
) -> Article:
    """Makes the newest revision what readers see: now, or from `at` on for an article that is not public yet.

    `updated` is the editor's word that readers should be told of an update, `version` the revision that they looked at: if
    it is not the newest any more, or is public already, nothing happens. A change that waited for its minute is dropped.
    `by` None is the site itself (imports). Raises PermissionDenied, NotReady, WrongState.
    """
    allow(by)
    now = timezone.now()
    with pages.changing("lists") as change:
        article = lock(article)
        refuse_other(article, version)
        if version and article.is_live and version == article.published_id and not updated and visibility == article.visibility:
            raise WrongState("Readers see this version already.")
        refuse_unready(article.newest, linked=by is not None)
        forget_due(article)
        article.visibility = visibility or article.visibility
        put_live(article, article.newest, by=by, at=at, now=now, updated=updated)
        change.mark(f"article:{article.pk}")
    return article


def put_live(
    article: Article, revision: Revision, *, by, now: datetime, at: datetime | None = None, updated: bool = False
) -> None:
    """Makes a revision of a locked article what readers see. Inside `changing()`, which marks the article and the lists."""
    data = {**revision.data, "comment_policy": policy_of(article, revision)}
    slug = slug_of(article, data)
    leave_redirect(article, slug)
    was_public = was_ever_public(article)
    set_dates(article, at=at, now=now, updated=updated)
    if by is not None and not was_public:
        await_readers(article)
    copy(article, revision, slug)
    article.comment_policy = data["comment_policy"]
    article.save()
    spread(article, data)
    shelf.put(article)
    follow(article)
    is_planned = article.published_at > now
    planned = {"at": article.published_at.isoformat()} if is_planned else {}
    record("scheduled" if is_planned else "published", article, by=by, revision=revision.pk, **planned)


def policy_of(article: Article, revision: Revision) -> str:
    """A change that waited gives way to what was decided for readers at once meanwhile, unless it changes the policy itself."""
    if revision.pk == article.newest_id or article.published is None:
        return revision.data["comment_policy"]
    was, asked = article.published.data["comment_policy"], revision.data["comment_policy"]
    return asked if asked != was else article.comment_policy


def is_only_planned(article: Article) -> bool:
    """Whether it is scheduled and no reader ever saw it: to withdraw it makes it a draft again."""
    return article.state == "scheduled" and not was_ever_public(article)


def withdraw(article: Article, *, by) -> Article:
    """Takes a public or scheduled article back: a public one answers 410, a scheduled one is a draft again."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        change.hide(f"article:{article.pk}", "lists")
        if is_only_planned(article):
            article.published_at = article.first_published_at = article.featured_at = None
            verb = "unscheduled"
        elif article.published_at and not article.withdrawn_at:
            article.withdrawn_at = timezone.now()
            verb = "withdrawn"
        else:
            raise WrongState(f"“{article}” is not public, so there is nothing to withdraw.")
        forget_due(article)
        shelf.forget(article)
        follow(article)
        article.changed_at = timezone.now()
        article.save(update_fields=["published_at", "first_published_at", "featured_at", "withdrawn_at", "changed_at", *DUE])
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
        shelf.put(article)
        follow(article)
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
        related.relate_soon(article.pk)
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


def refuse_unready(revision: Revision | None, *, linked: bool = True) -> None:
    """Raises NotReady where the check-list has errors; `linked` as problems_of() has it."""
    if revision is None:
        raise NotReady([Problem("title", "There is nothing to publish yet: write and save the article first.", True)])
    errors = [problem for problem in problems_of(revision.article, revision.data, linked=linked) if problem.blocks]
    if errors:
        raise NotReady(errors)


def refuse_other(article: Article, version: int | None) -> None:
    """Raises WrongState if the newest version is not the one that the editor looked at."""
    if version and version != article.newest_id:
        who = article.newest.who if article.newest else "Somebody"
        raise WrongState(f"{who} saved the article after you opened this page. Look at what changes now, and publish then.")


def forget_due(article: Article) -> None:
    article.due = article.due_at = article.due_by = None
    article.due_updated, article.due_trouble = False, ""


def copy(article: Article, revision: Revision, slug: str) -> None:
    """Puts a revision's fields and all that is derived from them into the article's columns."""
    data = revision.data
    for name in ("title", "subtitle", "summary", "language", "canonical_url", "comment_policy"):
        setattr(article, name, data[name])
    article.slug, article.image_id = slug, data["image"]
    article.body = data["body"]
    article.published = revision
    if article.newest_id in {None, revision.pk}:
        article.working_title = data["title"]
    derive(article)


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


def await_readers(article: Article) -> None:
    """Has the articles that link to this one show the link from the minute on at which readers can follow it."""
    start = article.published_at
    enqueue_once(redraw_links_to.using(run_after=start), article.pk, key=f"{article.pk} from {start:%Y-%m-%d %H:%M}")


def spread(article: Article, data: dict) -> None:
    """Tags, bylines and uses of pictures, as the revision names them."""
    article.tags.set(tagging.resolve(data["tags"]), clear=True)
    article.bylines.all().delete()
    Byline.objects.bulk_create(Byline(article=article, user_id=user, place=place) for place, user in enumerate(data["bylines"]))
    note_uses(article)


def follow(article: Article) -> None:
    """Has done what follows from a change of what readers see, and takes longer: its card, and what is close to it."""
    cards.draw_soon(article)
    related.relate_soon(article.pk)
