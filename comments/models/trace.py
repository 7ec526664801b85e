"""By what a comment resembles others."""

from __future__ import annotations

from django.db import models

from comments.models.comment import Comment


class Trace(models.Model):
    """A number that comments share which link to the same site, or whose texts are nearly the same."""

    class Kind(models.IntegerChoices):
        LINK = 1
        TEXT = 2

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="traces")
    kind = models.PositiveSmallIntegerField(choices=Kind)
    value = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "value", "comment"], name="comments_sharers")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"
