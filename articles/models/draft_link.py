from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_NOTE = 2000
"""Characters, of an answer too."""


class DraftLink(models.Model):
    """Lets somebody without an account read the newest version of an article, until it expires or is revoked.

    The address is signed: it cannot be guessed, and no secret is stored. See `articles.drafts`.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="draft_links")
    reader = models.CharField("for whom", max_length=100, blank=True, help_text="Who gets the link. Only the desk sees this.")
    takes_notes = models.BooleanField("may leave notes", default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reader or f"Draft link {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class Note(models.Model):
    """What the reader of a draft says about a passage of it (or about the whole), and what the writer answers.

    The passage is a W3C text quote selector: the words, and some before and after them.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="notes")
    link = models.ForeignKey(DraftLink, models.CASCADE, related_name="notes")
    revision = models.ForeignKey("articles.Revision", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    exact = models.CharField(max_length=1000, blank=True)
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    text = models.TextField(max_length=LONGEST_NOTE)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=LONGEST_NOTE, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name or self.link}: {self.text[:40]}"
