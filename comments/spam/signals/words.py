"""What this site's own decisions say of the words."""

from __future__ import annotations

from comments.spam.draft import Draft, Reason
from comments.spam.past import Past

LEAST = 0.1
MOST_SHOWN = 4


def as_learned(draft: Draft, past: Past) -> Reason | None:
    """Shows the words that weighed most on the side to which they all together lean."""
    opinion = past.opinion
    weight = round(opinion.weight, 1)
    if abs(weight) < LEAST:
        return None
    shown = [f"“{clue.shown}”" for clue in opinion.telling if clue.weight * weight > 0][:MOST_SHOWN]
    return Reason("words", f"Words, as learned: {', '.join(shown)}", weight)
