"""What is missing before an article can go public. Errors block, warnings do not. One function, one line, one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

from articles import links, richtext
from articles.models import Article, Image, Redirect
from articles.richtext.trees import parse
from articles.slugs import SLUG, is_reserved
from site_config.lib.text import fold, is_blank, shorten

LONG_TITLE = 65
"""Search engines cut titles at about 60 characters."""
SAYING_NOTHING = {
    "here", "click here", "this", "this link", "link", "this page", "this article", "read more", "more", "learn more",
    "see here", "source", "website", "page",
}  # fmt: skip
LED_NOWHERE = {
    "withdrawn": "an article that was withdrawn",
    "draft": "a draft: readers see the words without a link until it is published",
    "scheduled": "an article that is scheduled: readers see the words without a link until it goes live",
}


class Problem(NamedTuple):
    """`field` is the form's field to jump to; `message` a sentence; `blocks` whether it must be mended first.

    `place` is the thing in the body that it is about, counted from 1: image-2, table-1, heading-3, link-4.
    """

    field: str
    message: str
    blocks: bool
    place: str = ""

    @property
    def target(self) -> str:
        """What stands behind the form's address to get there. Without script the browser goes to the field."""
        query = f"?{urlencode({'place': self.place})}" if self.place else ""
        return f"{query}#id_{self.field}"


Rule = Callable[[Article, dict], Iterator[Problem]]
TextRule = Callable[[LexborHTMLParser], Iterator[Problem]]


def problems_of(article: Article, data: dict, *, linked: bool = True) -> list[Problem]:
    """All problems of a revision's data, those that block first. At most nine queries.

    `linked`: whether to follow its links; those of what is brought in may lead to what is brought in later.
    """
    rules = RULES if linked else [rule for rule in RULES if rule is not broken_links]
    found = [problem for rule in rules for problem in rule(article, data)]
    return sorted(found, key=lambda problem: not problem.blocks)


def title(article: Article, data: dict) -> Iterator[Problem]:
    if not data["title"]:
        yield Problem("title", "Give the article a title.", True)
    if len(data["title"]) > LONG_TITLE:
        length = len(data["title"])
        yield Problem(
            "title", f"The title has {length} characters; search engines show about 60. Shorten it if you can.", False
        )


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


def lead_image(article: Article, data: dict) -> Iterator[Problem]:
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


def broken_links(article: Article, data: dict) -> Iterator[Problem]:
    """Links to what readers of this site cannot reach. In a text that they see already these do not block."""
    found = links.links_of(parse(data["body"]))
    blocks = data["body"] != article.body
    targets = Article.objects.only("published_at", "withdrawn_at", "visibility").in_bulk(
        {link.article for link in found if link.article}
    )
    paths = {link: links.own_path(link.address, article.get_absolute_url()) for link in found if not link.article}
    dead = links.dead(path for path in paths.values() if path)
    for link in found:
        target = targets.get(link.article or 0)
        if link.article and target is None:
            yield Problem("body", f"The link “{named(link)}” leads to an article that is gone.", blocks, link.place)
        elif target is not None and target.state in LED_NOWHERE:
            must = blocks and target.state == "withdrawn"
            yield Problem("body", f"The link “{named(link)}” leads to {LED_NOWHERE[target.state]}.", must, link.place)
        elif paths.get(link) in dead:
            told = f"The link “{named(link)}” leads to {paths[link]}, and there is nothing at that address of this site."
            yield Problem("body", told, blocks, link.place)


def text(article: Article, data: dict) -> Iterator[Problem]:
    tree = parse(data["body"])
    for rule in TEXT_RULES:
        yield from rule(tree)


def pictures(tree: LexborHTMLParser) -> Iterator[Problem]:
    for number, image in enumerate(tree.css("img"), 1):
        if "data-decorative" not in image.attributes and not (image.attributes.get("alt") or "").strip():
            told = f"Picture {number} in the body has no text alternative. Describe it, or mark it as decorative."
            yield Problem("body", told, True, f"image-{number}")


def tables(tree: LexborHTMLParser) -> Iterator[Problem]:
    for number, table in enumerate(tree.css("table"), 1):
        if not table.css_first("th"):
            caption = table.css_first("caption")
            name = f"Table {number}, “{shorten(caption.text(), 60)}”," if caption else f"Table {number}"
            told = f"{name} has no heading row or column, so screen readers cannot name its cells."
            yield Problem("body", told, False, f"table-{number}")


def headings(tree: LexborHTMLParser) -> Iterator[Problem]:
    """Headings without words, and levels left out. Those in a call-out stand for themselves."""
    above = 1
    for number, heading in enumerate(tree.css("h2, h3, h4"), 1):
        level, words = int((heading.tag or "h2")[1]), shorten(heading.text(), 60)
        place = f"heading-{number}"
        if is_blank(words):
            yield Problem("body", f"Heading {number} has no words. Write some, or remove it.", False, place)
        elif heading.parent is not None and heading.parent.tag == "body":
            if level > above + 1:
                told = f"“{words}” is a heading of level {level} where one of level {above + 1} is expected."
                yield Problem("body", told, False, place)
            above = level


def words_of_links(tree: LexborHTMLParser) -> Iterator[Problem]:
    for link in links.links_of(tree):
        said = fold(link.words).strip(" .:…→»")
        if said in SAYING_NOTHING:
            told = f"The link “{link.words}” does not say where it leads. Link words that do."
            yield Problem("body", told, False, link.place)
        elif said.startswith(("http://", "https://", "www.")):
            told = f"The link “{named(link)}” shows a bare address. Link words that say what is there."
            yield Problem("body", told, False, link.place)


def named(link: links.Link) -> str:
    return shorten(link.words, 60) or "without words"


RULES: list[Rule] = [title, body, address, lead_image, summary, tags, text, broken_links]
TEXT_RULES: list[TextRule] = [pictures, tables, headings, words_of_links]
