"""Public addresses of articles and what leads to them. The order matters: an article's slug comes last."""

from django.urls import path

from articles import converters, draft_views, feeds, search_views, sitemaps, twins, views

converters.register()

urlpatterns = [
    path("", views.front, name="front"),
    path("tag/", views.tags, name="tags"),
    path("tag/<name:slug>/", views.tag, name="tag"),
    path("by/<name:slug>/", views.author, name="author"),
    path("series/<name:slug>/", views.series_page, name="series"),
    path("search/", search_views.search, name="search"),
    path("search/suggestions/", search_views.suggestions, name="search_suggestions"),
    path("search/opensearch.xml", search_views.opensearch, name="opensearch"),
    path("corrections/", views.corrections, name="corrections"),
    path("draft/<str:token>/", draft_views.draft, name="draft"),
    path("feed/", feeds.site, name="feed"),
    path("feed/<format:kind>/", feeds.site, name="feed"),
    path("feed/tag/<name:slug>/", feeds.tag, name="tag_feed"),
    path("feed/tag/<name:slug>/<format:kind>/", feeds.tag, name="tag_feed"),
    path("feed/author/<name:slug>/", feeds.author, name="author_feed"),
    path("feed/author/<name:slug>/<format:kind>/", feeds.author, name="author_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", twins.llms, name="llms"),
    path("<name:slug>.md", twins.markdown_twin, name="twin"),
    path("<year:year>/", views.year, name="year"),
    path("<name:slug>/", views.article, name="article"),
]
