from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Correction(models.Model):
    """What was wrong in a public article and what is right: dated, and shown to readers on the article and on a page of all."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="corrections")
    text = models.TextField(max_length=2000, help_text="What was said, and what is right. Readers see this.")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    before = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    after = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+")
    changes = models.JSONField(
        default=list, blank=True, help_text="The words that changed, as readers may see them; empty where they may not."
    )

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in map(str.strip, self.text.splitlines()) if line]
