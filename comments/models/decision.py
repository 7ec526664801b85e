"""What moderators decided about comments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from comments.models.comment import Comment

DONE = {
    "approve": "approved", "reject": "rejected", "remove": "removed", "pick": "picked", "unpick": "took the mark from",
    "restore": "undid a decision about", "hold": "held",
}  # fmt: skip


class Decision(models.Model):
    """One act of moderation, or the undoing of one. Written once; an undone one says when it was undone.

    `batch` is the same for all that were decided in one act. `note` is what the writer is told, `reason` what the log is.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=1000, blank=True)
    batch = models.CharField(max_length=32, blank=True, db_index=True)
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undone_by")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="comments_decided")]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.verb}"

    @property
    def done(self) -> str:
        """The verb as what somebody did: 'approved'. To approve what readers saw all the time is to keep it."""
        return "kept" if self.verb == "approve" and self.before == self.after else DONE.get(self.verb, self.verb)

    @property
    def line(self) -> str:
        """What happened, in words: 'Mo removed the comment by Ines'. Reads the comment."""
        return f"{self.by_name} {self.done} the comment by {self.comment.name}"

    @property
    def told_reason(self) -> str:
        """The reason that somebody gave. An undoing says of itself what it undid."""
        return "" if self.undoes_id else self.reason
