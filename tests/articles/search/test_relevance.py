"""How high what somebody means stands among what is found: over real prose, in both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from articles.search import shelf
from articles.search.query import parse
from tests.articles.search.known_items import KNOWN_ITEMS
from tests.articles.search.prose import as_html, texts
from tests.factories import make_article

ENOUGH = 0.85


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_meant_stands_first(capsys):
    names = {}
    for name, (title, text) in texts().items():
        article = make_article(title=title, body=as_html(text), summary="")
        names[article.pk] = name
    ranks = {typed: rank(typed, meant, names) for typed, meant in KNOWN_ITEMS}
    mean = sum(1 / place if place else 0 for place in ranks.values()) / len(ranks)
    with capsys.disabled():
        print(f"\nSearch on {connection.vendor}: mean reciprocal rank {mean:.3f} of {len(ranks)} queries in {len(names)} texts")
    assert len(names) >= 100
    assert len(KNOWN_ITEMS) == 60
    assert mean >= ENOUGH, {typed: place for typed, place in ranks.items() if place != 1}


def rank(typed: str, meant: set[str], names: dict[int, str]) -> int:
    """The place of the first text that is meant, 0 for none."""
    found = [names[result.article.pk] for result in shelf.find(parse(typed)).results]
    return next((place for place, name in enumerate(found, 1) if name in meant), 0)
