"""Who is told of what is said, by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comments.models.comment import Comment


class Pace(models.TextChoices):
    EACH = "each", "Soon after each comment"
    HOUR = "hour", "Once an hour at most"
    DAY = "day", "Once a day, in the morning"
    WEEK = "week", "Once a week, on Monday morning"


class Address(models.Model):
    """A reader's mail address. Nothing but requests to confirm goes to it until one of them was answered.

    `digest` is the keyed hash by which it is known again; `email` is empty once `stopped_at` says never to write again.
    `due_at` is when its next mail is to be written, if there is anything to say.
    """

    email = models.EmailField(blank=True)
    digest = models.CharField(max_length=64, unique=True)
    pace = models.CharField(max_length=4, choices=Pace, default=Pace.EACH)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="comments_mail_due")]

    def __str__(self) -> str:
        return f"Address {self.pk}"


class FollowingQuerySet(models.QuerySet):
    def active(self) -> FollowingQuerySet:
        return self.filter(confirmed_at__isnull=False, address__confirmed_at__isnull=False, address__stopped_at=None)


class Following(models.Model):
    """That an address wants to be told of what is said under an article, or in answer to one comment and what follows it.

    `written` is the comment in whose form it was asked for: who confirms has proven to be its writer. `pace` is what they
    chose, and becomes the address's when they confirm. `network` is the keyed hash of where it was asked from; it is erased
    after a month, as a comment's is.
    """

    address = models.ForeignKey(Address, models.CASCADE, related_name="followings")
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="+")
    written = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    pace = models.CharField(max_length=4, choices=Pace, blank=True)
    network = models.CharField(max_length=32, blank=True)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["article", "address"], name="comments_followed"),
            models.Index(fields=["network", "asked_at"], name="comments_asked_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "article"], condition=Q(comment=None), name="comments_followed_whole_once"
            ),
            models.UniqueConstraint(fields=["address", "comment"], name="comments_followed_once"),
        ]

    def __str__(self) -> str:
        return f"Following {self.pk}"


class Notice(models.Model):
    """That an address is to be told of a comment, once. `told_at` is when it was put into a mail."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="notices")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "comment"], name="comments_told_once")]
        indexes = [models.Index(fields=["address"], condition=Q(told_at=None), name="comments_untold")]

    def __str__(self) -> str:
        return f"Notice {self.pk}"


class Rounds(models.Model):
    """How often a moderator is told by mail of what waits, and up to which moment they have been."""

    class Pace(models.TextChoices):
        OFF = "off", "Never"
        EACH = "each", "As it comes"
        HOUR = "hour", "Once an hour at most"
        DAY = "day", "Once a day, in the morning"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rounds")
    pace = models.CharField(max_length=4, choices=Pace, default=Pace.DAY)
    told_until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "notices by mail"

    def __str__(self) -> str:
        return f"Rounds of {self.user}"
