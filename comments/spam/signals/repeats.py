"""Texts that were here before, or nearly."""

from __future__ import annotations

from comments.spam.draft import Draft, Reason
from comments.spam.past import SAME, TURNED_DOWN, Past

MOST_NAMED = 5


def like_turned_down(draft: Draft, past: Past) -> Reason | None:
    """One removed comment is enough to hold another of nearly the same words."""
    like = [one.pk for one in past.alike if one.state in TURNED_DOWN]
    if not like:
        return None
    number = len(like)
    text = "Looks like this removed one" if number == 1 else f"Looks like these {number} removed ones"
    return Reason("alike", text, 2.2 if number == 1 else 3.0, tuple(like[:MOST_NAMED]))


def posted_again(draft: Draft, past: Past) -> Reason | None:
    """The same text within the hour, at other places or under other names. It holds the fourth."""
    copies = [one.pk for one in past.alike if one.is_recent and one.likeness >= SAME]
    if not copies:
        return None
    number = len(copies)
    times = "once" if number == 1 else f"{number} times"
    weight = (0.5, 1.2, 2.0, 2.5, 3.0)[min(number, 5) - 1]
    return Reason("repeated", f"Nearly the same text was posted {times} within the hour", weight, tuple(copies[:MOST_NAMED]))
