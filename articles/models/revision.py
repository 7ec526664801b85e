from __future__ import annotations

import json
import zlib

from django.conf import settings
from django.db import models


class Revision(models.Model):
    """A snapshot of what an editor can change, compressed. Never changed itself."""

    class Kind(models.TextChoices):
        DRAFT = "draft"
        IMPORT = "import"

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="revisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    packed = models.BinaryField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Revision {self.pk}"

    @property
    def data(self) -> dict:
        """The snapshot; see `articles.revisions.FIELDS` for its keys."""
        return json.loads(zlib.decompress(bytes(self.packed)))

    @data.setter
    def data(self, value: dict) -> None:
        self.packed = zlib.compress(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), 6)
