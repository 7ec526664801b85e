from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import MOST_TERMS, Query, parse


def tokens(terms) -> list[tuple[str, ...]]:
    return [term.tokens for term in terms]


def test_words_are_looked_for_by_their_stems():
    assert tokens(parse("Regulations of OPEN models").must) == [("regul",), ("of",), ("open",), ("model",)]


@pytest.mark.parametrize(
    "typed", ['"corporate control"', "“corporate control”", "„corporate control“", "«corporate control»", '"corporate control']
)
def test_quotation_marks_of_any_kind_make_a_phrase(typed):
    (phrase,) = parse(typed).must
    assert phrase.tokens == ("corpor", "control")
    assert phrase.is_phrase


def test_a_minus_leaves_out():
    asked = parse('open -closed -"trade secret"')
    assert tokens(asked.must) == [("open",)]
    assert tokens(asked.without) == [("close",), ("trade", "secret")]


def test_a_hyphen_within_a_word_leaves_nothing_out():
    assert tokens(parse("e-mail GPT-4").must) == [("e", "mail"), ("gpt", "4")]


@pytest.mark.parametrize(
    "accented, plain", [("Énergie", "energie"), ("Łódź", "lodz"), ("Straße", "strasse"), ("ＡＩ", "ai"), ("don’t", "don't")]
)
def test_accents_case_and_width_are_one(accented, plain):
    assert tokens(parse(accented).must) == tokens(parse(plain).must)


def test_filters():
    asked = parse('tag:energy tag:"long reads" author:ada by:"Grace H" power')
    assert asked.tags == ("energy", "long reads")
    assert asked.authors == ("ada", "Grace H")
    assert tokens(asked.must) == [("power",)]


def test_filters_that_leave_out():
    asked = parse('power -tag:energy -tag:"long reads" -author:ada -by:"Grace H" tag:ai')
    assert asked.no_tags == ("energy", "long reads")
    assert asked.no_authors == ("ada", "Grace H")
    assert (asked.tags, asked.authors, asked.without) == (("ai",), (), ())


@pytest.mark.parametrize(
    "typed, since, until",
    [
        ("since:2024", date(2024, 1, 1), None),
        ("until:2024", None, date(2024, 12, 31)),
        ("since:2024-02 until:2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("from:2024-05-17 to:2025-1-3", date(2024, 5, 17), date(2025, 1, 3)),
        ("since:2023 since:2024", date(2024, 1, 1), None),
    ],
)
def test_days(typed, since, until):
    asked = parse(typed)
    assert (asked.since, asked.until, asked.no_days) == (since, until, ())


@pytest.mark.parametrize("typed", ["since:yesterday", "since:2024-13", "until:2023-02-30", "since:0000", "since:99999"])
def test_what_is_no_day_is_looked_for_as_words_and_noted(typed):
    asked = parse(typed)
    assert asked.since is None
    assert asked.until is None
    assert asked.must
    assert asked.no_days == (typed,)


def test_a_day_apart_from_its_filter_is_noted():
    assert parse("power since: 2024").no_days == ("since:",)


@pytest.mark.parametrize("typed", ["since", "-since:yesterday", "ever:since", "tag:since", '"since:"'])
def test_what_asks_for_no_day_is_not_noted(typed):
    assert parse(typed).no_days == ()


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '""', "“”", "- - -", "***", "\x00", "-only -without", "-tag:only", "()", "؟", "—"]
)
def test_nothing_to_look_for(typed):
    assert parse(typed).is_empty


def test_runs_without_spaces_are_cut_into_pairs():
    assert tokens(parse("机器学习").must) == [("机器", "器学", "学习")]


def test_marks_belong_to_their_letters():
    assert tokens(parse("हिन्दी भाषा").must) == [("हिन्दी",), ("भाषा",)]


def test_there_is_a_limit():
    assert len(parse(" ".join(f"w{number}" for number in range(1000))).must) == MOST_TERMS
    assert len(parse("x" * 10_000).text) == 400


@given(st.text(max_size=300))
def test_nothing_raises(typed):
    assert isinstance(parse(typed), Query)
