"""What matches a query in an index: as it was typed, or as it was meant where nothing has that."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet

from articles.search import index, spelling
from articles.search.index import Hit, Index, Spelling, Wanted
from articles.search.query import Query, Term
from articles.search.words import tokens

Knows = Callable[[str], bool]


class Match(NamedTuple):
    """The hits, best first, and the tokens that were looked for.

    `meant` is what a misspelt query was taken for, `some`: nothing has all of the words, these have some.
    """

    hits: list[Hit]
    wanted: frozenset[str]
    meant: str = ""
    some: bool = False


def matched(texts: Index, rows: QuerySet, query: Query, *, knows: Knows = spelling.is_known) -> Match:
    """One query where the words are found as they were typed. A token that `knows` gives for is not misspelt."""
    hits = index.match(texts, rows, index.asked(query.must, query.without))
    if hits:
        return Match(hits, query.wanted)
    without = tuple(Spelling(term.tokens) for term in query.without)
    terms = [understood(term, knows) for term in query.must]
    spellings = tuple(spellings for spellings, _ in terms)
    is_other = any(text != term.text for (_, text), term in zip(terms, query.must, strict=True))
    meant = " ".join(text for _, text in terms) if is_other else ""
    hits, some = index.match(texts, rows, Wanted(spellings, without)), False
    if not hits and len(spellings) > 1:
        hits = index.match(texts, rows, Wanted((tuple(one for several in spellings for one in several),), without))
        some = True
    wanted = frozenset(token for several in spellings for one in several for token in one.tokens)
    return Match(hits, wanted, meant, some)


def understood(term: Term, knows: Knows) -> tuple[tuple[Spelling, ...], str]:
    """How a term may be spelt in the index, and its words as they were meant."""
    as_typed = (Spelling(term.tokens),)
    if len(term.tokens) > 1 and not term.is_phrase:
        return as_typed, term.text
    if len(term.tokens) > 1:
        return understood_phrase(term, knows)
    if knows(term.tokens[0]):
        return as_typed, term.text
    if endings := spelling.endings(term.text):
        return tuple(Spelling((token,)) for token in endings), term.text
    if meant := spelling.nearest(term.text):
        return (Spelling(tuple(tokens(meant))),), meant
    return as_typed, term.text


def understood_phrase(term: Term, knows: Knows) -> tuple[tuple[Spelling, ...], str]:
    """A phrase with each misspelt word put right."""
    words = []
    for word in term.text.split():
        cut = tokens(word)
        wrong = len(cut) == 1 and not knows(cut[0])
        words.append((spelling.nearest(word) if wrong else None) or word)
    text = " ".join(words)
    return (Spelling(tuple(tokens(text))),), text if words != term.text.split() else term.text
