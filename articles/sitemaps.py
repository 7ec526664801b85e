"""The sitemap: every listed article and plain page, under SITE_URL whatever host was asked.

Written by hand (https://www.sitemaps.org/protocol.html): it is drawn anew after each change to a list, and Django's own
takes 85 µs an address, a second for ten thousand.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from articles.models import Article
from articles.views import depends_on_lists
from site_config import pages
from site_config.lib.addresses import absolute, path_to

MOST = 10_000
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@pages.page("p")
def sitemap(request: HttpRequest) -> HttpResponse:
    """The newest MOST addresses, or the page `p` of as many. Two queries."""
    depends_on_lists(request)
    number = page_number(request.GET.get("p", "1"))
    public = Article.objects.live().filter(visibility=Article.Visibility.PUBLIC, canonical_url="")
    rows = public.order_by("-published_at", "-pk").values_list("slug", "published_at", "revised_at")
    found = list(rows[(number - 1) * MOST : number * MOST])
    if number > 1 and not found:
        raise Http404("This page of the sitemap does not exist.")
    changed = [(slug, revised or published) for slug, published, revised in found]
    response = HttpResponse(f"{HEAD}{urls(changed)}\n</urlset>\n", content_type="application/xml")
    response.headers["X-Robots-Tag"] = "noindex, noodp, noarchive"
    if changed:
        response.headers["Last-Modified"] = http_date(max(when for _, when in changed).timestamp())
    return response


def page_number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise Http404("This page of the sitemap does not exist.")
    return int(text)


def urls(changed: list[tuple[str, datetime]]) -> str:
    """The elements of articles by slug and the moment of their last change."""
    before, after = escape(absolute(path_to("article", "slug"))).rsplit("slug", 1)
    zone = timezone.get_default_timezone()
    return "".join(
        f"<url><loc>{before}{quote(slug)}{after}</loc><lastmod>{when.astimezone(zone).date()}</lastmod></url>"
        for slug, when in changed
    )
