"""Public addresses of articles and what leads to them. The order matters: an article's slug comes last."""

from django.urls import path, register_converter

from articles import feeds, sitemaps, views


class Slug:
    """Letters of any script, digits, hyphens and underscores."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Year:
    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


register_converter(Slug, "name")
register_converter(Year, "year")

urlpatterns = [
    path("", views.front, name="front"),
    path("tag/", views.tags, name="tags"),
    path("tag/<name:slug>/", views.tag, name="tag"),
    path("by/<name:slug>/", views.author, name="author"),
    path("feed/", feeds.site, name="feed"),
    path("feed/tag/<name:slug>/", feeds.tag, name="tag_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("<year:year>/", views.year, name="year"),
    path("<name:slug>/", views.article, name="article"),
]
