"""What the W3C feed validator (https://validator.w3.org/feed/docs/) calls an error or warns of, as far as a feed of ours could
come to it: read by a parser that knows nothing of how we write. Each gives sentences; none is a valid feed."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser

ATOM, THR = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/thread/1.0}"
CONTENT, DC = "{http://purl.org/rss/1.0/modules/content/}", "{http://purl.org/dc/elements/1.1/}"
SLASH, WFW = "{http://purl.org/rss/1.0/modules/slash/}", "{http://wellformedweb.org/CommentAPI/}"

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[\w/.~!$&'()*+,;=:@%?-]+")
IRI = re.compile(r"(https?://[^\s/<>\"{}|\\^`]+(/[^\s<>\"{}|\\^`]*)?|urn:[\w-]+:\S+|" + TAG_URI.pattern + ")")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ufffd\ufffe\uffff]")

SAFE_TAGS = set(
    "html head body a aside blockquote br caption cite code del em figcaption figure h2 h3 h4 hr img ins li ol p pre s "
    "span strong sub sup table tbody td tfoot th thead tr ul".split()
)
SAFE_ATTRIBUTES = {"alt", "class", "dir", "height", "href", "id", "lang", "rel", "scope", "src", "start", "width"}

FEED = {"id": 1, "title": 1, "updated": 1, "subtitle": 0, "icon": 0, "rights": 0, "generator": 0}
ENTRY = {"id": 1, "title": 1, "updated": 1, "published": 0, "summary": 0, "content": 0, "rights": 0}
CHANNEL = {"title": 1, "link": 1, "description": 1, "language": 0, "lastBuildDate": 0, f"{ATOM}link": None, "item": None}
ITEM = {
    "title": 0, "link": 0, "guid": 1, "pubDate": 0, "description": 0, f"{CONTENT}encoded": 0, "enclosure": 0, "comments": 0,
    f"{DC}creator": None, "category": None, f"{WFW}commentRss": 0, f"{SLASH}comments": 0,
}  # fmt: skip


def problems(text: bytes, address: str, kind: str) -> list[str]:
    return {"atom": of_atom, "rss": of_rss, "json": of_json}[kind](text, address)


# --- Atom ---------------------------------------------------------------------------------------------------------------


def of_atom(text: bytes, address: str) -> list[str]:
    feed = ElementTree.fromstring(text)
    found = [*counted(feed, {f"{ATOM}{name}": least for name, least in FEED.items()}, {"author", "link", "category", "entry"})]
    links = feed.findall(f"{ATOM}link")
    if [link.get("href") for link in links if link.get("rel") == "self"] != [address]:
        found.append("the link to itself is missing or leads elsewhere")
    if not LANGUAGE.fullmatch(feed.get("{http://www.w3.org/XML/1998/namespace}lang") or ""):
        found.append("no language")
    found += of_links(links)
    ids = [feed.findtext(f"{ATOM}id")]
    for entry in feed.findall(f"{ATOM}entry"):
        ids.append(entry.findtext(f"{ATOM}id"))
        found += of_entry(entry, feed)
    found += of_ids(ids)
    moments = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
    newest = max(map(datetime.fromisoformat, moments), default=None)
    if newest and datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) != newest:
        found.append("the feed was not updated when its newest entry was")
    return found


def of_entry(entry, feed) -> list[str]:
    names = {f"{ATOM}{name}": least for name, least in ENTRY.items()}
    found = counted(entry, names, {"author", "link", "category"}, {f"{THR}in-reply-to"})
    if not entry.findall(f"{ATOM}author") and not feed.findall(f"{ATOM}author"):
        found.append("an entry without an author")
    for author in entry.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip():
            found.append("an author without a name")
        if "@" in (author.findtext(f"{ATOM}name") or ""):
            found.append("an author's name with an e-mail address")
        uri = author.findtext(f"{ATOM}uri")
        found += [f"{uri!r} is no address"] if uri is not None and not IRI.fullmatch(uri) else []
    found += of_links(entry.findall(f"{ATOM}link"))
    if not [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]:
        found.append("an entry without an address")
    for name in ("updated", "published"):
        moment = entry.findtext(f"{ATOM}{name}")
        found += [f"{moment!r} is no moment"] if moment and not RFC3339.fullmatch(moment) else []
    content = entry.find(f"{ATOM}content")
    if content is not None:
        if content.get("type") != "html":
            found.append("the content is not said to be HTML")
        found += of_html(content.text or "")
    for plain in ("title", "summary"):
        element = entry.find(f"{ATOM}{plain}")
        if element is not None and element.get("type", "text") != "text":
            found.append(f"{plain} is no plain text")
    for answered in entry.findall(f"{THR}in-reply-to"):
        if not IRI.fullmatch(answered.get("ref") or "") or not IRI.fullmatch(answered.get("href") or ""):
            found.append("an answer to nothing")
    return found


def of_links(links) -> list[str]:
    found = []
    seen = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
    if len(seen) != len(set(seen)):
        found.append("two alternate links of one type")
    for link in links:
        if not IRI.fullmatch(link.get("href") or ""):
            found.append(f"{link.get('href')!r} is no address")
        if not MIME.fullmatch(link.get("type") or ""):
            found.append(f"{link.get('type')!r} is no type")
        if link.get("rel") not in {"self", "alternate", "next", "enclosure", "replies"}:
            found.append(f"{link.get('rel')!r} is not registered")
        if link.get("rel") == "enclosure" and not (link.get("length") or "").isdecimal():
            found.append("an enclosure without a length")
        if (link.text or "").strip() or len(link):
            found.append("a link with something in it")
    return found


# --- RSS ----------------------------------------------------------------------------------------------------------------


def of_rss(text: bytes, address: str) -> list[str]:
    root = ElementTree.fromstring(text)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None or len(root) != 1:
        return ["no RSS 2.0"]
    found = counted(channel, CHANNEL)
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if [(link.get("href"), link.get("type")) for link in own] != [(address, "application/rss+xml")]:
        found.append("the link to itself is missing or leads elsewhere")
    if not LANGUAGE.fullmatch(channel.findtext("language") or ""):
        found.append("no language")
    found += [f"{name} is empty" for name in ("title", "link", "description") if not (channel.findtext(name) or "").strip()]
    for item in channel.findall("item"):
        found += of_item(item)
    return found + of_ids([item.findtext("guid") for item in channel.findall("item")])


def of_item(item) -> list[str]:
    found = counted(item, ITEM)
    if not (item.findtext("title") or item.findtext("description") or "").strip():
        found.append("an item with neither title nor description")
    for name in ("link", "comments", f"{WFW}commentRss"):
        address = item.findtext(name)
        found += [f"{name}: {address!r} is no address"] if address is not None and not IRI.fullmatch(address) else []
    if item.find("guid").get("isPermaLink") != "false":
        found.append("a guid that is no address but said to be one")
    moment = item.findtext("pubDate")
    if not RFC822.fullmatch(moment) or parsedate_to_datetime(moment).strftime("%a") != moment[:3]:
        found.append(f"{moment!r} is no moment")
    for file in item.findall("enclosure"):
        if not IRI.fullmatch(file.get("url")) or not MIME.fullmatch(file.get("type")) or not file.get("length").isdecimal():
            found.append("an enclosure that is none")
    return found + of_html(item.findtext(f"{CONTENT}encoded") or "") + of_html(item.findtext("description") or "")


# --- JSON Feed ----------------------------------------------------------------------------------------------------------

JSON_FEED = {
    "version": str, "title": str, "description": str, "home_page_url": str, "feed_url": str, "next_url": str, "icon": str,
    "language": str, "authors": list, "items": list,
}  # fmt: skip
JSON_ITEM = {
    "id": str, "url": str, "title": str, "summary": str, "content_html": str, "image": str, "date_published": str,
    "date_modified": str, "authors": list, "tags": list, "language": str, "attachments": list,
}  # fmt: skip


def of_json(text: bytes, address: str) -> list[str]:
    feed = json.loads(text)
    found = typed(feed, JSON_FEED, {"version", "title", "home_page_url", "feed_url", "items"})
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append("another version")
    if feed.get("feed_url") != address or feed.get("next_url") == address:
        found.append("an address that leads elsewhere")
    people = list(feed.get("authors", []))
    for item in feed["items"]:
        found += typed(item, JSON_ITEM, {"id", "url", "content_html", "date_published"})
        found += of_html(item["content_html"])
        found += [
            f"{item[name]!r} is no moment" for name in item if name.startswith("date_") and not RFC3339.fullmatch(item[name])
        ]
        found += [
            f"{item[name]!r} is no address" for name in ("url", "image") if name in item and not IRI.fullmatch(item[name])
        ]
        people += item.get("authors", [])
        for file in item.get("attachments", []):
            found += typed(file, {"url": str, "mime_type": str, "size_in_bytes": int}, {"url", "mime_type"})
    for person in people:
        found += typed(person, {"name": str, "url": str, "avatar": str}, set())
        found += [] if person else ["an author without anything"]
    return found + of_ids([item["id"] for item in feed["items"]])


def typed(values: dict, types: dict, needed: set[str]) -> list[str]:
    wrong = [name for name, value in values.items() if name not in types or type(value) is not types[name] or value in ("", [])]
    return [f"{name} does not belong here" for name in wrong if name != "items"] + [
        f"no {name}" for name in needed - set(values)
    ]


# --- what they share ----------------------------------------------------------------------------------------------------


def counted(parent, names: dict, many: set[str] = frozenset(), others: set[str] = frozenset()) -> list[str]:
    """`names` with how often each must be there; those not None may be there once at most."""
    found = []
    any_number = {f"{ATOM}{name}" for name in many} | set(others) | {name for name, least in names.items() if least is None}
    tags = [child.tag for child in parent]
    found += [f"{tag} does not belong into {parent.tag}" for tag in set(tags) - set(names) - any_number]
    found += [f"{tag} stands {tags.count(tag)} times" for tag in set(tags) - any_number if tags.count(tag) > 1]
    found += [f"{name} is missing" for name, least in names.items() if least and name not in tags]
    blank = [child.tag for child in parent if not (child.text or "").strip() and not child.attrib and not len(child)]
    return found + [f"{tag} is empty" for tag in blank]


def of_ids(ids: list[str | None]) -> list[str]:
    found = [f"{name!r} is no id" for name in ids if not IRI.fullmatch(name or "")]
    return found + (["one id for two"] if len(set(ids)) != len(ids) else [])


def of_html(html: str) -> list[str]:
    found = ["characters that no text has"] if BAD.search(html) else []
    for node in LexborHTMLParser(html).css("*"):
        if node.tag not in SAFE_TAGS:
            found.append(f"the content has {node.tag}")
        for name, value in node.attributes.items():
            if name not in SAFE_ATTRIBUTES:
                found.append(f"the content has the attribute {name}")
            if name in {"href", "src"} and not re.match(r"(https?://|mailto:|tel:)", value or ""):
                found.append(f"the content has the relative address {value!r}")
    return found
