"""What the desk asks before a draft is deleted for good."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from articles import presence
from articles.models import Article, DraftLink, Note, Revision
from site_config.lib.moments import in_short

PARTS = {"versions": Revision, "draft links": DraftLink, "notes of readers": Note}
"""What goes with an article, by how the page calls it."""


def may_go(article: Article) -> bool:
    """Whether no reader has seen it, and none waits to."""
    return article.state == "draft" and not article.first_published_at


def asked(articles: Iterable[Article], request: HttpRequest) -> tuple[list, dict, set, list]:
    """(what goes, how much of each kind, permissions that lack, what stays), as stock admin has it.

    It counts, and reads no version, however many there are: four queries. A deletion locks the rows, so that what is
    published at the same moment stays.
    """
    rows = Article.objects.filter(pk__in=[article.pk for article in articles]).summaries()
    found = list(rows.select_for_update(of=("self",)) if request.method == "POST" else rows)
    going = [article for article in found if may_go(article)]
    staying = [f"“{article}” is {article.state} now" for article in found if not may_go(article)]
    counts = {words: model.objects.filter(article__in=going).count() for words, model in PARTS.items()}
    return [str(article) for article in going], {words: count for words, count in counts.items() if count}, set(), staying


def open_elsewhere(article: Article, user) -> list[str]:
    """Who else would lose what they write there. One query."""
    others = (other for other in presence.others(article, user=user) if not other.is_self)
    return [f"{other.name} has had it open since {in_short(other.since)}." for other in others]
