"""Light Markdown to safe HTML, once, on the way in."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from markdown_it import MarkdownIt

from articles.richtext import plain_text
from site_config.lib.safe_html import COMMENT
from site_config.lib.text import strip_controls

LONGEST = 4000
MOST_LINKS = 20
MOST_BRACKETS = 100
MOST_MARKS = 4
MOST_SIGNS = 1000
MOST_LINES = 600
DEEPEST = 8
TAG = re.compile(r"<[^>]*>")
ONE_PARAGRAPH = re.compile(r"<p>[^<&]*</p>")
BRACKETS = re.compile(r"[\[\]()<>]")
QUOTE_MARKS = re.compile(r"^(?:[ \t]*>)+", re.M)
# A link with an address in it counts once, whether written bare or as [words](address).
LINK = re.compile(r"https?://(?:www\.)?|www\.|\]\((?!\s*<?(?:https?://|www\.))", re.I)
IN_ADDRESS = r"\([^\s<>\"()\]]*\)"
BARE = re.compile(
    rf"(?<!\]\()(?<![\w<\"'/\[])(https?://(?:{IN_ADDRESS}|[^\s<>\"()\]])*(?:{IN_ADDRESS}|[^\s<>\"()\]*.,;:!?'’”]))"
)

# maxNesting drops what lies deeper without a word, so it stands far above DEEPEST, which we look at ourselves.
markdown = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 40})
markdown.enable(["emphasis", "backticks", "link", "autolink", "list", "blockquote", "fence", "newline", "escape"])


def tidy(text: str) -> str:
    """Controls dropped, line ends made one kind, at most MOST_MARKS combining marks on a letter."""
    return trim_marks(strip_controls(text)).strip()


def trim_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def to_html(source: str) -> str:
    """Tidied text as HTML: emphasis, links, code, quotations, lists; everything else stays text. About 1 ms."""
    linked = "".join(part if code else BARE.sub(r"<\1>", part) for part, code in parts(source))
    environment: dict = {}
    tokens = markdown.parse(linked, environment)
    if all(token.level <= DEEPEST for token in tokens):
        html = COMMENT.clean(markdown.renderer.render(tokens, markdown.options, environment)).strip()
        if TAG.sub("", html).strip():
            return html
    return as_typed(source)


def as_typed(source: str) -> str:
    """For what nests too deep to draw, and for marks without words."""
    return f"<p>{escape(source, quote=False)}</p>".replace("\n", "<br>")


def parts(source: str) -> list[tuple[str, bool]]:
    """The text cut at code spans and fences: (piece, whether it is code)."""
    pieces = re.split(r"(```.*?```|`[^`\n]*`)", source, flags=re.S)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces)]


def words_of(html: str) -> str:
    """The words of a comment's stored HTML. Most are one paragraph without a mark in it."""
    return html[3:-4] if ONE_PARAGRAPH.fullmatch(html) else plain_text(html)


def count_links(source: str) -> int:
    return len(LINK.findall(source))


def problem(source: str) -> str:
    """What keeps a tidied text from being a comment, as a sentence; '' if nothing does."""
    if len(source) > LONGEST:
        over = len(source) - LONGEST
        much = "1 character" if over == 1 else f"{over:,} characters"
        return f"This is {much} too long: {LONGEST:,} is the most. Shorten it, or post it in parts."
    if count_links(source) > MOST_LINKS:
        return f"This has {count_links(source)} links; {MOST_LINKS} is the most. Keep the ones that matter."
    if len(BRACKETS.findall(QUOTE_MARKS.sub("", source))) > MOST_BRACKETS * 2:
        return "This has more brackets than a comment needs. Leave some out."
    if sum(map(source.count, "*_`")) > MOST_SIGNS:
        return "This has more stars, underlines and backticks than a comment needs. Leave some out."
    if source.count("\n") > MOST_LINES:
        return f"This has more than {MOST_LINES} lines. Leave some out, or post it in parts."
    return ""
