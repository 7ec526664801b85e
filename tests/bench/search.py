"""Searching among many articles: how long the slowest of twenty questions takes, and how that grows with the articles."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import timedelta

from tests.bench.ground import Ground, in_shell
from tests.bench.table import Row, at_most

SIZES = (1_000, 100_000)
SMALL = (200, 2_000)
WORDS = 150
VOCABULARY = 20_000
QUESTIONS = 200
CODE = "from tests.bench import search; search.measure({size})"


def rows(ground: Ground) -> Iterator[Row]:
    short, long = SMALL if ground.quick else SIZES
    told = {}
    with ground.site(MASTHEAD_PAGE_STORE_MB="0") as place:
        for size in (short, long):
            told[size] = in_shell(place.site, CODE.format(size=size))
    p95 = told[long]["p95"]
    yield Row(
        f"search among {long:,} articles: 95 of 100 questions answered within", p95, at_most(250, "ms"), remark(told[long])
    )
    yield Row(f"search among {long:,} articles ÷ among {short:,}: p95", p95 / told[short]["p95"], None, remark(told[short]))


def remark(told: dict) -> str:
    return f"median {told['median']:.1f} ms; one to three words by their frequency, phrases, exclusions"


def measure(size: int) -> None:
    """Runs in the site's shell: makes articles up to `size`, asks, prints milliseconds as JSON."""
    from articles.search import shelf
    from articles.search.query import parse

    fill(size)
    dice = random.Random(95)
    took = []
    for _ in range(QUESTIONS):
        asked = parse(question(dice))
        began = time.perf_counter()
        shelf.find(asked)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(json.dumps({"p95": took[int(len(took) * 0.95)], "median": took[len(took) // 2]}))


def word(dice: random.Random) -> str:
    """One of VOCABULARY made-up words, the first ones far more often, as in a language (Zipf's law)."""
    return spelt(int(VOCABULARY ** dice.random()))


def spelt(number: int) -> str:
    """A word that no stemmer changes."""
    syllables = []
    while number or not syllables:
        number, place = divmod(number, 60)
        syllables.append("bdfgklmnprtv"[place // 5] + "aeiou"[place % 5])
    return "".join(syllables) + "k"


def question(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.1:
        return f'"{word(dice)} {word(dice)}"'
    if kind < 0.2:
        return f"{word(dice)} -{word(dice)}"
    return " ".join(word(dice) for _ in range(dice.choice((1, 2, 2, 3))))


def fill(size: int) -> None:
    """Articles with index rows up to `size`, in bulk: through the verb they would take an hour."""
    from django.db import transaction
    from django.utils import timezone

    from articles.models import Article
    from articles.search import index, shelf
    from site_config import pages

    there = Article.objects.filter(slug__startswith="made-").count()
    now = timezone.now()
    dice = random.Random(there)
    for start in range(there, size, 1000):
        batch = [made(dice, number, now - timedelta(minutes=number)) for number in range(start, min(start + 1000, size))]
        with pages.changing("site"), transaction.atomic():
            for article in Article.objects.bulk_create(batch):
                index.put(shelf.ARTICLES, article.pk, {"title": article.title, "body": article.plain_text})


def made(dice: random.Random, number: int, when):
    from articles.models import Article

    text = " ".join(word(dice) for _ in range(WORDS))
    title = " ".join(word(dice) for _ in range(6))
    return Article(
        title=title, working_title=title, slug=f"made-{number}", plain_text=text, words=WORDS, published_at=when,
        first_published_at=when,
    )  # fmt: skip
