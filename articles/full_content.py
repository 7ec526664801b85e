"""The text of an article as feed readers want it."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article
from site_config.lib.text import strip_controls
from site_config.templatetags.site import day

MOST = 100
OF_PAGES = ("srcset", "sizes", "loading", "decoding", "data-label")
"""Attributes that mean something on the site's own pages only."""


def content_of(item: Article, site: str) -> str:
    """The lead image, the text and its corrections, whose rows are prefetched; addresses under `site`."""
    return content_of_html(lead_image(item) + item.html + corrected(item), item.canonical, site)


@lru_cache(maxsize=MOST)
def content_of_html(html: str, canonical: str, site: str) -> str:
    """Every address absolute, no frames round tables, one file for a picture.

    Parsing takes a millisecond, and feeds are drawn anew whenever a list changes: it is remembered.
    """
    tree = LexborHTMLParser(f"<!doctype html><body>{html}")
    for name in ("href", "src"):
        for node in tree.css(f"[{name}]"):
            node.attrs[name] = absolute_here(node.attributes.get(name) or "", canonical, site)
    for name in OF_PAGES:
        for node in tree.css(f"[{name}]"):
            del node.attrs[name]
    for source in tree.css("source"):
        source.decompose()
    for frame in tree.css("div.table, picture"):
        frame.unwrap()
    return strip_controls(tree.body.inner_html or "") if tree.body else ""


def absolute_here(address: str, canonical: str, site: str) -> str:
    """An address as it must be written elsewhere. One that is not whole belongs to the page."""
    if address.startswith("/"):
        return site + address
    if address.startswith("#") or ":" not in address.split("/")[0]:
        return canonical + address
    return address


def lead_image(item: Article) -> str:
    """What stands before the text."""
    if not item.lead:
        return ""
    return format_html('<p><img src="{}" alt="{}"></p>', item.lead["src"], item.lead["alt"])


def corrected(item: Article) -> str:
    """What stands behind the text."""
    found = item.corrections.all() if item.correction_count else ()
    said = ((day(one.made_at), format_html_join("", "<p>{}</p>", zip(one.paragraphs))) for one in found)
    return format_html_join("", "<h2>Correction, {}</h2>{}", said)
