"""From whatever was typed, pasted or imported to the one schema of an article's body."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from articles.richtext import pasting
from articles.richtext.references import is_number
from articles.richtext.tables import rebuild
from articles.richtext.trees import body_of, holds, parse, piece
from site_config.lib.safe_html import ARTICLE, check_depth
from site_config.lib.text import strip_controls

LONGEST = 2_000_000
MOST_ROUNDS = 10
SAME = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "strike": "s", "del": "s"}
INLINE = {"-text", "a", "strong", "em", "s", "sub", "sup", "code", "span", "img"}
BLOCKS = "p, h2, h3, h4, ul, ol, blockquote, figure, aside, table, pre, hr"
EMPTY_PARAGRAPH = re.compile(r"<(p|h2|h3|h4)(?: [^>]*)?>(?:\s|&nbsp;|<br>)*</\1>")


class BodyTooLong(ValueError):
    """The HTML of a body is longer than LONGEST characters."""


def clean(html: str) -> str:
    """The body as it may be stored: allow-listed elements only, tables made regular, no empty paragraphs.

    Takes any HTML; raises BodyTooLong or safe_html.TooDeep. `clean(clean(x)) == clean(x)`.
    Cost: about 1 ms for 10 kB, two or three times that for HTML from elsewhere.
    """
    html = strip_controls(html)
    for _ in range(MOST_ROUNDS):
        if len(html) > LONGEST:
            raise BodyTooLong(f"This text has {len(html):,} characters of HTML; {LONGEST:,} is the most.")
        check_depth(html)
        before, html = html, clean_once(html)
        if html == before:
            break
    return html


def clean_once(html: str) -> str:
    """What one step drops may leave something that an earlier one would have dropped: clean() goes round until nothing is."""
    tree = parse(html)
    pasting.settle(tree)
    for old, new in SAME.items():
        for node in tree.css(old):
            rename(tree, node, new)
    for table in tree.css("table"):
        table.replace_with(piece(rebuild(table))) if table.css_first("tr") else table.decompose()
    html = ARTICLE.clean(body_of(tree))
    tree = parse(html)
    drop_homeless(tree)
    nest_lists(tree)
    unwrap_blocks(tree)
    return EMPTY_PARAGRAPH.sub("", wrap_loose(body_of(tree)))


def rename(tree: LexborHTMLParser, node: LexborNode, tag: str) -> None:
    new = tree.create_node(tag)
    for child in list(node.iter(include_text=True)):
        new.insert_child(child)
    node.replace_with(new)


def drop_homeless(tree: LexborHTMLParser) -> None:
    """Pictures that are not of the library, figures and call-outs without content, links and spans round nothing.

    From the inside out: what stands in something that was dropped must not be asked any more.
    """
    for image in tree.css("img"):
        if not is_number(image.attributes.get("data-image")):
            image.decompose()
    for span in reversed(tree.css("span")):
        if span.first_child is None:
            span.decompose()
        elif not span.attributes.get("class") or not span.text().strip():
            span.unwrap()
    for figure in reversed(tree.css("figure")):
        if not figure.css_first("img, blockquote, table"):
            drop_figure(figure)
    for box in reversed(tree.css("aside, blockquote, ul, ol, pre")):
        if not box.text().strip() and not box.css_first("img"):
            box.decompose()
    for link in reversed(tree.css("a")):
        leads = link.attributes.get("href") or is_number(link.attributes.get("data-article"))
        if link.first_child is None:
            link.decompose()
        elif not leads or not (link.text().strip() or link.css_first("img")):
            link.unwrap()


def drop_figure(figure: LexborNode) -> None:
    """Of a figure that lost its picture the caption stays, as a paragraph."""
    caption = figure.css_first("figcaption")
    words = (caption.inner_html or "").strip() if caption else ""
    if words and caption and caption.text().strip():
        figure.replace_with(piece(f"<p>{words}</p>"))
    else:
        figure.decompose()


def nest_lists(tree: LexborHTMLParser) -> None:
    """Puts a list that stands directly in a list (Google Docs writes that) into the item before it."""
    while inner := tree.css_first("ul > ul, ul > ol, ol > ul, ol > ol"):
        item = inner.prev
        while item is not None and item.tag != "li":
            item = item.prev
        if item is None:
            inner.replace_with(piece(f"<li>{inner.html}</li>"))
        else:
            item.insert_child(inner)  # inserts a copy
            inner.decompose()


def unwrap_blocks(tree: LexborHTMLParser) -> None:
    """Takes inline elements from round blocks, and the paragraph from round the only text of a cell or item."""
    for node in tree.css("strong, em, s, a, span, code"):
        if node.css_first(BLOCKS):
            node.unwrap()
    for box in tree.css("blockquote, aside"):
        if not holds(box, BLOCKS):
            box.inner_html = f"<p>{box.inner_html}</p>"
    for cell in tree.css("td, th, li"):
        children = list(cell.iter(include_text=False))
        paragraphs = [child for child in children if child.tag == "p"]
        if len(paragraphs) == 1 and (len(children) == 1 or cell.tag == "li"):
            paragraphs[0].unwrap()


def wrap_loose(html: str) -> str:
    """The HTML with text and inline elements that stand outside any block put into paragraphs."""
    body = parse(html).body
    parts: list[str] = []
    run: list[str] = []

    def end_paragraph() -> None:
        text = "".join(run).strip()
        if text:
            parts.append(f"<p>{text}</p>")
        run.clear()

    for child in body.iter(include_text=True, skip_empty=False) if body else ():
        if child.tag == "br":
            end_paragraph()
        elif child.tag in INLINE:
            run.append(child.html or "")
        else:
            end_paragraph()
            parts.append(child.html or "")
    end_paragraph()
    return "".join(parts)
