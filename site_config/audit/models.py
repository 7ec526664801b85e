from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act of a person or of the site itself. Written once, never changed."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=40, db_index=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=200)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    @property
    def planned(self) -> datetime | None:
        """For when something was scheduled by it."""
        at = self.details.get("at")
        return datetime.fromisoformat(at) if isinstance(at, str) else None

    def __str__(self) -> str:
        return f"{self.actor_name or 'the site'}: {self.verb} {self.object_name}"
