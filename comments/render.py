"""Draws a thread. The frame of a comment is a function and not a template, for speed: a few microseconds each.

One of two modules that mark HTML as safe: what it joins is escaped here, or was cleaned on the way in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from comments.spam.draft import because

INDENTS = 4
MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SAID_TO_WRITERS = {
    "all": "every comment is read before it appears", "first": "it is your first comment",
    "first-link": "it is your first comment with a link", "links": "it has several links",
}  # fmt: skip
LOOKED_AT = "a person should look at it first"
HEADINGS = ("h3", "h4", "h5")
TWO_DIGITS = [f"{number:02}" for number in range(60)]
UNFOLDED: Mapping[int, int] = MappingProxyType({})
TOMBSTONES = {
    "removed": ("Removed comment", "A moderator removed this."),
    "rejected": ("Removed comment", "A moderator removed this."),
    "withdrawn": ("Withdrawn comment", "Its writer took this back."),
    "held": ("Comment under review", "A moderator is reading this again."),
}
UNNAMED = {
    "removed": "a removed comment",
    "rejected": "a removed comment",
    "withdrawn": "a withdrawn comment",
    "held": "a comment under review",
}


class Row(NamedTuple):
    """A comment as the thread's one query gives it; the names are the columns."""

    id: int
    parent_id: int | None
    root_id: int
    path: bytes
    state: str
    pick: bool | str
    name: str
    twin: int
    user_id: int | None
    html: str
    anchor: dict | None
    edited: bool | str
    created_at: datetime
    parent__name: str | None
    parent__state: str | None
    answers: int = 0
    parent__twin: int | None = None


class Own(NamedTuple):
    """The comment whose writer looks at the page, and what to tell them."""

    id: int
    status: str


def safe(html: str) -> SafeString:
    """Marks a comment's stored HTML as safe: comments.markup cleaned it."""
    return mark_safe(html)


def thread(rows: Iterable[Row], *, can_reply: bool, own: Own | None = None, folded: Mapping[int, int] = UNFOLDED) -> SafeString:
    """The list items of a thread from its rows in reading order. A page may begin in the middle of a thread.

    `folded` says how many replies are left out, by the root of their thread: a link to them ends it.
    """
    zone = timezone.get_current_timezone()
    parts: list[str] = []
    path: list[Row] = []
    """The comments whose list items are open; all but the last have an open list of replies."""
    drawn: set[int] = set()
    for row in rows:
        if path and is_below(row, path[-1]):
            parts.append('<ol class="replies">')
        elif path:
            parts.append(close(path, row, folded))
        above = path[-1].id if path else None
        to = answer(row, drawn) if row.parent_id != above or len(path) >= INDENTS else ""
        status = own.status if own and own.id == row.id else ""
        parts.append(f"<li>{frame(row, len(path), zone, can_reply, to, status)}")
        path.append(row)
        drawn.add(row.id)
    if path:
        parts.append(close(path, None, folded))
    return mark_safe("".join(parts))


def close(path: list[Row], following: Row | None, folded: Mapping[int, int]) -> str:
    """The ends of the list items under which the `following` comment does not stand, taken from `path`."""
    last, count = path.pop(), 1
    while path and not (following and is_below(following, path[-1])):
        last, count = path.pop(), count + 1
    fold = more(last, folded[last.id]) if last.id in folded else ""
    return f"{'</li></ol>' * (count - 1)}{fold}</li>"


def more(root: Row, count: int) -> str:
    """The link to the rest of a folded thread, on a page of its own."""
    whose = f" in the thread of {escape(root.name)}" if root.state == "visible" else " in this thread"
    words = "1 more reply" if count == 1 else f"{count} more replies"
    return f'<p class="fold"><a href="?thread={root.id}#talk">{words}<span class="vh">{whose}</span></a></p>'


def is_below(row: Row, above: Row) -> bool:
    return row.root_id == above.root_id and row.path.startswith(above.path)


def answer(row: Row, drawn: set[int]) -> str:
    """Whom a comment answers, where its place on the page does not show it; '' for one that answers nobody."""
    if row.parent_id is None:
        return ""
    where = f"#c-{row.parent_id}" if row.parent_id in drawn else f"/comments/{row.parent_id}/"
    name = UNNAMED.get(row.parent__state or "") or numbered(row.parent__name or "", row.parent__twin)
    return f'<span>to <a href="{where}" dir="auto">{name}</a></span> '


def numbered(name: str, twin: int | None) -> str:
    """The name as HTML, with its number where another writer had it first."""
    if not twin or twin == 1:
        return escape(name)
    return f'{escape(name)} <span class="twin">· {twin}<span class="vh"> (another writer)</span></span>'


