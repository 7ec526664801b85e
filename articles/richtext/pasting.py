"""What programs put on a clipboard or into an export, told by its structure before the styling is dropped.

The editor does the same in the browser as it pastes (`paste.js` and its neighbours): this is for what comes another way.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from articles.richtext.trees import children_of, holds, parse

FOREIGN = '[style], [class^="Mso"], [class^="tr-caption"], font, .Apple-converted-space'
HOLDERS = "div, section, article, header, footer, main, nav, center, address, dt, dd, details"
FLOW = {"body", "td", "th", "li", "blockquote", "aside", "dl", *HOLDERS.split(", ")}
BLOCKS = f"p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, figure, aside, hr, dl, {HOLDERS}"
EDGES = "p, h1, h2, h3, h4, h5, h6, li, td, th, figcaption, div"
SPACES = re.compile(r"[ \t\r\n]*\u00a0[ \t\r\n\u00a0]+|[ \t\r\n]+\u00a0?")
OWN_SPACE = '.Apple-converted-space, [style*="mso-spacerun"], [style*="mso-tab-count"]'
HEADED = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "pre"}
UNMARKED = {"table", "tbody", "tr", "ul", "ol", "body", "pre", "col", "img", "br"}
TWICE = ":is(strong, b) :is(strong, b), :is(em, i) :is(em, i), sup sup, sub sub, s s"
LIST = re.compile(r"mso-list:\s*(l\d+)\s+level(\d+)\s+(lfo\d+)", re.I)
IGNORE = re.compile(r"mso-list:\s*ignore", re.I)
NUMBERED = re.compile(r"\(?(\d+|[a-z]{1,5})[.)]", re.I)
DETOURS = (
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]+/url\?", re.I), ("q", "url")),
    (re.compile(r"https?://[a-z0-9-]+\.safelinks\.protection\.outlook\.com/", re.I), ("url",)),
    (re.compile(r"https?://lm?\.facebook\.com/l\.php\?", re.I), ("u",)),
)


class Item(NamedTuple):
    """A paragraph that stands for an item of a list."""

    paragraph: LexborNode
    level: int
    tag: str


def settle(tree: LexborHTMLParser) -> None:
    """Makes of styled HTML what it means: lists, emphasis, headings, head rows. Nothing of it is left to find again."""
    for link in tree.css("a[href]"):
        link.attrs["href"] = straight(link.attributes.get("href") or "")
    if tree.css_first(FOREIGN):
        settle_foreign(tree)
    for holder in reversed(tree.css(HOLDERS)):
        if holder.parent is not None and holder.parent.tag in FLOW and not holds(holder, BLOCKS):
            to_paragraphs(tree, holder)


def settle_foreign(tree: LexborHTMLParser) -> None:
    for span in tree.css(OWN_SPACE):
        if not span.text().strip():
            span.replace_with(" ")
    word_lists(tree)
    for node in tree.css("b, strong, i, em"):
        if is_taken_back(node):
            node.unwrap()
    for node in reversed(tree.css("[style]")):  # from the inside out: wrapping makes copies
        style_to_marks(tree, node)
    settle_spaces(tree)
    for node in reversed(tree.css(TWICE)):
        node.unwrap()
    for link in tree.css('a[href^="#_"]'):  # a bookmark in the document it came from
        link.unwrap()
    for frame in tree.css("table.tr-caption-container"):
        frame.replace_with(renamed(tree, frame.css_first(".tr-caption") or frame, "p"))
    for title in tree.css("p.MsoTitle"):
        title.replace_with(renamed(tree, title, "h2"))
    for quote in tree.css("p.MsoQuote, p.MsoIntenseQuote"):
        quote.replace_with(renamed(tree, quote, "blockquote"))
    for table in tree.css("table"):
        bold_row_to_heads(tree, table)
    for node in tree.css("[dir]"):  # programs write it on every paragraph; only the rarer one was meant
        if node.attributes.get("dir") != "rtl":
            del node.attrs["dir"]


def straight(address: str) -> str:
    """The address without the detour of a program that counts clicks."""
    for detour, names in DETOURS:
        if detour.match(address):
            query = parse_qs(urlsplit(address).query)
            target = next((query[name][0] for name in names if re.match("https?:", query.get(name, [""])[0], re.I)), None)
            return straight(target) if target else address
    return address


def renamed(tree: LexborHTMLParser, node: LexborNode, tag: str) -> LexborNode:
    """An element of another name with copies of the node's children."""
    new = tree.create_node(tag)
    for child in children_of(node):
        new.insert_child(child)
    return new


