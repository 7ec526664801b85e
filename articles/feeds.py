"""Atom feeds with full content and ids that never change."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Tag
from articles.views import depends_on_lists
from site_config import pages
from site_config.lib.addresses import absolute, path_to
from site_config.lib.text import strip_controls

LONGEST = 20
FIRST_YEAR = 2025


class FullAtom(Atom1Feed):
    """Atom with `content` beside `summary` (RFC 4287, 4.1.3)."""

    def root_attributes(self) -> dict:
        return {**super().root_attributes(), "xml:base": absolute("/")}

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:lang": item["language"]})


class ArticleFeed(Feed):
    """The newest articles of the site; subclasses narrow them down. Four queries."""

    feed_type = FullAtom
    title = settings.SITE_NAME
    subtitle = settings.SITE_TAGLINE
    path = "/feed/"

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        depends_on_lists(request)
        return super().__call__(request, *args, **kwargs)

    def link(self, thing: Tag | None) -> str:
        return absolute(thing.get_absolute_url() if thing else "/")

    def feed_url(self, thing: Tag | None) -> str:
        return absolute(path_to("tag_feed", thing.slug) if thing else path_to("feed"))

    def feed_guid(self, thing: Tag | None) -> str:
        return tag_uri(f"tag/{thing.pk}" if thing else "feed")

    def items(self, thing: Tag | None) -> list[Article]:
        return newest(Article.objects.listed())

    def item_title(self, item: Article) -> str:
        return strip_controls(item.title)

    def item_description(self, item: Article) -> str:
        return strip_controls(item.summary or item.subtitle)

    def item_link(self, item: Article) -> str:
        return item.canonical

    def item_guid(self, item: Article) -> str:
        return tag_uri(f"article/{item.pk}")

    def item_pubdate(self, item: Article):
        return item.published_at

    def item_updateddate(self, item: Article):
        return item.updated_at

    def item_author_name(self, item: Article) -> str:
        return ", ".join(str(byline.user) for byline in item.bylines.all()) or settings.SITE_NAME

    def item_categories(self, item: Article) -> list[str]:
        return [tag.name for tag in item.tags.all()]

    def item_extra_kwargs(self, item: Article) -> dict:
        content = full_content(lead_image(item) + item.html, item.canonical, settings.SITE_URL)
        return {"content": content, "language": item.language}


class TagFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        return get_object_or_404(Tag, slug=slug)

    def title(self, thing: Tag) -> str:
        return f"{thing} · {settings.SITE_NAME}"

    def items(self, thing: Tag) -> list[Article]:
        return newest(Article.objects.listed().filter(tagged__tag=thing))


def newest(articles) -> list[Article]:
    """Three queries."""
    return list(articles.defer("body", "plain_text", "contents").prefetch_related("bylines__user", "tags")[:LONGEST])


def tag_uri(path: str) -> str:
    """A permanent id (RFC 4151) of something on this site."""
    host = absolute("/").split("//")[1].split("/")[0].split(":")[0].strip("[]")
    return f"tag:{host},{FIRST_YEAR}:{path}"


@lru_cache(maxsize=4 * LONGEST)
def full_content(html: str, canonical: str, site: str) -> str:
    """An article as feed readers want it: every address absolute, no frames round tables.

    Parsing takes a millisecond, and feeds are drawn anew whenever a list changes: it is remembered.
    """
    tree = LexborHTMLParser(f"<!doctype html><body>{html}")
    for name in ("href", "src"):
        for node in tree.css(f"[{name}]"):
            address = node.attributes.get(name) or ""
            node.attrs[name] = canonical + address if address.startswith("#") else absolute_here(address, site)
    for image in tree.css("img"):
        for name in ("srcset", "sizes", "loading", "decoding"):
            if name in image.attributes:
                del image.attrs[name]
    for frame in tree.css("div.table"):
        frame.unwrap()
    return strip_controls(tree.body.inner_html or "") if tree.body else ""


def absolute_here(address: str, site: str) -> str:
    return site + address if address.startswith("/") else address


def lead_image(item: Article) -> str:
    """What stands before the text."""
    if not item.lead:
        return ""
    return format_html('<p><img src="{}" alt="{}"></p>', item.lead["src"], item.lead["alt"])


site = pages.page()(ArticleFeed())
tag = pages.page()(TagFeed())
