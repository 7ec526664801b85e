"""What is missing before an article can go public. Errors block, warnings do not. One function, one line, one rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from articles import richtext
from articles.models import Article, Image, Redirect
from articles.slugs import SLUG, is_reserved

FIGURE_WITHOUT_ALT = re.compile(r'<img(?![^>]*data-decorative)(?![^>]*\balt="[^"]*[^"\s])[^>]*>')


class Problem(NamedTuple):
    """`field` is the form's field to jump to; `message` a sentence; `blocks` whether it must be mended first."""

    field: str
    message: str
    blocks: bool


Rule = Callable[[Article, dict], Iterator[Problem]]


def problems_of(article: Article, data: dict) -> list[Problem]:
    """All problems of a revision's data, those that block first. At most four queries."""
    found = [problem for rule in RULES for problem in rule(article, data)]
    return sorted(found, key=lambda problem: not problem.blocks)


def title(article: Article, data: dict) -> Iterator[Problem]:
    if not data["title"]:
        yield Problem("title", "Give the article a title.", True)


def body(article: Article, data: dict) -> Iterator[Problem]:
    if not richtext.plain_text(data["body"]) and not richtext.image_ids(data["body"]):
        yield Problem("body", "Write something in the body: it is empty.", True)


def address(article: Article, data: dict) -> Iterator[Problem]:
    slug = data["slug"]
    if slug and (not SLUG.match(slug) or is_reserved(slug)):
        yield Problem("slug", f"“{slug}” cannot be an address here. Choose another slug.", True)
    if slug and Article.objects.filter(slug=slug).exclude(pk=article.pk).exists():
        yield Problem("slug", f"Another article has the address /{slug}/. Choose another slug.", True)
    if slug and Redirect.objects.filter(path=f"/{slug}/").exclude(article_id=article.pk or 0).exists():
        yield Problem("slug", f"/{slug}/ is the old address of something else and leads there. Choose another slug.", True)


def alternatives(article: Article, data: dict) -> Iterator[Problem]:
    if FIGURE_WITHOUT_ALT.search(data["body"]):
        yield Problem("body", "A picture in the body has no text alternative. Describe it, or mark it as decorative.", True)
    image = Image.objects.filter(pk=data["image"]).first() if data["image"] else None
    if image and not image.alt and not image.decorative:
        yield Problem("image", "The lead image has no text alternative. Describe it in the library.", True)


def summary(article: Article, data: dict) -> Iterator[Problem]:
    if article.kind == Article.Kind.ARTICLE and not data["summary"]:
        instead = "the subtitle in its place" if data["subtitle"] else "nothing but the title"
        yield Problem("summary", f"There is no summary. Lists and search engines show {instead}.", False)


def tags(article: Article, data: dict) -> Iterator[Problem]:
    if article.kind == Article.Kind.ARTICLE and not data["tags"]:
        yield Problem("tags", "There are no tags, so readers cannot find it by subject.", False)


def tables(article: Article, data: dict) -> Iterator[Problem]:
    if any("<th" not in table for table in data["body"].split("<table")[1:]):
        yield Problem("body", "A table has no heading row or column, so screen readers cannot name its cells.", False)


RULES: list[Rule] = [title, body, address, alternatives, summary, tags, tables]
