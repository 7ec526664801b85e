"""A body as lines that a person can compare: a line for each block, and signs for what is no text."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from articles.richtext.cleaning import parse

SIGNS = {"strong": "**", "em": "*", "code": "`", "s": "~~"}
STARTS = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• ", "caption": "Table: ", "figcaption": "Caption: ", "hr": "———"}
BLOCKS = {"p", "pre", "tr", "div", "aside", "blockquote", "figure", "ul", "ol", "table", "thead", "tbody", "tfoot", *STARTS}


def outline(body: str) -> list[str]:
    """The lines of a cleaned body."""
    lines: list[str] = [""]
    root = parse(body).body
    if root is not None:
        walk(root, lines)
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def walk(node: LexborNode, lines: list[str]) -> None:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            lines[-1] += child.text(deep=False)
        elif child.tag in BLOCKS:
            lines.append(STARTS.get(child.tag or "", "") + kind_of(child))
            walk(child, lines)
            lines.append("")
        else:
            inline(child, lines)


def inline(node: LexborNode, lines: list[str]) -> None:
    """Links with their address, pictures with their number and text, emphasis between signs; cells behind bars."""
    attributes = node.attributes
    if node.tag == "br":
        lines.append("")
    elif node.tag == "img":
        lines[-1] += f"[picture {attributes.get('data-image') or '?'}: {attributes.get('alt') or 'decorative'}]"
    elif node.tag in {"td", "th"}:
        lines[-1] += "| "
        walk(node, lines)
        lines[-1] += " "
    elif node.tag == "a":
        walk(node, lines)
        own = attributes.get("data-article")
        lines[-1] += f" ({f'article {own}' if own else attributes.get('href') or ''})"
    else:
        sign = SIGNS.get(node.tag or "", "")
        lines[-1] += sign
        walk(node, lines)
        lines[-1] += sign


def kind_of(node: LexborNode) -> str:
    """The look that was chosen for a block, as a word."""
    classes = (node.attributes.get("class") or "").split()
    return f"[{' '.join(sorted(classes))}] " if classes else ""
