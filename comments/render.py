"""Draws a thread. The frame of a comment is a function and not a template, for speed: a few microseconds each.

One of two modules that mark HTML as safe: what it joins is escaped here, or was cleaned on the way in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

INDENTS = 4
MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
HEADINGS = ("h3", "h4", "h5")
TWO_DIGITS = [f"{number:02}" for number in range(60)]


class Row(NamedTuple):
    """A comment as the thread's one query gives it; the names are the columns."""

    id: int
    parent_id: int | None
    root_id: int
    path: bytes
    state: str
    pick: bool | str
    name: str
    user_id: int | None
    html: str
    created_at: datetime
    parent__name: str | None
    parent__state: str | None


class Own(NamedTuple):
    """The comment whose writer looks at the page, and what to tell them."""

    id: int
    status: str


def safe(html: str) -> SafeString:
    """Marks a comment's stored HTML as safe: comments.markup cleaned it."""
    return mark_safe(html)


def thread(rows: Iterable[Row], *, can_reply: bool, own: Own | None = None) -> SafeString:
    """The list items of a thread from its rows in reading order. A page may begin in the middle of a thread."""
    zone = timezone.get_current_timezone()
    parts: list[str] = []
    path: list[Row] = []
    """The comments whose list items are open; all but the last have an open list of replies."""
    drawn: set[int] = set()
    for row in rows:
        if path and is_below(row, path[-1]):
            parts.append('<ol class="replies">')
        elif path:
            parts.append("</li>")
            path.pop()
            while path and not is_below(row, path[-1]):
                parts.append("</ol></li>")
                path.pop()
        above = path[-1].id if path else None
        to = answer(row, drawn) if row.parent_id != above or len(path) >= INDENTS else ""
        status = own.status if own and own.id == row.id else ""
        parts.append(f"<li>{frame(row, len(path), zone, can_reply, to, status)}")
        path.append(row)
        drawn.add(row.id)
    if path:
        parts.append("</li>" + "</ol></li>" * (len(path) - 1))
    return mark_safe("".join(parts))


def is_below(row: Row, above: Row) -> bool:
    return row.root_id == above.root_id and row.path.startswith(above.path)


def answer(row: Row, drawn: set[int]) -> str:
    """Whom a comment answers, where its place on the page does not show it; '' for one that answers nobody."""
    if row.parent_id is None:
        return ""
    where = f"#c-{row.parent_id}" if row.parent_id in drawn else f"/comments/{row.parent_id}/"
    name = escape(row.parent__name or "") if row.parent__state == "visible" else "a removed comment"
    return f'<span>to <a href="{where}" dir="auto">{name}</a></span> '


def frame(row: Row, level: int, zone: tzinfo, can_reply: bool, to: str, status: str) -> str:
    """One comment. `level` is how deep the page draws it, `to` and `status` HTML for its header and under it."""
    time = time_of(row.created_at.astimezone(zone))
    heading = HEADINGS[level] if level < len(HEADINGS) else "h6"
    if row.state in {"removed", "rejected"}:
        return tombstone(row.id, heading, time)
    name = escape(row.name)
    badge = '<span class="badge">Staff</span> ' if row.user_id else ""
    mark = '<p class="pick-mark">Editor’s pick</p>' if row.pick else ""
    told = f'<p class="status" role="status">{status}</p>' if status else ""
    acts = "" if row.state == "held" else links(row.id, name, can_reply)
    kind = "comment held" if row.state == "held" else "comment pick" if row.pick else "comment"
    return (
        f'<article class="{kind}" id="c-{row.id}" aria-labelledby="n-{row.id}"><header>{mark}'
        f'<{heading} id="n-{row.id}" dir="auto">{name}</{heading}> {badge}{to}{time}</header>{told}'
        f'<div class="said" dir="auto">{row.html}</div>{acts}</article>'
    )


def time_of(when: datetime) -> str:
    iso, words = day(when.date())
    clock = f"{TWO_DIGITS[when.hour]}:{TWO_DIGITS[when.minute]}"
    return f'<time datetime="{iso}T{clock}">{words}, {clock}</time>'


@lru_cache(maxsize=1024)
def day(of: date) -> tuple[str, str]:
    """A day for machines and in words."""
    return of.isoformat(), f"{of.day} {MONTHS[of.month]} {of.year}"


def tombstone(pk: int, heading: str, time: str) -> str:
    return (
        f'<article class="comment gone" id="c-{pk}" aria-labelledby="n-{pk}"><header><{heading} id="n-{pk}">Removed comment'
        f'</{heading}> {time}</header><p class="said">A moderator removed this. The replies to it stay.</p></article>'
    )


def links(pk: int, name: str, can_reply: bool) -> str:
    reply = f'<a href="/comments/{pk}/reply/" rel="nofollow">Reply<span class="vh"> to {name}</span></a> ' if can_reply else ""
    link = f'<a href="/comments/{pk}/" rel="nofollow">Link<span class="vh"> to the comment by {name}</span></a>'
    return f'<p class="acts">{reply}{link}</p>'


def status_of(state: str, reasons: list[dict]) -> SafeString:
    """What the writer of a comment is told above it."""
    if state != "held":
        return mark_safe("Your comment is here. <span>Everybody can see it.</span>")
    why = "; ".join(escape(reason["text"]).lower() for reason in reasons)
    return mark_safe(
        f"Waiting for review. <span>Only you can see it for now. A moderator reads it before it appears: {why}.</span>"
    )
