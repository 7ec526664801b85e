"""What became of earlier comments from the same network, and of the same writer."""

from __future__ import annotations

from comments.spam.draft import Draft, Reason
from comments.spam.past import MOST_TURNED_DOWN, MOST_VISIBLE, Past

MOST = 1.5
TRUSTED = Reason("trusted", "A moderator has approved this writer before", -1.0)


def network(draft: Draft, past: Past) -> Reason | None:
    """A network may be a whole school: one removed comment weighs little, each that readers see takes weight away from what
    was removed, and all together hold nothing by themselves."""
    bad = len(past.turned_down)
    weight = round(min(MOST, 0.5 * bad) * bad / (bad + past.visible / 2), 1) if bad else 0
    if not weight:
        return None
    removed = told(bad, MOST_TURNED_DOWN, "comment" if bad == 1 else "comments")
    visible = told(past.visible, MOST_VISIBLE, "visible")
    text = f"{removed} from this network removed in 30 days, {visible}"
    return Reason("network", text, weight, tuple(past.turned_down[:5]))


def told(number: int, most: int, what: str) -> str:
    return f"{number}{' or more' if number == most else ''} {what}"


def trusted(draft: Draft, past: Past) -> Reason | None:
    return TRUSTED if past.is_trusted else None
