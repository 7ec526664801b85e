"""Whose feed readers may read the queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class FeedKey(models.Model):
    """A moderator's private feed. The token is signed over `number`: a new number revokes the address that was given out."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.CharField(max_length=32)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Feed of {self.user}"
