"""The article in the large place of the front page: the one that an editor chose last, else the newest."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from articles.listing import SIZE, Listing
from articles.models import Article
from articles.publishing import WrongState, allow, lock
from site_config import pages
from site_config.audit.log import record

MOST = 10
"""Chosen articles that are looked at: one, and those that were scheduled when they were chosen."""


def feature(article: Article, *, by) -> Article:
    """Puts a listed article into the large place, a scheduled one from its minute on. Raises PermissionDenied, WrongState."""
    allow(by)
    with pages.changing("lists"):
        article = lock(article)
        refuse_unlisted(article)
        if article.state != "scheduled":
            Article.objects.listed().order_by().exclude(featured_at=None).update(featured_at=None)
        article.featured_at = timezone.now()
        article.save(update_fields=["featured_at"])
        record("featured", article, by=by)
    return article


def unfeature(article: Article, *, by) -> Article:
    """Takes an article out of the large place, or lets a scheduled one not come into it. Raises as feature()."""
    allow(by)
    with pages.changing("lists"):
        article = lock(article)
        if article.featured_at is None:
            raise WrongState(f"“{article}” is not featured.")
        article.featured_at = None
        article.save(update_fields=["featured_at"])
        record("unfeatured", article, by=by)
    return article


def refuse_unlisted(article: Article) -> None:
    if article.kind != Article.Kind.ARTICLE:
        raise WrongState(f"“{article}” is a plain page, and the front page shows articles.")
    if article.visibility != Article.Visibility.PUBLIC:
        raise WrongState(f"“{article}” is unlisted: list it first, then it can be on the front page.")
    if article.state not in {"live", "scheduled"}:
        raise WrongState(f"“{article}” is not public. Publish or schedule it first.")


def front_page() -> tuple[Article | None, Listing]:
    """The article in the large place, and the newest others as `listing()` gives them. One query."""
    listed = Article.objects.listed()
    newest = Article.objects.filter(pk__in=listed.values("pk")[: SIZE + 1]).summaries()
    chosen = Article.objects.filter(pk__in=listed.exclude(featured_at=None).order_by("-featured_at").values("pk")[:MOST])
    found = {article.pk: article for article in newest.union(chosen.summaries(), all=True)}
    ranked = sorted(found.values(), key=lambda article: (article.published_at, article.pk), reverse=True)
    latest = ranked[:SIZE]
    marked = [article for article in ranked if article.featured_at]
    featured = max(marked, key=since) if marked else next(iter(latest), None)
    others = [article for article in latest if article != featured]
    return featured, Listing(others, latest[-1].pk if len(ranked) > SIZE else None, True)


def since(article: Article) -> datetime:
    """From when on a chosen article is in the large place: from its minute, if it was scheduled when it was chosen."""
    return max(article.featured_at, article.published_at)
