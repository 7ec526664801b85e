"""A change of a public article that waits for its minute: one of its versions, which takes the place of what readers see.

It comes true without anybody: the job runner looks for it twice a second, and a page that is drawn after the minute makes
it first. A conditional UPDATE decides who of them does it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from articles import publishing
from articles.models import Article
from articles.publishing import DUE, NotReady, WrongState, allow, put_live, refuse_unready
from articles.revisions import lock
from articles.uses import note_uses
from site_config import pages
from site_config.audit.log import record


def schedule_change(article: Article, *, by, at: datetime, updated: bool = False, version: int | None = None) -> Article:
    """Has the newest version take the place of what readers see at `at`; one that waited already is replaced.

    Later versions wait for nothing: they are not part of it. Raises as publishing.publish(), and WrongState for an article
    that is not public: its first publication is scheduled there.
    """
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        publishing.refuse_other(article, version)
        if not article.is_live:
            raise WrongState(f"“{article}” is not public: schedule its publication instead.")
        refuse_unready(article.newest)
        article.due, article.due_at, article.due_by = article.newest, at, by
        article.due_updated, article.due_trouble = updated, ""
        article.save(update_fields=DUE)
        note_uses(article)
        record("change scheduled", article, by=by, revision=article.due_id, at=at.isoformat())
        change.mark(f"article:{article.pk}")
    return article


def unschedule_change(article: Article, *, by) -> Article:
    """Takes a change back that waits: it stays in the history. Raises PermissionDenied, WrongState."""
    allow(by)
    with pages.changing("lists") as change:
        article = lock(article)
        if not article.due_at:
            raise WrongState(f"No change of “{article}” waits to be published.")
        publishing.forget_due(article)
        article.save(update_fields=DUE)
        note_uses(article)
        record("change unscheduled", article, by=by)
        change.mark(f"article:{article.pk}")
    return article


def make_due() -> int:
    """Makes all changes whose minute has come; how many. One query where there is none."""
    waiting = Article.objects.filter(due_at__lte=timezone.now()).order_by("due_at").values_list("pk", flat=True)
    return sum(make(pk) for pk in waiting)


def make(pk: int) -> bool:
    """Makes the change of this article, if its minute has come and nobody else makes it.

    One that cannot be made any more (its address was taken meanwhile) is said on the desk, and readers go on seeing what
    they saw.
    """
    now = timezone.now()
    with pages.changing("lists") as change:
        if not Article.objects.filter(pk=pk, due_at__lte=now).update(due_at=None):
            return False
        article = lock(Article(pk=pk))
        revision, by, updated = article.due, article.due_by, article.due_updated
        publishing.forget_due(article)
        change.mark(f"article:{pk}")
        try:
            refuse_unready(revision)
            if not article.is_live:
                raise WrongState("It was not public any more.")
        except (NotReady, WrongState) as error:
            article.due_trouble = str(error)[:500]
            article.save(update_fields=DUE)
            record("change not published", article, by=by, why=article.due_trouble)
            return False
        put_live(article, revision, by=by, now=now, updated=updated)
    return True
