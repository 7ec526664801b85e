"""Links: how many, where they lead, and what became of the comments that led there before."""

from __future__ import annotations

import re
from collections import Counter

from comments.markup import count_links
from comments.spam.draft import Draft, Reason
from comments.spam.past import Past
from comments.spam.traces import foreign_hosts, hosts

MANY_LINKS = 4
OFTEN_HERE, OFTEN_ELSEWHERE = 3, 3
WORST_HOST = 2.4
SHORTENERS = {
    "adf.ly", "bit.do", "bit.ly", "bl.ink", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly",
    "s.id", "shorturl.at", "soo.gd", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "tr.im", "urlz.fr", "v.gd",
}  # fmt: skip
DOMAIN = re.compile(
    r"(?:https?://|www\.)\S|\b[\w-]{1,63}\.(?:com|net|org|info|biz|shop|store|online|site|xyz|top|club|io|co|ru|cn)\b", re.I
)


def many_links(draft: Draft, past: Past) -> Reason | None:
    count = count_links(draft.source)
    if count < 2:
        return None
    return Reason("links", f"{count} links", 3.0 if count >= MANY_LINKS else 0.4 * (count - 1))


def link_in_name(draft: Draft, past: Past) -> Reason | None:
    return Reason("name-link", "A link in the name", 1.5) if DOMAIN.search(draft.name[:200]) else None


def turned_down_before(draft: Draft, past: Past) -> Reason | None:
    """The worst of the sites linked to, by the share of its comments that were turned down."""
    weighed = [(WORST_HOST * len(one.bad) / (len(one.bad) + len(one.good) + 1), one) for one in past.linked if one.bad]
    if not weighed:
        return None
    weight, worst = max(weighed)
    number = len(worst.bad)
    many = "a comment that was removed does" if number == 1 else f"{number} removed comments do"
    return Reason("bad-link", f"Links to {worst.host}, as {many}", round(weight, 1), tuple(worst.bad[:5]))


def shortened(draft: Draft, past: Past) -> Reason | None:
    through = next((host for host in foreign_hosts(draft.source) if host in SHORTENERS), None)
    return Reason("shortener", f"A link through {through}, which hides where it leads", 0.8) if through else None


def again_and_again(draft: Draft, past: Past) -> Reason | None:
    """The same site several times here, or within the hour in several comments."""
    foreign = set(foreign_hosts(draft.source))
    host, here = max(Counter(hosts(draft.source)).items(), key=lambda pair: (pair[0] in foreign, pair[1]), default=("", 0))
    if host in foreign and here >= OFTEN_HERE:
        return Reason("same-link", f"Links to {host} {here} times", 0.6)
    lately = max(past.linked, key=lambda one: len(one.recent), default=None)
    if lately is None or len(lately.recent) < OFTEN_ELSEWHERE:
        return None
    number = len(lately.recent)
    text = f"{number} other comments of the last hour link to {lately.host}"
    return Reason("same-link", text, min(1.6, 0.4 * (number - 1)), tuple(lately.recent[:5]))
