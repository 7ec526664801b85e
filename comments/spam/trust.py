"""Who is trusted: never a name alone, and nobody for comments that no moderator has read.

Trust belongs to an e-mail address that its owner has confirmed, or for TRUSTED_FOR to a folded name together with its
network. It is earned by an approved comment and lost by a removed one: the last decision counts.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comments.models import Comment
from comments.spam.draft import Draft

TRUSTED_FOR = timedelta(days=30)
DECIDED = (Comment.State.VISIBLE, Comment.State.REJECTED, Comment.State.REMOVED)


def is_trusted(draft: Draft) -> bool:
    """Whether a moderator's last word on what this writer wrote was yes. Three queries at most, all by index."""
    word = None
    if is_confirmed(draft):
        word = last_word(Comment.objects.filter(email=draft.email, proven=True), draft)
    if word is None and draft.networks:
        word = last_word(of_writer(draft), draft)
    return word == Comment.State.VISIBLE


def is_confirmed(draft: Draft) -> bool:
    """Whether the e-mail address is the writer's: proven for this comment, or for one from this network in TRUSTED_FOR."""
    if not draft.email or draft.proven:
        return bool(draft.email)
    since = draft.now - TRUSTED_FOR
    earlier = Comment.objects.filter(email=draft.email, proven=True, network__in=draft.networks, created_at__gte=since)
    return bool(draft.networks) and earlier.exists()


def of_writer(draft: Draft) -> QuerySet:
    """The comments of TRUSTED_FOR under this name from this very network."""
    since = draft.now - TRUSTED_FOR
    return Comment.objects.filter(network__in=draft.networks, folded=draft.folded, created_at__gte=since)


def last_word(comments: QuerySet, draft: Draft) -> str | None:
    """The state into which a moderator brought the one decided last; None if nobody has decided about any."""
    decided = comments.filter(state__in=DECIDED).exclude(decided_at=None).exclude(pk=draft.pk)
    return decided.order_by("-decided_at", "-pk").values_list("state", flat=True).first()
