"""Comments on passages of an article: what a reader chose, taken as it stands there; and the page, with what has comments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpRequest

from articles.models import Article
from comments.anchors import LONGEST, WORD, Quote, describe, find, selector
from comments.marks import Marked, flatten, marked, paragraphs
from comments.models import Comment
from comments.posting import Refused, has_conversation
from comments.render import Row
from site_config.lib.prepared import Prepared
from site_config.lib.text import one_line

LOST = (
    "The words that you chose are not in the article any more. Untick the passage below to post your comment without it, "
    "or choose another one in the article."
)
WORDLESS = "Choose at least one word of the article, or post your comment without a passage."
AROUND = 64


class LostPassage(Refused):
    """The words are not in the article."""

    status = 409


anchors_of = Prepared(
    lambda article_id: (
        Comment.objects.filter(article=article_id, anchor__isnull=False, state=Comment.State.VISIBLE)
        .order_by("pk")
        .values_list("pk", Cast("anchor", TextField()))
    )
)


# --- on the way in -------------------------------------------------------------------------------------------------------


def read(fields: Mapping[str, str]) -> Quote | None:
    """The passage that a form names, as one line each and not longer than it may be; None for none. Raises ValidationError."""
    exact = one_line(fields.get("exact", ""))
    if not exact:
        return None
    if len(exact) > LONGEST:
        raise ValidationError(
            f"The passage that you chose has {len(exact):,} characters, and {LONGEST} is the most. Choose a shorter one."
        )
    if not WORD.search(exact):
        raise ValidationError(WORDLESS)
    before, after = one_line_inside(fields.get("prefix", "")), one_line_inside(fields.get("suffix", ""))
    return Quote(exact, before[-AROUND:], after[:AROUND])


def one_line_inside(words: str) -> str:
    """As one line, but with the space that parts it from the passage."""
    return f"{' ' if words[:1].isspace() else ''}{one_line(words)}{' ' if words[-1:].isspace() else ''}"


def take(article: Article, quote: Quote) -> dict[str, str]:
    """The anchor to store: the passage in the article's own words, whatever the form says. Raises LostPassage. One query."""
    html = html_of(article)
    text = flatten(html).text
    span = find(text, quote)
    if span is None:
        raise LostPassage(LOST)
    found = describe(text.plain, *span)
    if len(found.exact) > LONGEST:
        raise LostPassage(LOST)
    return selector(found)


def html_of(article: Article) -> str:
    return Article.objects.values_list("html", flat=True).get(pk=article.pk)


def choices(article: Article) -> list[tuple[str, Quote]]:
    """The paragraphs that a reader can choose from, each with the word by which a link names it. One query."""
    return [(named(number, quote), quote) for number, quote in enumerate(paragraphs(html_of(article)), 1)]


def named(number: int, quote: Quote) -> str:
    return f"{number}-{hashlib.sha256(quote.exact.encode()).hexdigest()[:8]}"


def chosen(article: Article, name: str) -> Quote | None:
    """The paragraph of this name; None if it is not there any more. One query."""
    _, _, digest = name.partition("-")
    found = dict(choices(article))
    return found.get(name) or next((quote for word, quote in found.items() if digest and word.endswith(f"-{digest}")), None)


# --- on the page ---------------------------------------------------------------------------------------------------------


def of_page(request: HttpRequest, article: Article, *, own: Comment | None = None) -> Marked | None:
    """The article's body with its passages marked; None where no comment is on one. Once for a request.

    One query, if anybody has commented at all. `own` is the comment of the writer who looks, which may be held.
    """
    kept = vars(request)
    if "passages" not in kept:
        rows = list(anchors_of(article.pk)) if article.comment_count and has_conversation(article) else []
        if own and own.anchor and own.pk not in {pk for pk, _ in rows}:
            rows.append((own.pk, json.dumps(own.anchor)))
        kept["passages"] = drawn(article.linked_html, tuple(rows)) if rows else None
    return kept["passages"]


@lru_cache(maxsize=64)
def drawn(html: str, rows: tuple[tuple[int, str], ...]) -> Marked:
    """The same HTML with the same passages is marked once in a process."""
    return marked(html, {pk: quote_of(json.loads(anchor)) for pk, anchor in rows})


def quote_of(anchor: Mapping[str, str]) -> Quote:
    return Quote(anchor.get("exact", ""), anchor.get("prefix", ""), anchor.get("suffix", ""))


def linked(rows: Iterable[Row], found: Marked | None) -> list[Row]:
    """The rows of a thread, those on a passage with the id of its mark, if it is still in the article."""
    ids = found.ids if found else {}
    return [row._replace(anchor={**row.anchor, "mark": ids.get(row.id, "")}) if row.anchor else row for row in rows]


def body(request: HttpRequest, article: Article) -> str | None:
    """The body of the page, if passages of it have comments: links lead to those that the page shows. No query."""
    found: Marked | None = vars(request).get("passages")
    return found.html(vars(request).get("shown_comments", ())) if found else None
