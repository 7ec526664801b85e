from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Presence(models.Model):
    """A form of an article that is open in somebody's browser, as it last said so itself."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session = models.CharField(max_length=40, help_text="Which form it is: a name that the browser drew by lot.")
    based_on = models.BigIntegerField(null=True, help_text="The version that it shows, which is kept as long as it is open.")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user", "session"], name="one_presence_each")]

    def __str__(self) -> str:
        return f"{self.user} at {self.article_id}"
