"""Where the links of a body lead on this site, told from the database and the URL configuration, not over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Redirect, Series, Tag
from articles.richtext.references import is_number
from site_config.lib.addresses import path_to

FILES = (settings.STATIC_URL, settings.MEDIA_URL)
# Views that answer for some slugs only: the slugs that each knows. Every other view that an address leads to answers.
KNOWN: dict[str, Callable[[Iterable[str]], QuerySet]] = {
    "article": lambda slugs: Article.objects.live().filter(slug__in=slugs),
    "tag": lambda slugs: Tag.objects.filter(slug__in=slugs),
    "author": lambda slugs: get_user_model().objects.filter(slug__in=slugs, bylines__isnull=False).distinct(),
    "series": lambda slugs: Series.objects.filter(slug__in=slugs, articles__in=Article.objects.listed().order_by()).distinct(),
}
# Views that answer, and lead on, as the page that they belong to.
BESIDE = {"tag_feed": "tag", "author_feed": "author", "twin": "article"}


class Link(NamedTuple):
    """The nth link of a body: its words, and either the article it stands for or its address."""

    place: str
    words: str
    address: str
    article: int | None


def links_of(tree: LexborHTMLParser) -> list[Link]:
    found = []
    for number, link in enumerate(tree.css("a"), 1):
        own = link.attributes.get("data-article")
        address = (link.attributes.get("href") or "").strip()
        words = " ".join(link.text().split())
        found.append(Link(f"link-{number}", words, address, int(own) if own and is_number(own) else None))
    return found


def own_path(address: str, home: str) -> str | None:
    """The path on this site that an address leads to from the page at `home`; None if it leads elsewhere or stays there."""
    if not address or address.startswith(("#", "?")):
        return None
    whole = urljoin(settings.SITE_URL + home, address)
    if not whole.startswith(f"{settings.SITE_URL}/") and whole != settings.SITE_URL:
        return None
    return unquote(urlsplit(whole).path) or "/"


def dead(paths: Iterable[str]) -> set[str]:
    """Those of these paths that answer nothing. One query for each kind of page to be looked for, one for redirects."""
    wanted: dict[str, dict[str, str]] = {}
    lost: dict[str, str] = {}
    for path in set(paths):
        name, slug = view_of(path)
        if name in KNOWN:
            wanted.setdefault(name, {})[path] = slug
        elif name is None:
            lost[path] = path
    for name, slugs in wanted.items():
        there = set(KNOWN[name](slugs.values()).values_list("slug", flat=True))
        lost |= {path: path_to(name, slug) for path, slug in slugs.items() if slug not in there}
    led = led_on(set(lost.values()))
    return {path for path, page in lost.items() if page not in led}


def view_of(path: str) -> tuple[str | None, str]:
    """The name of the page that answers a path, and the slug in it; None where the URL configuration knows none."""
    if path.startswith(FILES):
        return "file", ""
    for candidate in (path, f"{path}/"):  # a forgotten slash is put behind it by a redirect
        try:
            found = resolve(candidate)
        except Resolver404:
            continue
        name = found.url_name or ""
        return BESIDE.get(name, name), str(found.kwargs.get("slug", ""))
    return None, ""


def led_on(paths: set[str]) -> set[str]:
    """Those paths from which a redirect leads to something that readers can see."""
    if not paths:
        return set()
    spelt = {path if path.endswith("/") else f"{path}/": path for path in paths} | {path: path for path in paths}
    alive = Q(article=None) | Q(article__in=Article.objects.live())
    return {spelt[path] for path in Redirect.objects.filter(alive, path__in=spelt).values_list("path", flat=True)}
