"""HTML as a tree, and back."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode


def parse(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!doctype html><body>{html}")


def piece(html: str) -> LexborNode:
    """The one element that `html` is."""
    node = parse(html).css_first("body > *")
    if node is None:
        raise ValueError(f"No element in {html[:80]!r}")
    return node


def body_of(tree: LexborHTMLParser) -> str:
    return tree.body.inner_html or "" if tree.body else ""


def children_of(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True, skip_empty=False))


def holds(node: LexborNode, selector: str) -> bool:
    """Whether something inside the node matches; the node itself does not count."""
    return any(found.mem_id != node.mem_id for found in node.css(selector))
