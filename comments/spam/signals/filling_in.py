"""How the form was filled in."""

from __future__ import annotations

from django.conf import settings

from comments.spam.draft import CERTAIN, Draft, Reason
from comments.spam.past import Past

LETTERS_A_SECOND = 25
"""Faster than anybody types; those who paste a long text that they wrote elsewhere do it too, so it weighs little."""


def hidden_field(draft: Draft, past: Past) -> Reason | None:
    return Reason("honeypot", "A field that people cannot see was filled in", CERTAIN) if draft.honeypot else None


def too_fast(draft: Draft, past: Past) -> Reason | None:
    if draft.seconds is None or draft.seconds >= settings.COMMENT_MIN_SECONDS:
        return None
    return Reason("fast", f"Written in {in_seconds(draft.seconds)}", 3.0)


def long_for_its_time(draft: Draft, past: Past) -> Reason | None:
    if draft.seconds is None or draft.seconds < settings.COMMENT_MIN_SECONDS:
        return None
    if len(draft.source) <= max(draft.seconds, 1) * LETTERS_A_SECOND:
        return None
    return Reason("pasted", f"{len(draft.source):,} characters in {in_seconds(draft.seconds)}", 0.5)


def in_seconds(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole} second{'' if whole == 1 else 's'}"
