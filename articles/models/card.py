from __future__ import annotations

from django.db import models


class Card(models.Model):
    """The picture that stands for an article where its address is shared; without an article, for the site itself.

    `key` is the digest of all that it is drawn from, `name` that of the file with its extension.
    """

    article = models.OneToOneField("articles.Article", models.CASCADE, null=True, related_name="card")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(article=None), name="one_card_of_the_site"),
        ]
        indexes = [models.Index(fields=["name"], name="cards_by_name")]

    def __str__(self) -> str:
        return self.name
