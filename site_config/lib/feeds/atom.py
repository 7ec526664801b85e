"""Atom: RFC 4287, threads by RFC 4685, pages of a feed by RFC 5005."""

from __future__ import annotations

from datetime import UTC, datetime

from site_config.lib.feeds.markup import element, escape, some
from site_config.lib.feeds.records import ATOM, TYPES, Entry, Feed, Person

THREADS = "http://purl.org/syndication/thread/1.0"


def atom(feed: Feed) -> str:
    parts = [
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="{THREADS}" '
        f'xml:lang="{escape(feed.language)}">',
        element("id", feed.id),
        element("title", feed.title),
        some("subtitle", feed.subtitle),
        element("updated", moment(feed.updated)),
        person(feed.author) if feed.author else "",
        some("icon", feed.icon),
        element("link", rel="self", type="application/atom+xml", href=feed.address),
        element("link", rel="alternate", type="text/html", href=feed.url),
        element("link", rel="next", type="application/atom+xml", href=feed.next) if feed.next else "",
        *(entry_element(entry, feed.language) for entry in feed.entries),
        "</feed>\n",
    ]
    return "\n".join(part for part in parts if part)


def entry_element(entry: Entry, language: str) -> str:
    spoken = f' xml:lang="{escape(entry.language)}"' if entry.language and entry.language != language else ""
    file, answers = entry.enclosure, entry.answers
    parts = [
        f"<entry{spoken}>",
        element("id", entry.id),
        element("title", entry.title),
        element("link", rel="alternate", type="text/html", href=entry.url),
        element("link", rel="enclosure", type=file.type, length=file.length, href=file.url) if file else "",
        element("link", rel="replies", type=TYPES[ATOM], thr__count=entry.reply_count, href=entry.replies)
        if entry.replies
        else "",
        element("thr:in-reply-to", ref=answers.id, type="text/html", href=answers.url) if answers else "",
        element("published", moment(entry.published)),
        element("updated", moment(entry.updated)),
        *(person(author) for author in entry.authors),
        *(element("category", term=tag) for tag in entry.tags),
        some("summary", entry.summary),
        element("content", entry.html, type="html"),
        "</entry>",
    ]
    return "\n".join(part for part in parts if part)


def person(found: Person) -> str:
    return f"<author>{element('name', found.name)}{some('uri', found.url)}</author>"


def moment(when: datetime) -> str:
    """By RFC 3339, to the microsecond where there is one: two entries of a second stay in order."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
