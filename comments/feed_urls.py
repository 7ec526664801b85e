"""Addresses of the conversation's feeds, below /feed/. An article's is by its id: it outlives a new slug."""

from django.urls import path

from articles import converters
from comments import feeds

converters.register()

urlpatterns = [
    path("comments/", feeds.site, name="comments_feed"),
    path("comments/<format:kind>/", feeds.site, name="comments_feed"),
    path("article/<int:pk>/", feeds.article, name="article_feed"),
    path("article/<int:pk>/<format:kind>/", feeds.article, name="article_feed"),
]
