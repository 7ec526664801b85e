"""The sitemap: every listed article and plain page, under SITE_URL whatever host was asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse

from articles.models import Article
from articles.views import depends_on_lists
from site_config import pages


class ArticleSitemap(Sitemap):
    limit = 10_000

    @property
    def protocol(self) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def items(self):
        public = Article.objects.live().filter(visibility=Article.Visibility.PUBLIC, canonical_url="")
        return public.only("slug", "published_at", "revised_at").order_by("-published_at", "-pk")

    def lastmod(self, item: Article):
        return item.updated_at


@pages.page("p")
def sitemap(request: HttpRequest) -> HttpResponse:
    depends_on_lists(request)
    return views.sitemap(request, sitemaps={"articles": ArticleSitemap}).render()
