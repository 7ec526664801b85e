"""The desk: articles, pictures, tags, corrections, series."""

from django.contrib import admin
from taggit.models import Tag as UnusedTag

from articles.admin.article import ArticleAdmin
from articles.admin.correction import CorrectionAdmin
from articles.admin.image import ImageAdmin
from articles.admin.series import SeriesAdmin
from articles.admin.tag import TagAdmin

admin.site.unregister(UnusedTag)  # taggit's own model: articles have one of theirs

__all__ = ["ArticleAdmin", "CorrectionAdmin", "ImageAdmin", "SeriesAdmin", "TagAdmin"]
