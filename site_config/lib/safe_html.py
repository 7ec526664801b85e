"""The two allow-lists of HTML: what an article may hold, and what a comment may hold.

nh3 is quadratic on deep nesting, so length and depth are capped first. Its attribute callback swallows
exceptions: keep it trivial.
"""

from __future__ import annotations

import re

import nh3

DEEPEST = 60
MOST_STRAY = 2000
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*?(/?)>")
VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "source", "area", "base", "embed", "track", "param"}
# Elements that the next of their kind closes: written without end tags they pile up in the text, not in the tree.
IMPLIED = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup", "html", "head", "body"}
PASSING = VOID | IMPLIED
MEANING = {"lang", "dir"}


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Refuses addresses that begin with two slashes (or what browsers read as two): they lead to another host."""
    if name in {"href", "src"} and re.match(r"^[\s\x00-\x1f]*[\\/][\s\x00-\x1f]*[\\/]", value):
        return None
    return value


ARTICLE = nh3.Cleaner(
    tags={
        "p", "h2", "h3", "h4", "strong", "em", "s", "sub", "sup", "code", "pre", "a", "ul", "ol", "li",
        "blockquote", "figure", "figcaption", "img", "span", "aside", "hr", "br", "table", "caption", "thead",
        "tbody", "tr", "th", "td",
    },
    clean_content_tags={"script", "style", "template", "svg", "math", "iframe", "object", "noscript", "title"},
    attributes={
        "a": {"href", "data-article"},
        "img": {"alt", "data-image", "data-decorative"},
        "th": {"scope"},
        "ol": {"start"},
        "*": set(),  # else lang and title are kept everywhere
        "p": MEANING, "blockquote": MEANING, "h2": MEANING, "h3": MEANING, "h4": MEANING, "li": MEANING,
    },
    allowed_classes={"figure": {"pull", "wide", "full"}, "aside": {"callout"}, "span": {"credit"}, "table": {"stack", "wide"}},
    attribute_filter=keep_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)  # fmt: skip

COMMENT = nh3.Cleaner(
    tags={"p", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br"},
    clean_content_tags={"script", "style", "template", "svg", "math", "iframe", "object", "noscript", "title"},
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    attribute_filter=keep_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


class TooDeep(ValueError):
    """The HTML nests more than DEEPEST elements, or has no order from which that could be told."""


def check_depth(html: str) -> None:
    """Raises TooDeep where open tags pile up; one pass by regular expression, before any parser is asked.

    A parser may take an end tag that fits nothing, or `<x/>`, otherwise than we do: few of them are let pass.
    """
    opened: list[str] = []
    stray = 0
    for closing, name, empty in TAG.findall(html[: html.rfind(">") + 1].lower()):
        if name in PASSING:
            continue
        if not closing and not empty:
            opened.append(name)
        elif closing and opened and opened[-1] == name:
            opened.pop()
        else:
            stray += 1
            while closing and name in opened and opened.pop() != name:
                pass
        if len(opened) > DEEPEST or stray > MOST_STRAY:
            raise TooDeep("This text nests too many elements inside one another.")
