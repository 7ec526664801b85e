"""Whether a comment appears at once or is held, and why, in words. One function, one line, one signal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from comments.markup import count_links
from comments.models import Comment

TRUSTED_FOR = timedelta(days=30)
MANY_LINKS = 4


class Draft(NamedTuple):
    """What is known of a comment before it is stored.

    `networks` are the keyed hashes of its network in the months of the last 30 days, `seconds` the time it took to
    write, None if unknown.
    """

    folded: str
    source: str
    networks: tuple[str, ...]
    honeypot: bool
    seconds: float | None
    now: datetime


class Reason(NamedTuple):
    code: str
    text: str


def reasons_to_hold(draft: Draft) -> list[Reason]:
    """Empty: it may appear. At most one query."""
    return [reason for signal in SIGNALS if (reason := signal(draft))]


def hidden_field(draft: Draft) -> Reason | None:
    return Reason("honeypot", "A field that people cannot see was filled in") if draft.honeypot else None


def too_fast(draft: Draft) -> Reason | None:
    if draft.seconds is None or draft.seconds >= settings.COMMENT_MIN_SECONDS:
        return None
    seconds = max(0, int(draft.seconds))
    return Reason("fast", f"Written in {seconds} second{'' if seconds == 1 else 's'}")


def many_links(draft: Draft) -> Reason | None:
    count = count_links(draft.source)
    return Reason("links", f"{count} links") if count >= MANY_LINKS else None


def everything(draft: Draft) -> Reason | None:
    if settings.COMMENT_MODERATION != "all":
        return None
    return Reason("all", "Every comment is read before it appears")


def first_with_link(draft: Draft) -> Reason | None:
    if settings.COMMENT_MODERATION != "first" or not count_links(draft.source) or is_trusted(draft):
        return None
    return Reason("first-link", "First comment with a link")


def is_trusted(draft: Draft) -> bool:
    """Whether a moderator's last word on what this name wrote from this very network within TRUSTED_FOR was yes.

    Never by name alone, and never by comments that nobody has read.
    """
    if not draft.networks:
        return False
    known = Comment.objects.filter(network__in=draft.networks, folded=draft.folded, created_at__gte=draft.now - TRUSTED_FOR)
    decided = known.exclude(decided_at=None).order_by("-decided_at", "-pk")
    return decided.values_list("state", flat=True).first() == Comment.State.VISIBLE


SIGNALS: list[Callable[[Draft], Reason | None]] = [hidden_field, too_fast, many_links, everything, first_with_link]
