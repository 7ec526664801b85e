"""How it is written. Each weighs little: people do this too."""

from __future__ import annotations

import re

from comments.spam.draft import Draft, Reason
from comments.spam.past import Past
from site_config.lib.text import fold

CASED_LETTERS = 20
SHARE_OF_CAPITALS = 0.7
DRAWN_OUT = re.compile(r"([^\W\d_]|[!?])\1{5,}")
SELLING = {
    "agency", "bet", "betting", "bonus", "buy", "casino", "cbd", "cheap", "coupon", "crypto", "deals", "discount", "earn",
    "escort", "forex", "loan", "loans", "marketing", "offer", "offers", "online", "pills", "poker", "promo", "rank", "replica",
    "sale", "seo", "slots", "viagra",
}  # fmt: skip
WORD = re.compile(r"[^\W_]+")
MANY_WORDS = 6


def capitals(draft: Draft, past: Past) -> Reason | None:
    upper, lower = sum(map(str.isupper, draft.source)), sum(map(str.islower, draft.source))
    if upper + lower < CASED_LETTERS or upper < SHARE_OF_CAPITALS * (upper + lower):
        return None
    return Reason("capitals", "Mostly capitals", 0.5)


def drawn_out(draft: Draft, past: Past) -> Reason | None:
    return Reason("drawn-out", "One letter or mark many times in a row", 0.3) if DRAWN_OUT.search(draft.source) else None


def name_that_sells(draft: Draft, past: Past) -> Reason | None:
    """Two words of the trade, or one in a name as long as a sentence."""
    words = WORD.findall(fold(draft.name[:200]))
    selling = len(SELLING.intersection(words))
    if selling >= 2 or (selling and ("best" in words or len(words) >= MANY_WORDS)):
        return Reason("name", "Name looks like an advertisement", 0.8)
    return None
