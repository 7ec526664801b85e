"""From the stored body to the HTML that is served. Pure: whatever must be looked up is handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from selectolax.lexbor import LexborHTMLParser, LexborNode

from articles.richtext.cleaning import body_of, parse, piece
from articles.richtext.plain import plain_text
from site_config.lib.text import count_words

SIZES = "(min-width: 40rem) 38rem, 100vw"
WIDE_SIZES = "(min-width: 68rem) 55rem, 100vw"
LEAD_SIZES = "(min-width: 75rem) 72rem, 100vw"
# Ids of the page round the text: its parts; comments and their names; captions of tables.
TAKEN = ("main", "title", "talk", "talk-title", "tags", "share", "rel", "write", "contents")
NUMBERED = re.compile(r"(?:c|n|table)(?:-\d+)?")


class Picture(NamedTuple):
    """What a page needs of an image: the address, the size in pixels, and the renditions as (address, width)."""

    url: str
    width: int
    height: int
    sources: list[tuple[str, int]]


class Rendered(NamedTuple):
    """What publication derives from a body; `contents` has {id, text, level, inner: [...]} for h2 and h3."""

    html: str
    contents: list[dict]
    plain_text: str
    words: int


def safe(html: str) -> SafeString:
    """Marks rendered HTML as safe: it went through clean() and render()."""
    return mark_safe(html)


def picture(image) -> Picture:
    """The Picture of an Image whose renditions are prefetched."""
    sources = [(rendition.url, rendition.width) for rendition in image.renditions.all()]
    return Picture(image.url, image.width, image.height, sources)


def render(body: str, *, pictures: Mapping[int, Picture], links: Mapping[int, str]) -> Rendered:
    """Gives headings ids and links to themselves, tables a scrolling frame, pictures their sources.

    `pictures` by image id, `links` by article id; a picture or link that is missing is left out, its text kept.
    """
    tree = parse(body)
    resolve_links(tree, links)
    contents = number_headings(tree)
    for image in tree.css("img"):
        fill_image(image, pictures)
    for number, table in enumerate(tree.css("table"), 1):
        label_cells(table)
        frame(tree, table, number)
    text = plain_text(body)
    return Rendered(body_of(tree), contents, text, count_words(text))


def for_editor(body: str, pictures: Mapping[int, Picture]) -> str:
    """The body with an address for each picture, so that the editor can show it; clean() drops it again."""
    tree = parse(body)
    for image in tree.css("img"):
        found = pictures.get(int(image.attributes.get("data-image") or 0))
        if found:
            image.attrs["src"] = found.sources[0][0] if found.sources else found.url
    return body_of(tree)


def resolve_links(tree: LexborHTMLParser, links: Mapping[int, str]) -> None:
    for link in tree.css("a[data-article]"):
        address = links.get(int(link.attributes.get("data-article") or 0))
        if address:
            link.attrs["href"] = address
            del link.attrs["data-article"]
        else:
            link.unwrap()


def number_headings(tree: LexborHTMLParser) -> list[dict]:
    """Sets ids, makes each heading a link to itself, and gives the contents list of h2 and h3."""
    contents: list[dict] = []
    used = dict.fromkeys(TAKEN, 1)
    for heading in [node for node in tree.css("h2, h3, h4") if node.parent and node.parent.tag == "body"]:
        for link in heading.css("a"):
            link.unwrap()
        text = " ".join(heading.text().split())
        name = free_id(text, used)
        level = int((heading.tag or "h2")[1])
        inner = f'<{heading.tag} id="{name}"><a href="#{name}">{heading.inner_html}</a></{heading.tag}>'
        heading.replace_with(piece(inner))
        entry = {"id": name, "text": text, "inner": []}
        if level == 2 or (level == 3 and not contents):
            contents.append(entry)
        elif level == 3:
            contents[-1]["inner"].append(entry)
    return contents


def free_id(text: str, used: dict[str, int]) -> str:
    """An id made of `text`, with -2, -3 … behind it where it is used; `used` has the last number for each."""
    base = slugify(text, allow_unicode=True)[:60].strip("-") or "section"
    name = base = f"section-{base}" if NUMBERED.fullmatch(base) else base
    while name in used:
        used[base] += 1
        name = f"{base}-{used[base]}"
    used[name] = 1
    return name


def fill_image(image: LexborNode, pictures: Mapping[int, Picture]) -> None:
    found = pictures.get(int(image.attributes.get("data-image") or 0))
    home = image.parent if image.parent is not None and image.parent.tag == "figure" else None
    if not found:
        image.decompose()
        if home is not None and not home.css_first("img, blockquote, table"):
            home.decompose()
        return
    wide = home is not None and "wide" in (home.attributes.get("class") or "").split()
    for name, value in image_attributes(found, WIDE_SIZES if wide else SIZES).items():
        image.attrs[name] = value
    for name in ("data-image", "data-decorative"):
        if name in image.attributes:
            del image.attrs[name]
    image.attrs["alt"] = image.attributes.get("alt") or ""
    image.attrs["loading"] = "lazy"
    image.attrs["decoding"] = "async"


def image_attributes(found: Picture, sizes: str) -> dict[str, str]:
    attributes = {"src": found.url, "width": str(found.width), "height": str(found.height)}
    if found.sources:
        attributes["srcset"] = ", ".join(f"{url} {width}w" for url, width in found.sources)
        attributes["sizes"] = sizes
        attributes["src"] = found.sources[min(1, len(found.sources) - 1)][0]
    return attributes


def label_cells(table: LexborNode) -> None:
    """Repeats the column's head on each cell, for tables that become cards on a phone."""
    if "stack" not in (table.attributes.get("class") or "").split():
        return
    heads = [" ".join(cell.text().split()) for cell in table.css("thead th")]
    for row in table.css("tbody tr"):
        for place, cell in enumerate(row.css("td, th")):
            if cell.tag == "td" and place < len(heads) and heads[place]:
                cell.attrs["data-label"] = heads[place]


def frame(tree: LexborHTMLParser, table: LexborNode, number: int) -> None:
    """Wraps a table in the region that scrolls; it is named by the caption, or as 'Table 2'."""
    name = f"table-{number}"
    classes = " ".join(["table", *sorted((table.attributes.get("class") or "").split())])
    caption = table.css_first("caption")
    if caption:
        caption.attrs["id"] = name
    label = f'aria-labelledby="{name}"' if caption else f'aria-label="{escape(f"Table {number}")}"'
    if "class" in table.attributes:
        del table.attrs["class"]
    outer = f'<div class="{classes}" role="region" tabindex="0" {label}>{table.html}</div>'
    table.replace_with(piece(outer))
