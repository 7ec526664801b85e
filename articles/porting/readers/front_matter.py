"""Front matter: YAML between two lines of three hyphens at the head of a file, read key by key."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import yaml

from articles.porting.records import BadRecord, CorrectionRecord

LARGEST = 50_000
FRONT_MATTER = re.compile(r"\A\ufeff?---[^\S\n]*\n(.*?)\n---[^\S\n]*(?:\n|\Z)(.*)\Z", re.S)
KNOWN = {
    "title", "subtitle", "summary", "slug", "kind", "date", "draft", "byline", "bylines", "tags", "language",
    "canonical_url", "feed_id", "image", "image_alt", "image_credit", "corrections",
}  # fmt: skip
LONGEST = {
    "title": 200, "subtitle": 300, "summary": 500, "slug": 100, "language": 15, "canonical_url": 500,
    "feed_id": 300, "image_alt": 500, "image_credit": 200, "tags": 60, "byline": 100, "text": 2000,
}  # fmt: skip
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FEED_ID = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f]+", re.I)
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.I)


class Loader(yaml.SafeLoader):
    """Plain YAML without aliases: a few lines of them can make more values than any machine holds."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)


def split(text: str, name: str) -> tuple[dict, str]:
    """The keys and the rest of a file. Raises BadRecord, as all below, which names the file and what is wrong."""
    match = FRONT_MATTER.match(text)
    if not match:
        raise BadRecord(f"{name}: no front matter. Begin the file with a line of three hyphens, keys, and three hyphens.")
    if len(match[1]) > LARGEST:
        raise BadRecord(f"{name}: the front matter is longer than {LARGEST:,} characters.")
    front = load(match[1], name)
    if not isinstance(front, dict):
        raise BadRecord(f"{name}: the front matter must be keys with values, such as title: My article.")
    unknown = sorted(str(key) for key in front if key not in KNOWN)
    if unknown:
        raise BadRecord(f"{name}: unknown key {unknown[0]!r}. Known are {', '.join(sorted(KNOWN))}.")
    return front, match[2]


def load(text: str, name: str) -> object:
    try:
        return yaml.load(text, Loader) or {}  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise BadRecord(f"{name}: line {line} of the front matter is not YAML ({error.problem}).") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # control characters, a 30 February, a thousand brackets
        why = str(error).splitlines()[0]
        raise BadRecord(f"{name}: the front matter is not YAML ({why}).") from None


def text_of(front: dict, key: str, name: str, pattern: re.Pattern | None = None, shape: str = "") -> str:
    """The text under `key`, '' if there is none; of `pattern`, which `shape` puts into words."""
    value = front.get(key)
    if value is None:
        return ""
    if isinstance(value, dict | list | bool):  # YAML takes no, the code of Norwegian, for false
        raise BadRecord(f"{name}: {key} must be a text. Put it in quotation marks.")
    text = short(str(value).strip(), key, name)
    if text and pattern and not pattern.fullmatch(text):
        raise BadRecord(f"{name}: {key} is {text!r}; write {shape}.")
    return text


def short(text: str, key: str, name: str) -> str:
    if len(text) > LONGEST.get(key, len(text)):
        raise BadRecord(f"{name}: {key} has {len(text)} characters; {LONGEST[key]} is the most. Shorten “{text[:40]}…”.")
    return text


def language_of(front: dict, name: str) -> str:
    return text_of(front, "language", name, LANGUAGE, "a code such as en or pt-BR") or "en"


def address_of(front: dict, key: str, name: str) -> str:
    return text_of(front, key, name, WEB_ADDRESS, "an address that begins with https://")


def feed_id_of(front: dict, name: str) -> str:
    """An IRI, as Atom asks of its ids."""
    return text_of(front, "feed_id", name, FEED_ID, "the id from the old feed, such as tag:example.org,2019:post-7")


def choice(front: dict, key: str, name: str, choices: tuple[str, ...]) -> str:
    value = text_of(front, key, name) or choices[0]
    if value not in choices:
        raise BadRecord(f"{name}: {key} is {value!r}; write {' or '.join(choices)}.")
    return value


def flag(front: dict, key: str, name: str) -> bool:
    """Only a plain true is true, and a word that was meant so is no silent false."""
    value = front.get(key)
    if not isinstance(value, bool | None):
        raise BadRecord(f"{name}: {key} is {value!r}; write true or false.")
    return bool(value)


def names_of(value: object, name: str, key: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or any(isinstance(item, dict | list | bool | None) for item in value):
        raise BadRecord(f"{name}: {key} must be names, such as [One, Two].")
    return tuple(short(text, key, name) for item in value if (text := str(item).strip()))


def moment(value: object, name: str) -> datetime | None:
    """A YAML date or time as an aware time; without a zone it is UTC, without a time of day it is midnight."""
    if value is None:
        return None
    found = value
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not isinstance(found, datetime) or not 1000 <= found.year <= 9000:
        raise BadRecord(f"{name}: date is {str(value)!r}; write it like 2025-02-11 or 2025-02-11T08:00:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def corrections_of(front: dict, name: str) -> tuple[CorrectionRecord, ...]:
    """Under `corrections` a list of keys `date` and `text`; each date once, and none to come."""
    value = front.get("corrections") or []
    if not isinstance(value, list) or any(not isinstance(item, dict) or set(item) != {"date", "text"} for item in value):
        raise BadRecord(f"{name}: corrections must be a list in which each has a date and a text.")
    found = tuple(correction(item, f"{name}: corrections") for item in value)
    if len({one.date for one in found}) < len(found):
        raise BadRecord(f"{name}: two corrections have the same date. Give them a time of day, such as 2025-02-11T08:00:00Z.")
    return found


def correction(item: dict, name: str) -> CorrectionRecord:
    date, text = moment(item["date"], name), text_of(item, "text", name)
    if date is None or not text:
        raise BadRecord(f"{name}: one has no {'text' if date else 'date'}.")
    if date > datetime.now(UTC):
        raise BadRecord(f"{name}: the date {date:%Y-%m-%d} is yet to come. A correction is dated when it was made.")
    return CorrectionRecord(date, text)
