"""What readers report."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from comments.models.comment import Comment


class Report(models.Model):
    """A reader's word that a comment should be looked at: one for each network. Settled by the next decision about it."""

    class Reason(models.TextChoices):
        SPAM = "spam", "Advertising or spam"
        ATTACK = "attack", "Attacks a person"
        OFF_TOPIC = "off-topic", "Off topic"
        PRIVATE = "private", "Tells what is private"
        OTHER = "other", "Something else"

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    network = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["network", "at"], name="comments_reports_network")]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "network"], condition=~models.Q(network=""), name="comments_one_report_each"
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
