"""What the site's owner has read before it appears. These are promises: nothing takes them back but trust."""

from __future__ import annotations

from django.conf import settings

from comments.markup import count_links
from comments.spam.draft import CERTAIN, Draft, Reason
from comments.spam.past import Past

LIFTED_BY_TRUST = frozenset({"first", "first-link"})


def everything(draft: Draft, past: Past) -> Reason | None:
    if settings.COMMENT_MODERATION != "all":
        return None
    return Reason("all", "Every comment is read before it appears", CERTAIN)


def first(draft: Draft, past: Past) -> Reason | None:
    if settings.COMMENT_MODERATION != "first" or past.is_trusted:
        return None
    return Reason("first", "First comment", CERTAIN)


def first_with_link(draft: Draft, past: Past) -> Reason | None:
    if settings.COMMENT_MODERATION != "links" or not count_links(draft.source) or past.is_trusted:
        return None
    return Reason("first-link", "First comment with a link", CERTAIN)
