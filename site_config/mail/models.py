from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

GIVE_UP_AFTER = timedelta(days=3)


def the_end():
    return timezone.now() + GIVE_UP_AFTER


class LetterQuerySet(models.QuerySet):
    def due(self, now) -> LetterQuerySet:
        """Waiting letters whose time has come, the longest wait first."""
        return self.filter(state=Letter.State.WAITING, next_at__lte=now).order_by("next_at", "pk")

    def cut_off(self, now) -> LetterQuerySet:
        """Letters whose runner ended, or lost its connection to the database, while it handed them over."""
        return self.filter(state=Letter.State.SENDING, taken_until__lt=now)


class Letter(models.Model):
    """A mail to one recipient. `key` names the event that it tells of: there is one letter of an event, whatever happens.

    `raw` is the whole message, headers and all, and nobody reads it here: it may hold a link to set a password. It is
    erased once the letter is sent. `handed` is set in the moment before the mail server may take the letter as its own:
    a letter that is cut off later may have been delivered (`doubts` counts how often), one that is cut off earlier was not.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        DEAD = "dead", "given up"

    to = models.CharField(max_length=320)
    sender = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    raw = models.BinaryField(default=b"")
    message_id = models.CharField(max_length=200)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    handed = models.BooleanField(default=False)
    doubts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    taken_until = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(default=the_end)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["taken_until"], condition=Q(state="sending"), name="mail_taken"),
            models.Index(fields=["state", "created_at"], name="mail_by_state"),
        ]
        constraints = [models.UniqueConstraint(fields=["message_id", "to"], name="mail_one_message_each")]

    def __str__(self) -> str:
        """Without a word of what it says, and without the address: the audit log keeps this for good."""
        return f"Letter {self.pk}"