def declarations(node: LexborNode) -> dict[str, str]:
    pairs = (part.partition(":") for part in (node.attributes.get("style") or "").lower().split(";"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def is_taken_back(node: LexborNode) -> bool:
    """Whether a style says that bold or italic is none."""
    style = declarations(node)
    if node.tag in {"b", "strong"}:
        return style.get("font-weight") in {"normal", "400"}
    return style.get("font-style") == "normal"


def style_to_marks(tree: LexborHTMLParser, node: LexborNode) -> None:
    """Emphasis that is only a style becomes an element."""
    marks = marks_of(declarations(node))
    del node.attrs["style"]
    inside = names_above(node)
    if marks and node.tag not in UNMARKED and not inside & HEADED and not holds(node, BLOCKS):
        for mark in marks:
            if mark not in inside:
                wrap_children(tree, node, mark)


def marks_of(style: dict[str, str]) -> list[str]:
    weight = style.get("font-weight", "")
    lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    meant = {
        "strong": weight.startswith("bold") or (weight.isdecimal() and int(weight[:4]) >= 600),
        "em": style.get("font-style", "").startswith(("italic", "oblique")),
        "sup": style.get("vertical-align") == "super",
        "sub": style.get("vertical-align") == "sub",
        "s": "line-through" in lines,
    }
    return [mark for mark, is_meant in meant.items() if is_meant]


def names_above(node: LexborNode) -> set[str]:
    names = set()
    at: LexborNode | None = node
    while at is not None:
        names.add({"b": "strong", "i": "em"}.get(at.tag or "", at.tag or ""))
        at = at.parent
    return names


def wrap_children(tree: LexborHTMLParser, node: LexborNode, tag: str) -> None:
    children = children_of(node)
    wrapper = renamed(tree, node, tag)
    for child in children:
        child.decompose()
    node.insert_child(wrapper)


def bold_row_to_heads(tree: LexborHTMLParser, table: LexborNode) -> None:
    """A first row all in bold is meant as heads: Word and Google Docs know no other."""
    rows = table.css("tr")
    cells = rows[0].css("td") if len(rows) > 1 and not holds(table, "th, table") else []
    if not any(cell.text().strip() for cell in cells) or not all(is_bold(cell) for cell in cells):
        return
    for cell in cells:
        for bold in cell.css("strong, b"):
            bold.unwrap()
        head = renamed(tree, cell, "th")
        for name in ("colspan", "rowspan"):
            if value := cell.attributes.get(name):
                head.attrs[name] = value
        cell.replace_with(head)


def is_bold(cell: LexborNode) -> bool:
    return "".join(bold.text() for bold in cell.css("strong, b")).strip() == cell.text().strip()


def word_lists(tree: LexborHTMLParser) -> None:
    """Word writes a list as paragraphs with a level and a marker: they become nested lists."""
    for heading in tree.css("h1, h2, h3, h4, h5, h6"):
        if marker := marker_of(heading):
            marker.replace_with(f"{marker.text().strip()} ")
    run: list[Item] = []
    for paragraph in tree.css('p[style*="mso-list" i]'):
        if not (found := LIST.search(paragraph.attributes.get("style") or "")):
            continue
        if run and next_element(run[-1].paragraph) != paragraph.mem_id:
            replace_run(run)
            run = []
        marker = marker_of(paragraph)
        is_numbered = marker is not None and NUMBERED.match(marker.text().strip())
        if marker is not None:
            marker.decompose()
        run.append(Item(paragraph, int(found[2]), "ol" if is_numbered else "ul"))
    replace_run(run)


def marker_of(node: LexborNode) -> LexborNode | None:
    return next((span for span in node.css("[style]") if IGNORE.search(span.attributes.get("style") or "")), None)


def next_element(node: LexborNode) -> int | None:
    after = node.next
    while after is not None and (after.is_comment_node or (after.is_text_node and not after.text().strip())):
        after = after.next
    return after.mem_id if after is not None else None


def replace_run(run: list[Item]) -> None:
    """Puts the nested lists of paragraphs that follow one another in their place."""
    if not run:
        return
    body = parse(nested(run)).body
    for made in children_of(body) if body else []:
        run[0].paragraph.insert_before(made)
    for item in run:
        item.paragraph.decompose()


def nested(run: list[Item]) -> str:
    parts: list[str] = []
    opened: list[Item] = []
    for item in run:
        while opened and (opened[-1].level > item.level or (opened[-1].level == item.level and opened[-1].tag != item.tag)):
            parts.append(f"</li></{opened.pop().tag}>")
        if opened and opened[-1].level == item.level:
            parts.append("</li><li>")
        else:
            parts.append(f"<{item.tag}><li>")
            opened.append(item)
        parts.append(item.paragraph.inner_html or "")
    parts += [f"</li></{item.tag}>" for item in reversed(opened)]
    return "".join(parts)


def settle_spaces(tree: LexborHTMLParser) -> None:
    """Hard spaces that were put in for the look become plain ones; one between two words was meant, and stays."""
    for span in tree.css("span:not(.credit), font"):
        span.unwrap()
    for body in tree.css("body"):
        body.merge_text_nodes()
        for text in texts_of(body):
            exchange(text, SPACES.sub(" ", text.text(deep=False)))
    for block in tree.css(EDGES):
        if texts := texts_of(block):
            exchange(texts[0], texts[0].text(deep=False).lstrip(" \u00a0"))
        if texts := texts_of(block):
            exchange(texts[-1], texts[-1].text(deep=False).rstrip(" \u00a0"))


def texts_of(node: LexborNode) -> list[LexborNode]:
    return [text for text in node.traverse(include_text=True) if text.is_text_node and "pre" not in names_above(text)]


def exchange(text: LexborNode, words: str) -> None:
    if words != text.text(deep=False):
        text.replace_with(words)


def to_paragraphs(tree: LexborHTMLParser, holder: LexborNode) -> None:
    """The inline content of a box as paragraphs, which two breaks in a row part."""
    runs: list[list[LexborNode]] = [[]]
    for child in children_of(holder):
        runs[-1].append(child)
        solid = [node for node in runs[-1] if not (node.is_text_node and not node.text().strip())]
        if len(solid) > 1 and solid[-1].tag == solid[-2].tag == "br":
            runs.append([])
    for run in runs:
        while run and (run[-1].tag == "br" or (run[-1].is_text_node and not run[-1].text().strip())):
            run.pop()
        paragraph = tree.create_node("p")
        for child in run:
            paragraph.insert_child(child)
        if run:
            holder.insert_before(paragraph)
    holder.decompose()
