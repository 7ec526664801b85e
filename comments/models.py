"""A comment, and what moderators decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from comments.render import safe
from site_config.lib.text import shorten

DEEPEST = 64


class CommentQuerySet(models.QuerySet):
    def visible(self) -> CommentQuerySet:
        return self.filter(state=Comment.State.VISIBLE)

    def waiting(self) -> CommentQuerySet:
        """Held comments, the longest wait first."""
        return self.filter(state=Comment.State.HELD).order_by("created_at", "pk")


class Comment(models.Model):
    """What somebody wrote under an article.

    `path` orders a thread: the parent's path and four bytes, big-endian, of `nth`, the place under the root in
    order of arrival; empty for a root. Read by (root, path) a thread is in reading order. At DEEPEST segments
    replies become siblings. `shown` is whether the page has it: visible, or removed with shown replies.
    """

    class State(models.TextChoices):
        VISIBLE = "visible"
        HELD = "held"
        REJECTED = "rejected"
        REMOVED = "removed"

    PRIVATE_COLUMNS = ("network", "fingerprint", "email", "reasons", "decided_at")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    path = models.BinaryField(max_length=DEEPEST * 4, default=b"")
    nth = models.PositiveIntegerField(default=0)
    shown = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    reasons = models.JSONField(default=list, blank=True)
    pick = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    folded = models.CharField(max_length=120, db_index=True)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.TextField()
    html = models.TextField()
    anchor = models.JSONField(null=True, blank=True)
    network = models.CharField(max_length=32, blank=True)
    fingerprint = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["article", "shown", "root", "path"], name="comments_thread"),
            models.Index(models.F("article"), models.F("shown"), models.F("root").desc(), "path", name="comments_newest_first"),
            models.Index(fields=["network", "created_at"], name="comments_network"),
            models.Index(fields=["state", "created_at"], name="comments_state"),
            models.Index(fields=["article", "id"], condition=models.Q(pick=True), name="comments_picks"),
        ]
        constraints = [models.UniqueConstraint(fields=["root", "nth"], name="comments_one_place_each")]
        permissions = [("moderate_comment", "Can approve, reject, remove and pick comments")]

    def __str__(self) -> str:
        """Without a word of what was said: the audit log keeps this for good."""
        return f"Comment {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    @property
    def safe_html(self) -> str:
        return safe(self.html)

    @property
    def excerpt(self) -> str:
        return shorten(self.source, 100)

    @property
    def is_staff(self) -> bool:
        return self.user_id is not None

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.path) // 4


class Decision(models.Model):
    """One act of moderation, or the undoing of one. Written once; an undone one says when it was undone."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.verb}"
