"""The words by which a page tells which version of what it shows."""

from __future__ import annotations

import re

VERSION = re.compile(r"\b([a-z]\d+)-version-(\d+)\b")
COMMENT = re.compile(r'<article class="comment(?: pick)?" id="c-(\d+)".*?</article>', re.S)
SAID = re.compile(r"\b(said-[a-z]\d+-\d+-\d+)\b")
FACTS = re.compile(r'<script type="application/ld\+json">.*?</script>', re.S)
"""What machines are told: the comments stand in it once more."""
COUNT = re.compile(r'id="talk-title">[^<]*<small>(\d+|no) comment')
TAG = re.compile(r'<a href="/tag/([a-z0-9-]+)/" rel="tag">')
FILLER = "<p>" + "Words between the beginning and the end, as an article has them. " * 30 + "</p>"


def article_of(slug: str, number: int, **more) -> dict:
    """The fields of an article that says its version in every place where readers see something of it."""
    word = f"{slug}-version-{number}"
    body = f"<p>Here begins {word}.</p>{FILLER}<p>Here ends {word}.</p>"
    told = {"title": f"Report {word}", "subtitle": f"Under {word}", "summary": f"A summary of {word}.", "body": body}
    return {"slug": slug, **told, **more}


def comment_of(slug: str, batch: int, number: int) -> str:
    return f"said-{slug}-{batch}-{number}"
