"""What to read next: for each article those that are close to it, found once at publication and kept for both sides.

Closeness is the sum of two parts. Each shared tag counts by its rarity (one that half of the articles have says little, one
that two have much), and the words of title and summary count by how well the other article matches them in the search
index, against how well the article matches them itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, QuerySet
from django_tasks import task

from articles.models import Article, Relation, TaggedArticle, Word
from articles.search import index, shelf
from articles.search.index import Spelling, Wanted
from articles.search.words import tokens
from site_config import pages
from site_config.jobs import LATER
from site_config.jobs.backend import enqueue_once
from site_config.lib.addresses import path_to
from site_config.lib.prepared import Prepared

SHOWN = 4
KEPT = 12
"""Rows of one article: some are not for readers, or not yet."""
CANDIDATES = 48
LEAST = 0.12
"""What is less close than this is not related."""
LEAST_WEIGHT = 0.02
"""A tag that nearly all articles have is not looked at."""
WORDS = 16
"""The rarest words of title and summary are looked for."""
COMMON = 0.15
"""Not those that more than so many of the articles have, unless that is less than COMMON_AT_LEAST."""
COMMON_AT_LEAST = 3
COMMON_AT_MOST = 200
"""However many articles there are: what matches is read, so this bounds the cost."""
TEXT = 1.2
"""What the same words as the article's own would count, in rare tags."""
BATCH = 200


class Near(NamedTuple):
    """An article as the list at the end of another names it."""

    id: int
    title: str
    address: str
    language: str
    published_at: datetime
    minutes: int


class Found(NamedTuple):
    """What a page shows, and when the next of those that are scheduled joins them."""

    near: list[Near]
    changes_at: datetime | None


NAMED = ("title", "slug", "language", "published_at", "words", "kind", "visibility", "withdrawn_at")
rows_of = Prepared(
    lambda pk: (
        Relation.objects.filter(article=pk)
        .order_by("-score", F("other__published_at").desc(), "-other")
        .values_list("other", *(f"other__{name}" for name in NAMED))
    )
)


def near(article: Article) -> Found:
    """Those to name on the page of an article, the closest first. One query, none for a plain page."""
    if article.kind != Article.Kind.ARTICLE or not article.pk:
        return Found([], None)
    shown, coming = [], []
    for pk, *values in rows_of(article.pk):
        other = Article(pk=pk, **dict(zip(NAMED, values, strict=True)))
        if other.is_listed:
            shown.append(
                Near(pk, other.title, path_to("article", other.slug), other.language, other.published_at, other.minutes)
            )
        elif other.state == "scheduled":
            coming.append(other.published_at)
    return Found(shown[:SHOWN], min(coming, default=None))


# --- how close -------------------------------------------------------------------------------------------------


def candidates() -> QuerySet[Article]:
    """What lists name or will."""
    found = Article.objects.filter(kind=Article.Kind.ARTICLE, visibility=Article.Visibility.PUBLIC, withdrawn_at=None)
    return found.exclude(published_at=None)


class Rarity(NamedTuple):
    """How many articles there are, and how many have each tag."""

    articles: int
    by_tag: dict[int, int]

    def of(self, tag: int) -> float:
        """From 0, for a tag that all have, to 1."""
        return max(0.0, math.log((self.articles + 1) / max(1, self.by_tag.get(tag, 1))) / math.log(self.articles + 1))


def rarity(tags: Iterable[int] | None = None) -> Rarity:
    """Two queries. `None`: of all tags."""
    rows = TaggedArticle.objects.filter(content_object__in=candidates().values("pk"))
    if tags is not None:
        rows = rows.filter(tag__in=tags)
    return Rarity(candidates().count(), dict(rows.values_list("tag").annotate(Count("pk"))))


def closest(article: Article, known: Rarity | None = None) -> dict[int, float]:
    """The score of each article that is close to this one, at most CANDIDATES. Four queries, and two for the rarity."""
    tags = list(TaggedArticle.objects.filter(content_object=article.pk).values_list("tag", flat=True))
    known = known or rarity(tags)
    scores: Counter[int] = Counter(by_text(article, known.articles))
    for tag in tags:
        if (weight := known.of(tag)) >= LEAST_WEIGHT:
            for pk in newest_with(tag):
                scores[pk] += weight
    del scores[article.pk]
    return {pk: score for pk, value in scores.most_common(CANDIDATES) if (score := round(value, 2)) >= LEAST}


def newest_with(tag: int) -> QuerySet:
    """Of a tag that very many have, the newest are enough: it counts for little."""
    rows = candidates().filter(tagged__tag=tag)
    return rows.order_by("-published_at").values_list("pk", flat=True)[: CANDIDATES * 10]


