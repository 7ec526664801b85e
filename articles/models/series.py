from __future__ import annotations

from django.db import models

from site_config.lib.addresses import path_to


class Series(models.Model):
    """Articles that belong together and are read in an order. `Article.series_place` is that order."""

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    description = models.TextField(max_length=500, blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("series", self.slug)
