"""The index of articles: what is written when one is published, and what is found in it."""

from __future__ import annotations

import math
from datetime import datetime, time
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.models import Article, Byline, Tag, TaggedArticle
from articles.search import index, spelling
from articles.search.excerpts import Piece, excerpt, marked
from articles.search.index import Hit, Index, Spelling, Wanted
from articles.search.matching import matched
from articles.search.query import Query
from articles.tagging import key

ARTICLES = Index("articles_search", ("title", "tags", "headings", "body"), (10.0, 6.0, 4.0, 1.0))
SIZE = 10
NEW = 0.15
"""How much a new article gains over an old one that matches as well; half of it after HALF_LIFE days."""
HALF_LIFE = 365


class Result(NamedTuple):
    article: Article
    title: tuple[Piece, ...]
    words: tuple[Piece, ...]


class Results(NamedTuple):
    """`meant` is what a misspelt query was taken for, `some`: no article has all of the words, these have some."""

    results: list[Result]
    total: int
    more: int | None
    """The place of the next page's first."""
    meant: str = ""
    some: bool = False


def put(article: Article) -> None:
    """Writes what is to be found in a published article. In the verb's transaction, after its tags."""
    texts = {
        "title": article.title,
        "tags": "\n".join(article.tags.values_list("name", flat=True)),
        "headings": "\n".join([article.subtitle, article.summary, *headings(article.contents)]),
        "body": article.plain_text,
    }
    index.put(ARTICLES, article.pk, texts)
    spelling.learn("\n".join(texts.values()))


def forget(article: Article) -> None:
    index.forget(ARTICLES, article.pk)


def headings(contents: list[dict]) -> list[str]:
    return [text for entry in contents for text in (entry["text"], *headings(entry["inner"]))]


def find(query: Query, *, start: int = 0, size: int = SIZE) -> Results:
    """A page of what matches, best first, from `start` on. Three queries where all words are known and found."""
    rows = narrowed(query)
    if not query.must:
        return latest(rows, query, start, size)
    found = matched(ARTICLES, rows, query)
    hits = ranked(found.hits)
    page = hits[start : start + size]
    more = start + size if len(hits) > start + size else None
    return Results(drawn(page, found.wanted), len(hits), more, found.meant, found.some)


def ranked(hits: list[Hit]) -> list[Hit]:
    """A new article comes before an old one that matches about as well."""
    dates = dict(Article.objects.filter(pk__in=[hit.id for hit in hits]).values_list("pk", "published_at"))
    now = timezone.now()

    def score(hit: Hit) -> float:
        days = max(0.0, (now - dates[hit.id]).total_seconds() / 86400)
        return hit.score * (1 + NEW * math.exp2(-days / HALF_LIFE))

    return sorted((hit for hit in hits if hit.id in dates), key=score, reverse=True)


def narrowed(query: Query) -> QuerySet:
    """The listed articles of these tags, authors and days."""
    rows = of_days(tagged(Article.objects.listed().order_by(), query), query, "published_at")
    for name in query.authors:
        rows = rows.filter(pk__in=written_by(name))
    for name in query.no_authors:
        rows = rows.exclude(pk__in=written_by(name))
    return rows


def written_by(name: str) -> QuerySet:
    """The ids of an author's articles, who goes by this name, account or slug."""
    by_name = Q(user__display_name__iexact=name) | Q(user__username__iexact=name) | Q(user__slug__iexact=name)
    return Byline.objects.filter(by_name).order_by().values("article")


def tagged(articles: QuerySet, query: Query) -> QuerySet:
    """Those with all of the query's tags and none of those that it leaves out."""
    for name in query.tags:
        articles = articles.filter(pk__in=about(name))
    for name in query.no_tags:
        articles = articles.exclude(pk__in=about(name))
    return articles


def about(name: str) -> QuerySet:
    """The ids of the articles of a tag, by its name of today or before, or by its slug."""
    tags = Tag.objects.filter(Q(folded=key(name)) | Q(slug=name.lower()) | Q(aliases__folded=key(name)))
    return TaggedArticle.objects.filter(tag__in=tags.values("pk")).values("content_object")


def of_days(rows: QuerySet, query: Query, moment: str) -> QuerySet:
    """Those whose column `moment` lies within the query's days, by the site's own calendar."""
    zone = timezone.get_current_timezone()
    if query.since:
        rows = rows.filter(**{f"{moment}__gte": datetime.combine(query.since, time.min, zone)})
    if query.until:
        rows = rows.filter(**{f"{moment}__lte": datetime.combine(query.until, time.max, zone)})
    return rows


def latest(rows: QuerySet, query: Query, start: int, size: int) -> Results:
    """For filters without words: the newest first."""
    if query.is_empty:
        return Results([], 0, None)
    found = list(rows.order_by("-published_at", "-pk").values_list("pk", flat=True)[: index.MOST])
    page = [Hit(pk, 0.0) for pk in found[start : start + size]]
    return Results(drawn(page, query.wanted), len(found), start + size if len(found) > start + size else None)


def drawn(hits: list[Hit], wanted: frozenset[str]) -> list[Result]:
    """The results as a page shows them. One query."""
    articles = Article.objects.defer("body", "html", "contents").in_bulk([hit.id for hit in hits])
    found = [articles[hit.id] for hit in hits if hit.id in articles]
    return [Result(article, marked(article.title, wanted), words_of(article, wanted)) for article in found]


def words_of(article: Article, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """Where the text has the words, else its summary."""
    pieces = excerpt(article.plain_text, wanted)
    if article.summary and not any(piece.is_match for piece in pieces):
        return marked(article.summary, wanted)
    return pieces


def begun(query: Query, most: int) -> list[Article]:
    """Articles that match what is being typed: its last word may go on. Four queries at most."""
    if not query.must:
        return []
    *whole, last = query.must
    ends = () if last.is_phrase or len(last.tokens) > 1 else tuple(Spelling((token,)) for token in spelling.endings(last.text))
    spellings = (Spelling(last.tokens, begins=not last.is_phrase), *ends)
    wanted = Wanted((*((Spelling(term.tokens),) for term in whole), tuple(dict.fromkeys(spellings))))
    hits = index.match(ARTICLES, narrowed(query), wanted, most=most)
    articles = Article.objects.only("title", "slug").in_bulk([hit.id for hit in hits])
    return [articles[hit.id] for hit in hits if hit.id in articles]
