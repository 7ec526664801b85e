from __future__ import annotations

from django.db import models


class Relation(models.Model):
    """That `other` is close to `article`, and how close. Whether readers may see it is asked when it is read."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="relations", db_index=False)
    other = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "other"], name="one_relation_each")]

    def __str__(self) -> str:
        return f"{self.other} near {self.article}"
