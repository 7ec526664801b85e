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

SIZES = {
    "": "(min-width: 40rem) 38rem, 100vw",
    "wide": "(min-width: 68rem) 55rem, 100vw",
    "full": "(min-width: 75rem) 72rem, 100vw",
}
PLACE_OF_PLAIN = 1
"""Of the plain renditions from the smallest up, the one for readers whose browser knows no other: 960 pixels wide."""
# Ids of the page round the text: its parts; comments and their names; passages with comments; captions of tables.
TAKEN = ("main", "title", "talk", "talk-title", "tags", "share", "rel", "write", "contents")
NUMBERED = re.compile(r"(?:c|n|p|table)(?:-\d+)?")


Sources = list[tuple[str, int]]


class Card(NamedTuple):
    """A picture cut for lists, round what matters: its size, and renditions as (address, width) from the smallest up."""

    width: int
    height: int
    plain: Sources
    modern: Sources


class Picture(NamedTuple):
    """What a page needs of an image: the address, the size in pixels, and the renditions as (address, width) from the
    smallest up: `plain` ones ending with the picture itself, `modern` ones as AVIF. Not drawn yet: no `modern`, no card."""

    url: str
    width: int
    height: int
    plain: Sources
    modern: Sources
    card: Card | None = None

    @property
    def small(self) -> str:
        """For the desk: the smallest, cut to the shape of a card if it is there."""
        return self.card.plain[0][0] if self.card else self.plain[0][0]


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
    found: dict[str, list] = {}
    for rendition in image.renditions.all():
        shape, _, kind = rendition.spec.split("-") if rendition.spec.count("-") == 2 else ("", "", "")
        found.setdefault(f"{shape} {kind}", []).append(rendition)
    sources = {name: [(rendition.url, rendition.width) for rendition in drawn] for name, drawn in found.items()}
    card = None
    if cut := found.get("card plain"):
        card = Card(cut[-1].width, cut[-1].height, sources["card plain"], sources.get("card avif", []))
    whole = [*sources.get("whole plain", []), (image.url, image.width)]
    return Picture(image.url, image.width, image.height, whole, sources.get("whole avif", []), card)


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
            image.attrs["src"] = found.plain[0][0]
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
    classes = (home.attributes.get("class") or "").split() if home is not None else []
    sizes = next((SIZES[name] for name in classes if name in SIZES), SIZES[""])
    for name, value in image_attributes(found, sizes).items():
        image.attrs[name] = value
    for name in ("data-image", "data-decorative"):
        if name in image.attributes:
            del image.attrs[name]
    image.attrs["alt"] = image.attributes.get("alt") or ""
    image.attrs["loading"] = "lazy"
    image.attrs["decoding"] = "async"
    if found.modern:
        source = f'<source type="image/avif" srcset="{srcset(found.modern)}" sizes="{sizes}">'
        image.replace_with(piece(f"<picture>{source}{image.html}</picture>"))


def image_attributes(found: Picture, sizes: str) -> dict[str, str]:
    attributes = {"src": fallback(found.plain), "width": str(found.width), "height": str(found.height)}
    if len(found.plain) > 1:
        attributes["srcset"] = srcset(found.plain)
        attributes["sizes"] = sizes
    return attributes


def lead(found: Picture) -> dict:
    """The addresses and sizes of a lead image, as JSON: `card` is the one cut for lists, None until it is drawn."""
    card = found.card
    return {
        **shown(found),
        "full": found.url,
        "small": found.small,
        "card": shown(card) if card else None,
    }


def shown(found: Picture | Card) -> dict:
    return {
        "src": fallback(found.plain),
        "srcset": srcset(found.plain) if len(found.plain) > 1 else "",
        "modern": srcset(found.modern),
        "width": found.width,
        "height": found.height,
    }


def fallback(plain: Sources) -> str:
    return plain[min(PLACE_OF_PLAIN, len(plain) - 1)][0]


def srcset(sources: Sources) -> str:
    return ", ".join(f"{url} {width}w" for url, width in sources)


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
