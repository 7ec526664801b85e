"""The sitemap: every listed article with its lead image and every plain page, under SITE_URL whatever host was asked.

Written by hand (https://www.sitemaps.org/protocol.html): it is drawn anew after each change to a list, and Django's own
takes 85 µs an address, a second for ten thousand.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from django.db.models import F, Max, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from articles import listing
from articles.models import Article, Series
from articles.views import depends_on_lists
from site_config import pages
from site_config.lib.addresses import absolute, path_to

MOST = 10_000
"""Addresses in one file; the protocol allows 50,000."""
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
COLUMNS = ("slug", "published_at", "revised_at", "lead__full")


class Named(NamedTuple):
    slug: str
    published_at: datetime
    revised_at: datetime | None
    image: str | None

    @property
    def changed_at(self) -> datetime:
        return self.revised_at or self.published_at


@pages.page("p")
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses, or, where they are more than MOST, the index of the parts. `p` is a part: the articles whose ids are
    its MOST, so that a part of old ones stays as it is; the site's own lists are in part 0. Five queries at most."""
    depends_on_lists(request)
    if "p" in request.GET:
        return part(number_of(request.GET["p"]))
    found = read(public().order_by("-published_at", "-pk")[: MOST + 1])
    return whole(found, own=True) if len(found) <= MOST else index()


def public() -> QuerySet:
    return Article.objects.live().filter(visibility=Article.Visibility.PUBLIC, canonical_url="")


def read(articles: QuerySet) -> list[Named]:
    return [Named(*row) for row in articles.values_list(*COLUMNS)]


def part(number: int) -> HttpResponse:
    found = read(public().filter(pk__gte=number * MOST, pk__lt=(number + 1) * MOST).order_by("-pk"))
    if number and not found:
        raise Http404("This part of the sitemap does not exist.")
    return whole(found, own=number == 0)


def whole(found: list[Named], *, own: bool) -> HttpResponse:
    body = f"{DECLARATION}<urlset {SPACES}>\n{urls(found)}{lists() if own else ''}\n</urlset>\n"
    return answer(body, max((one.changed_at for one in found), default=None))


def index() -> HttpResponse:
    """Which parts there are, and when an article of each changed last. One query, over an index."""
    of_part = public().order_by().annotate(part=F("pk") / MOST).values("part")
    changed = of_part.annotate(at=Max(Coalesce("revised_at", "published_at"))).values_list("part", "at")
    parts = {0: None, **dict(changed)}
    address = escape(absolute(path_to("sitemap")))
    entries = "".join(
        f"<sitemap><loc>{address}?p={number}</loc>{lastmod(at) if at else ''}</sitemap>" for number, at in sorted(parts.items())
    )
    body = f"{DECLARATION}<sitemapindex {SPACES}>\n{entries}\n</sitemapindex>\n"
    return answer(body, max(at for at in parts.values() if at))


def answer(body: str, changed_at: datetime | None) -> HttpResponse:
    response = HttpResponse(body, content_type="application/xml")
    response.headers["X-Robots-Tag"] = "noindex, noodp, noarchive"
    if changed_at:
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())
    return response


def number_of(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise Http404("This part of the sitemap does not exist.")
    return int(text)


def urls(found: list[Named]) -> str:
    before, after = escape(absolute(path_to("article", "slug"))).rsplit("slug", 1)
    return "".join(
        f"<url><loc>{before}{quote(one.slug)}{after}</loc>{lastmod(one.changed_at)}"
        f"{image(one.image) if one.image else ''}</url>"
        for one in found
    )


def lastmod(when: datetime) -> str:
    """The day of a change by the site's own calendar."""
    return f"<lastmod>{when.astimezone(timezone.get_default_timezone()).date()}</lastmod>"


def image(path: str) -> str:
    return f"<image:image><image:loc>{escape(absolute(path))}</image:loc></image:image>"


def lists() -> str:
    """The elements of pages that name articles in an order of their own: series, corrections. Two queries."""
    found = Series.objects.filter(articles__in=Article.objects.listed().order_by()).distinct().values_list("slug", flat=True)
    paths = [path_to("series", slug) for slug in found]
    if listing.corrections(None, size=1).corrections:
        paths.append(path_to("corrections"))
    return "".join(f"<url><loc>{escape(absolute(path))}</loc></url>" for path in paths)
