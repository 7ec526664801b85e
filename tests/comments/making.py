"""Makers of comments, and what a browser does with the form. Everything goes through the verbs and views, as in life."""

from __future__ import annotations

import itertools
import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import posting, tokens
from comments.models import Comment
from site_config.pages.models import Generation

numbers = itertools.count(1)


def some_address() -> str:
    number = next(numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def make_comment(article: Article, *, parent: Comment | None = None, name: str = "", text: str = "", **options) -> Comment:
    """A comment of a reader from a network of their own; `held=True` for one that waits."""
    number = next(numbers)
    options.setdefault("address", some_address())
    options["honeypot"] = options.pop("held", False)
    words = {"name": name or f"Reader {number}", "text": text or f"Thought number {number}."}
    return posting.post_comment(article, parent=parent, **words, **options).comment


def address_of(place: Article | Comment) -> str:
    return f"/comments/{place.pk}/reply/" if isinstance(place, Comment) else f"/comments/on/{place.pk}/"


def token_for(place: Article | Comment) -> str:
    return tokens.form_token(place.article_id, place.pk) if isinstance(place, Comment) else tokens.form_token(place.pk, None)


def send(client, place: Article | Comment, *, headers=None, network: str = "", **fields):
    """Posts the form of an article, or of a reply to a comment; a field that is None is left out."""
    number = next(numbers)
    whole = {"name": f"Reader {number}", "text": f"Thought number {number}.", "token": token_for(place), "fresh": "", **fields}
    sent = {name: value for name, value in whole.items() if value is not None}
    return client.post(address_of(place), sent, headers=headers, REMOTE_ADDR=network or some_address())


def text_of(answer) -> str:
    return answer.content.decode()


def typed(answer) -> str:
    """What stands in the text field of the page's form."""
    return unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", text_of(answer), re.S)[1])


def errors_of(answer) -> list[str]:
    """The sentences of the page's summary of errors."""
    block = re.search(r'<div class="errors".*?</div>', text_of(answer), re.S)
    return [unescape(re.sub(r"<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", block[0], re.S)] if block else []


def form_in(page: str) -> str:
    return re.search(r'<form method="post".*?</form>', page, re.S)[0]


def ids_in(page: str) -> list[int]:
    """The comments that a page shows, tombstones too, in its order."""
    return [int(pk) for pk in re.findall(r'<article class="comment[^"]*" id="c-(\d+)"', page)]


def one_comment(page: str, pk: int) -> str:
    return re.search(rf'<article class="[^"]*" id="c-{pk}".*?</article>', page, re.S)[0]


def generation(subject: str) -> int:
    return Generation.objects.filter(subject=subject).values_list("number", flat=True).first() or 0


def queries(client, address: str) -> int:
    """How many a page takes that is not the first of its process: that one also asks for what is then remembered."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
