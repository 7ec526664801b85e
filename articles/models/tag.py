from __future__ import annotations

from django.db import models
from taggit.models import ItemBase, TagBase

from site_config.lib.addresses import path_to
from site_config.lib.text import fold


class Tag(TagBase):
    """A subject. `folded` is what makes 'AI', 'ai' and 'AI ' one; `tagging.resolve()` alone makes tags."""

    folded = models.CharField(max_length=100, unique=True, editable=False)
    description = models.TextField(max_length=500, blank=True)

    class Meta:
        ordering = ["folded"]

    def get_absolute_url(self) -> str:
        return path_to("tag", self.slug)

    def save(self, *args, **kwargs) -> None:
        self.folded = fold(self.name)
        super().save(*args, **kwargs)


class TaggedArticle(ItemBase):
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="items")
    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="one_of_each_tag")]


class TagAlias(models.Model):
    """A former name of a tag, or of one that was merged into it, folded. It means that tag: see `articles.tagging`.

    No tag has the folded form of an alias.
    """

    folded = models.CharField(max_length=100, unique=True)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="aliases")

    class Meta:
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.folded
