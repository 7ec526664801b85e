"""Reads a folder of Markdown and HTML files with front matter.

Known keys: title, subtitle, summary, slug, kind (article or page), date, draft, byline, tags, language,
canonical_url, feed_id, image, image_alt, image_credit, corrections (each with date and text). Pictures are named
relative to the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from articles.porting.readers import front_matter as matter
from articles.porting.records import ArticleRecord, BadRecord, PictureRecord
from site_config.lib.safe_html import TooDeep, check_depth
from site_config.lib.text import shorten

LARGEST = 5_000_000
LONGEST_NAME = 190
ENDINGS = {".md", ".markdown", ".html", ".htm"}


def read(folder: Path) -> Iterator[ArticleRecord | BadRecord]:
    """The records of all files below `folder`, by name; a BadRecord in the place of a file that cannot be read."""
    root = folder.resolve()
    for file in sorted(root.rglob("*")):
        if file.suffix.lower() not in ENDINGS or not file.is_file() or file.name.startswith("."):
            continue
        try:
            yield read_file(file, root)
        except BadRecord as error:
            yield error
        except OSError as error:
            yield BadRecord(f"{file.relative_to(root).as_posix()}: cannot be read ({error.strerror}).")


def read_file(file: Path, root: Path) -> ArticleRecord:
    name = file.relative_to(root).as_posix()
    text = read_text(file, root, name)
    front, body = matter.split(text, name)
    html = to_html(body, name) if file.suffix.lower().startswith(".m") else shallow(body, name)
    lead, pictures = read_pictures(front, html, file, root, name)
    return ArticleRecord(
        source_id=f"folder:{name}",
        digest=digest_of(text, [*pictures.values(), *([lead] if lead else [])]),
        title=matter.text_of(front, "title", name) or file.stem.replace("-", " ")[: matter.LONGEST["title"]],
        body=html,
        kind=matter.choice(front, "kind", name, ("article", "page")),
        subtitle=matter.text_of(front, "subtitle", name),
        summary=matter.text_of(front, "summary", name),
        slug=matter.text_of(front, "slug", name) or file.stem,
        language=matter.language_of(front, name),
        canonical_url=matter.address_of(front, "canonical_url", name),
        feed_id=matter.feed_id_of(front, name),
        date=matter.moment(front.get("date"), name),
        draft=matter.flag(front, "draft", name),
        bylines=matter.names_of(front.get("byline", front.get("bylines")), name, "byline"),
        tags=matter.names_of(front.get("tags"), name, "tags"),
        lead=lead,
        pictures=pictures,
        corrections=matter.corrections_of(front, name),
    )


def read_text(file: Path, root: Path, name: str) -> str:
    """The file's text with line ends of one kind."""
    if not file.resolve().is_relative_to(root):
        raise BadRecord(f"{name}: leads out of the folder.")
    if len(name) > LONGEST_NAME:
        raise BadRecord(f"{name}: path and name have {len(name)} characters; {LONGEST_NAME} is the most.")
    if file.stat().st_size > LARGEST:
        raise BadRecord(f"{name}: larger than {LARGEST // 1_000_000} MB.")
    try:
        return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadRecord(f"{name}: not UTF-8 at byte {error.start}. Save the file as UTF-8.") from None


def digest_of(text: str, pictures: list[PictureRecord]) -> str:
    """Changes when the text or one of its pictures does."""
    digest = hashlib.sha256(text.encode())
    for found in pictures:
        digest.update(found.file.read_bytes())
    return digest.hexdigest()


def to_html(markdown: str, name: str) -> str:
    return shallow(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown), name)


def shallow(html: str, name: str) -> str:
    """The HTML itself, once it is known that a parser can be asked about it."""
    try:
        check_depth(html)
    except TooDeep as error:
        raise BadRecord(f"{name}: {error}") from None
    return html


def read_pictures(
    front: dict, html: str, file: Path, root: Path, name: str
) -> tuple[PictureRecord | None, dict[str, PictureRecord]]:
    pictures: dict[str, PictureRecord] = {}
    for image in LexborHTMLParser(html).css("img[src]"):
        source = image.attributes.get("src") or ""
        if not re.match(r"[a-z]+:|//", source, re.I):
            alt = shorten(image.attributes.get("alt") or "", matter.LONGEST["image_alt"])
            pictures[source] = PictureRecord(beside(source, file, root, name), alt)
    lead = None
    if front.get("image"):
        words = matter.text_of(front, "image_alt", name), matter.text_of(front, "image_credit", name)
        lead = PictureRecord(beside(matter.text_of(front, "image", name), file, root, name), *words)
    return lead, pictures


def beside(source: str, file: Path, root: Path, name: str) -> Path:
    """The picture's file, which must lie in the folder that is imported."""
    try:
        found = (file.parent / unquote(source)).resolve()
        there = found.is_file()
    except (OSError, ValueError):  # a name that no file can have: too long, or with a NUL
        raise BadRecord(f"{name}: the picture {source[:80]!r} is not there.") from None
    if not found.is_relative_to(root):
        raise BadRecord(f"{name}: the picture {source!r} lies outside the folder.")
    if not there:
        raise BadRecord(f"{name}: the picture {source!r} is not there.")
    return found