def frame(row: Row, level: int, zone: tzinfo, can_reply: bool, to: str, status: str) -> str:
    """One comment. `level` is how deep the page draws it, `to` and `status` HTML for its header and under it."""
    time = time_of(row.created_at.astimezone(zone))
    heading = HEADINGS[level] if level < len(HEADINGS) else "h6"
    if row.state in TOMBSTONES and (not status or row.state == "withdrawn"):
        return tombstone(row, heading, time)
    name = numbered(row.name, row.twin)
    time += ' <span class="edited">edited</span>' if row.edited else ""
    badge = '<span class="badge">Staff</span> ' if row.user_id else ""
    mark = '<p class="pick-mark">Editor’s pick</p>' if row.pick else ""
    told = f'<p class="status" role="status">{status}</p>' if status else ""
    acts = "" if row.state != "visible" else links(row.id, name, can_reply)
    kind = "comment held" if row.state != "visible" else "comment pick" if row.pick else "comment"
    return (
        f'<article class="{kind}" id="c-{row.id}" aria-labelledby="n-{row.id}"><header>{mark}'
        f'<{heading} id="n-{row.id}" dir="auto">{name}</{heading}> {badge}{to}{time}</header>{told}{passage(row.anchor)}'
        f'<div class="said" dir="auto">{row.html}</div>{acts}</article>'
    )


def passage(anchor: dict | None) -> str:
    """The words that a comment is about, with a link to them where the article on the page has a `mark` for them."""
    words = escape((anchor or {}).get("exact", ""))
    if not anchor or not words:
        return ""
    if mark := anchor.get("mark"):
        words, where = f'<a href="#{mark}">{words}</a>', "On a passage in the article"
    else:
        where = "On an earlier version of the article"
    return f'<blockquote class="passage" dir="auto">{words} <small lang="en">{where}</small></blockquote>'


def time_of(when: datetime) -> str:
    clock = f"{TWO_DIGITS[when.hour]}:{TWO_DIGITS[when.minute]}"
    return f'<time datetime="{when.isoformat(timespec="minutes")}">{day(when.date())}, {clock}</time>'


@lru_cache(maxsize=1024)
def day(of: date) -> str:
    return f"{of.day} {MONTHS[of.month]} {of.year}"


def tombstone(row: Row, heading: str, time: str) -> str:
    """What stands for a comment that readers may not see, where its replies are shown."""
    title, what = TOMBSTONES[row.state]
    return (
        f'<article class="comment gone" id="c-{row.id}" aria-labelledby="n-{row.id}"><header><{heading} id="n-{row.id}">{title}'
        f'</{heading}> {time}</header><p class="said">{what} The replies to it stay.</p></article>'
    )


def links(pk: int, name: str, can_reply: bool) -> str:
    reply = f'<a href="/comments/{pk}/reply/" rel="nofollow">Reply<span class="vh"> to {name}</span></a> ' if can_reply else ""
    link = f'<a href="/comments/{pk}/" rel="nofollow">Link<span class="vh"> to the comment by {name}</span></a>'
    report = f'<a href="/comments/{pk}/report/" rel="nofollow">Report<span class="vh"> the comment by {name}</span></a>'
    return f'<p class="acts">{reply}{link} {report}</p>'


def status_of(state: str, reasons: list[dict], told: str = "") -> SafeString:
    """What the writer of a comment is told above it; `told` is the moderator's note."""
    if state in {"removed", "rejected"}:
        said = f" <q>{escape(told)}</q>" if told else ""
        return mark_safe(f"A moderator decided not to show this.{said} <span>Only you see your words here.</span>")
    if state != "held":
        return mark_safe("Your comment is here. <span>Everybody can see it.</span>")
    why = "; ".join(words_for_writer(reasons))
    return mark_safe(
        "Waiting for review. <span>Only you can see it for now. "
        f"A moderator reads it before it appears{f': {why}' if why else ''}.</span>"
    )


def rights_of(pk: int, token: str, until: str, *, can_edit: bool) -> SafeString:
    """What the writer is told that they can still do, with the links that do it; `until` is a time of day."""
    query = f"?c={escape(token)}" if token else ""
    edit = f'<a href="/comments/{pk}/edit/{query}">edit<span class="vh"> your comment</span></a> or ' if can_edit else ""
    delete = f'<a href="/comments/{pk}/delete/{query}">delete<span class="vh"> your comment</span></a>'
    return mark_safe(f" <span>You can {edit}{delete} it until {until}.</span>")


def words_for_writer(reasons: list[dict]) -> list[str]:
    """Why it waits, the heaviest first: a rule of the site as it is; of what the defence found only that it found something.

    Whoever tries how far they can go would learn from more.
    """
    told = [SAID_TO_WRITERS.get(reason["code"], LOOKED_AT) for reason in because(reasons)]
    return list(dict.fromkeys(told))
