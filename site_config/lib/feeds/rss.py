"""RSS 2.0, after the profile of the RSS Advisory Board: the text in content:encoded, names in dc:creator."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from site_config.lib.feeds.markup import element, escape, some
from site_config.lib.feeds.records import RSS, TYPES, Entry, Feed

SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)


def rss(feed: Feed) -> str:
    parts = [
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {SPACES}>\n<channel>',
        element("title", feed.title),
        element("link", feed.url),
        element("description", feed.subtitle or feed.title),
        element("language", feed.language.lower()),
        element("lastBuildDate", moment(feed.updated)),
        element("atom:link", rel="self", type=TYPES[RSS], href=feed.address),
        element("atom:link", rel="next", type=TYPES[RSS], href=feed.next) if feed.next else "",
        *(item(entry) for entry in feed.entries),
        "</channel>\n</rss>\n",
    ]
    return "\n".join(part for part in parts if part)


def item(entry: Entry) -> str:
    file = entry.enclosure
    parts = [
        "<item>",
        element("title", entry.title),
        element("link", entry.url),
        element("guid", entry.id, isPermaLink="false"),
        element("pubDate", moment(entry.published)),
        *(element("dc:creator", author.name) for author in entry.authors),
        *(element("category", tag) for tag in entry.tags),
        f"<description>{escape(escape(entry.summary))}</description>" if entry.summary else "",
        element("content:encoded", entry.html),
        element("enclosure", url=file.url, type=file.type, length=file.length) if file else "",
        some("comments", entry.talk),
        some("wfw:commentRss", entry.replies),
        element("slash:comments", entry.reply_count) if entry.replies else "",
        "</item>",
    ]
    return "\n".join(part for part in parts if part)


def moment(when: datetime) -> str:
    """By RFC 822, as amended: four digits of the year."""
    return format_datetime(when.astimezone(UTC).replace(microsecond=0), usegmt=True)
