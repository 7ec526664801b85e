"""A comment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from comments.render import numbered, safe
from comments.spam.draft import because, total
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
    replies become siblings. `shown` is whether a page has it: visible, or with shown replies, and then a tombstone.
    `tucked` is whether it stands on its thread's own page alone, because many came before it, and `answers`, on a root,
    how many comments are shown below it.
    `skeleton` is what is left of the name when look-alikes are one, and `twin` tells writers apart whose names have the
    same one in a conversation: 1 for the first. `proven`: its writer followed a link that was mailed to `email`.
    `anchor` is the passage that it is about, as a W3C text quote selector: type, exact, prefix, suffix.
    `learned` is what the classifier counted it as, `reported` how many reports of it nobody has settled yet.
    `imported_from` names it where it came from, so that it is imported once.
    """

    class State(models.TextChoices):
        VISIBLE = "visible"
        HELD = "held"
        REJECTED = "rejected"
        REMOVED = "removed"
        WITHDRAWN = "withdrawn"
        """By its writer, who took the words with them."""

    GONE = (State.REJECTED, State.REMOVED, State.WITHDRAWN)
    PRIVATE_COLUMNS = (
        "network", "fingerprint", "email", "proven", "reasons", "learned", "reported", "decided_at", "skeleton",
        "imported_from",
    )  # fmt: skip

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    path = models.BinaryField(max_length=DEEPEST * 4, default=b"")
    nth = models.PositiveIntegerField(default=0)
    shown = models.BooleanField(default=False)
    tucked = models.BooleanField(default=False)
    answers = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State)
    reasons = models.JSONField(default=list, blank=True)
    pick = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    folded = models.CharField(max_length=120, db_index=True)
    skeleton = models.CharField(max_length=120, blank=True)
    twin = models.PositiveSmallIntegerField(default=1)
    email = models.EmailField(blank=True)
    proven = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.TextField()
    html = models.TextField()
    anchor = models.JSONField(null=True, blank=True)
    network = models.CharField(max_length=32, blank=True)
    fingerprint = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    learned = models.CharField(max_length=4, blank=True, choices=[("good", "good"), ("bad", "bad")])
    reported = models.PositiveIntegerField(default=0)
    imported_from = models.CharField(max_length=200, null=True, blank=True, unique=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["article", "shown", "tucked", "root", "path"], name="comments_oldest_first"),
            models.Index(
                *map(models.F, ("article", "shown", "tucked")), models.F("root").desc(), "path", name="comments_newest_first"
            ),
            models.Index(fields=["root", "shown", "path"], name="comments_thread"),
            models.Index(fields=["network", "created_at"], name="comments_network"),
            models.Index(fields=["network", "state"], name="comments_record"),
            models.Index(fields=["email"], condition=models.Q(proven=True), name="comments_proven"),
            models.Index(fields=["state", "created_at"], name="comments_state"),
            models.Index(fields=["article", "id"], condition=models.Q(pick=True), name="comments_picks"),
            models.Index(fields=["article", "skeleton", "network", "twin"], name="comments_names"),
            models.Index(fields=["article", "id"], condition=models.Q(anchor__isnull=False), name="comments_passages"),
            models.Index(fields=["created_at"], condition=models.Q(reported__gt=0), name="comments_reported"),
            models.Index(fields=["email"], condition=~models.Q(email=""), name="comments_email"),
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
    def shown_name(self) -> str:
        """As HTML, told apart from another writer's."""
        return safe(numbered(self.name, self.twin))

    @property
    def held_because(self) -> list[dict]:
        """The reasons that held it, the heaviest first; none for one that appeared at once."""
        return because(self.reasons)

    @property
    def reasons_sum(self) -> float:
        """What all that counted came to."""
        return total(self.reasons)

    @property
    def excerpt(self) -> str:
        return shorten(self.source, 100)

    @property
    def passage(self) -> str:
        """The words of the article that it is about; '' for one about the whole."""
        return (self.anchor or {}).get("exact", "")

    @property
    def is_staff(self) -> bool:
        return self.user_id is not None

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.path) // 4
