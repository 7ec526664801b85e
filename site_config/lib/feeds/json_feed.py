"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from datetime import datetime

from site_config.lib.feeds.records import Entry, Feed, Person
from site_config.lib.text import strip_controls


def json_feed(feed: Feed) -> str:
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": strip_controls(feed.title),
        "description": strip_controls(feed.subtitle),
        "home_page_url": feed.url,
        "feed_url": feed.address,
        "next_url": feed.next,
        "icon": feed.icon,
        "language": feed.language,
        "authors": [person(feed.author)] if feed.author else [],
    }
    return json.dumps({**filled(whole), "items": [item(entry) for entry in feed.entries]}, ensure_ascii=False, indent=1)


def item(entry: Entry) -> dict:
    file = entry.enclosure
    attached = {"url": file.url, "mime_type": file.type, "size_in_bytes": file.length} if file else None
    return filled(
        {
            "id": entry.id,
            "url": entry.url,
            "title": strip_controls(entry.title),
            "summary": strip_controls(entry.summary),
            "content_html": strip_controls(entry.html) or " ",
            "image": file.url if file else "",
            "date_published": moment(entry.published),
            "date_modified": moment(entry.updated),
            "authors": [person(author) for author in entry.authors],
            "tags": [strip_controls(tag) for tag in entry.tags],
            "language": entry.language,
            "attachments": [attached] if attached else [],
        }
    )


def person(found: Person) -> dict:
    return filled({"name": strip_controls(found.name), "url": found.url})


def filled(values: dict) -> dict:
    return {name: value for name, value in values.items() if value}


def moment(when: datetime) -> str:
    return when.isoformat()