def by_text(article: Article, count: int) -> dict[int, float]:
    """How well others match the rare words of this one's title and summary, from 0 to TEXT. Two queries."""
    rare = rarest(f"{article.title}\n{article.summary or article.subtitle}", count)
    rows = Article.objects.filter(kind=Article.Kind.ARTICLE, withdrawn_at=None).exclude(published_at=None)
    asked = Wanted((tuple(Spelling((token,)) for token in rare),)) if rare else Wanted(())
    hits = {hit.id: hit.score for hit in index.match(shelf.ARTICLES, rows, asked, most=CANDIDATES * 2)}
    own = hits.get(article.pk) or max(hits.values(), default=0)
    listed = set(candidates().filter(pk__in=hits).values_list("pk", flat=True))
    return {pk: TEXT * min(1.0, score / own) for pk, score in hits.items() if pk in listed and own > 0}


def rarest(text: str, count: int) -> list[str]:
    """The tokens of a text that other articles have too, but not most of them. One query."""
    found = set(tokens(text))
    seen: Counter[str] = Counter()
    for token, times in Word.objects.filter(token__in=found).values_list("token", "seen"):
        seen[token] += times
    most = min(max(COMMON_AT_LEAST, COMMON * count), COMMON_AT_MOST)
    return sorted((token for token in found if 1 < seen[token] <= most), key=lambda token: (seen[token], token))[:WORDS]


# --- keeping it ------------------------------------------------------------------------------------------------


def relate_soon(*articles: int) -> None:
    """Has these articles related anew: they are published, or otherwise not what they were. Inside the verb's transaction."""
    if len(articles) == 1:
        enqueue_once(relate, list(articles), key=str(articles[0]))
    elif articles:
        relate.enqueue(list(articles))


@task(priority=LATER)
def relate(articles: list[int]) -> None:
    """Finds what is close to each, and keeps it for both sides. Repeatable."""
    for article in Article.objects.filter(pk__in=articles).summaries().order_by("pk"):
        relate_one(article)


def relate_one(article: Article) -> None:
    """About ten queries, whatever the number of articles. Pages of which the list is another now are drawn anew."""
    is_public = article.kind == Article.Kind.ARTICLE and article.published_at and not article.withdrawn_at
    scores = closest(article) if is_public else {}
    mutual = scores if is_public and article.visibility == Article.Visibility.PUBLIC else {}
    with pages.changing() as change:
        concerned = {article.pk, *mutual, *Relation.objects.filter(other=article.pk).values_list("article", flat=True)}
        before = kept_of(concerned)
        after = {pk: best({**before[pk], article.pk: mutual.get(pk, 0.0)}) for pk in concerned - {article.pk}}
        after[article.pk] = best(scores)
        change.mark(*write(before, after))


def best(scores: dict[int, float]) -> dict[int, float]:
    kept = sorted(((score, pk) for pk, score in scores.items() if score > 0), reverse=True)[:KEPT]
    return {pk: score for score, pk in kept}


def kept_of(articles: Iterable[int]) -> dict[int, dict[int, float]]:
    """The rows of these articles. One query."""
    found: dict[int, dict[int, float]] = {pk: {} for pk in articles}
    for pk, other, score in Relation.objects.filter(article__in=found).values_list("article", "other", "score"):
        found[pk][other] = score
    return found


def write(before: dict[int, dict[int, float]], after: dict[int, dict[int, float]]) -> list[str]:
    """Makes the rows so; the subjects of the articles of which the list is another now, or in another order.

    A query for each that lost one, and one for all that is new.
    """
    changed = sorted(pk for pk in after if before[pk] != after[pk])
    for pk in changed:
        if gone := before[pk].keys() - after[pk].keys():
            Relation.objects.filter(article=pk, other__in=gone).delete()
    rows = [
        Relation(article_id=pk, other_id=other, score=score)
        for pk in changed
        for other, score in after[pk].items()
        if before[pk].get(other) != score
    ]
    told = {"update_conflicts": True, "unique_fields": ["article", "other"], "update_fields": ["score"]}
    Relation.objects.bulk_create(rows, batch_size=BATCH, **told)
    return [f"article:{pk}" for pk in changed if list(best(before[pk])) != list(after[pk])]


def relate_all(say: Callable[[int], object] = lambda count: None) -> int:
    """Finds anew what is close to each article; how many were looked at. Some 20 ms for each; the site may run meanwhile."""
    known = rarity()
    ids = list(candidates().order_by("pk").values_list("pk", flat=True))
    unlisted = Article.objects.filter(kind=Article.Kind.ARTICLE).exclude(pk__in=candidates().values("pk"))
    with pages.changing():  # no page shows them
        Relation.objects.filter(other__in=unlisted.values("pk")).delete()
    for at in range(0, len(ids), BATCH):
        batch = Article.objects.filter(pk__in=ids[at : at + BATCH]).summaries().order_by("pk")
        after = {article.pk: best(closest(article, known)) for article in batch}
        with pages.changing() as change:
            change.mark(*write(kept_of(after), after))
        say(at + len(after))
    return len(ids)


@task(priority=LATER)
def relate_everything() -> None:
    relate_all()
