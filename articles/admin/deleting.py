"""What the desk asks before a draft is deleted for good."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest

from articles import presence
from articles.models import Article
from site_config.lib.moments import in_short


def may_go(article: Article) -> bool:
    """Whether no reader has seen it, and none waits to."""
    return article.state == "draft" and not article.first_published_at


def asked(articles: Iterable[Article], request: HttpRequest) -> tuple[list, dict, set, list]:
    """(what goes, how much of each kind, permissions that lack, what stays), as stock admin has it.

    It counts, and reads no version, however many there are. Five queries per article. A deletion locks the rows, so that
    what is published at the same moment stays.
    """
    found = Article.objects.filter(pk__in=[article.pk for article in articles]).summaries()
    going, counts, staying = [], {}, []
    for article in found.select_for_update(of=("self",)) if request.method == "POST" else found:
        if may_go(article):
            going.append(str(article))
            for words, rows in parts(article).items():
                counts[words] = counts.get(words, 0) + rows.count()
        else:
            staying.append(f"“{article}” is {article.state} now")
    return going, {words: count for words, count in counts.items() if count}, set(), staying


def parts(article: Article) -> dict[str, QuerySet]:
    return {
        "versions": article.revisions.all(),
        "draft links": article.draft_links.all(),
        "notes of readers": article.notes.all(),
    }


def open_elsewhere(article: Article, user) -> list[str]:
    """Who else would lose what they write there. One query."""
    others = (other for other in presence.others(article, user=user) if not other.is_self)
    return [f"{other.name} has had it open since {in_short(other.since)}." for other in others]
