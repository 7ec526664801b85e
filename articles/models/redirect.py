from __future__ import annotations

from django.conf import settings
from django.db import models


class Redirect(models.Model):
    """An old path that leads to an article, a tag or an author: never to a path, so chains cannot form."""

    path = models.CharField(max_length=300, unique=True, help_text="With slashes at both ends, such as /old-name/.")
    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, blank=True, related_name="redirects")
    tag = models.ForeignKey("articles.Tag", models.CASCADE, null=True, blank=True, related_name="redirects")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(article__isnull=False, tag__isnull=True, author__isnull=True)
                | models.Q(article__isnull=True, tag__isnull=False, author__isnull=True)
                | models.Q(article__isnull=True, tag__isnull=True, author__isnull=False),
                name="redirect_to_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def target(self):
        return self.article or self.tag or self.author
