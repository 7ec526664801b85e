import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_config.lib.diff import GONE, NEW, SAME, TOKEN, Piece, line_diff, word_diff

WORDS = ["open", "closed", "model", "the", "a", "safe", "Musk", "Altman", "é", "1", "–"]
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.text("ab .,\n\u00a0é", max_size=40),
)
lines = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), max_size=12)


def test_it_works():
    assert word_diff("The quick brown fox.", "The slow red fox!") == [
        Piece(SAME, "The "), Piece(GONE, "quick brown"), Piece(NEW, "slow red"), Piece(SAME, " fox"),
        Piece(GONE, "."), Piece(NEW, "!"),
    ]  # fmt: skip


@given(texts, texts)
def test_applied_to_either_text_it_gives_the_other(before, after):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


@given(texts)
def test_the_same_text_has_no_difference(text):
    assert all(piece.kind == SAME for piece in word_diff(text, text))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.data())
def test_one_changed_word_touches_at_most_three_tokens(words, data):
    place = data.draw(st.integers(0, len(words) - 1))
    pieces = word_diff(" ".join(words), " ".join([*words[:place], "changed", *words[place + 1 :]]))
    touched = [token for piece in pieces if piece.kind != SAME for token in TOKEN.findall(piece.text)]
    assert len(touched) <= 3


def test_texts_too_different_to_be_compared_are_given_whole():
    before, after = "one " * 3000, "other " * 3000
    assert word_diff(before, after) == [Piece(GONE, before.rstrip()), Piece(NEW, after.rstrip()), Piece(SAME, " ")]


@given(lines, lines)
def test_lines_are_those_of_both_texts_in_order(before, after):
    found = line_diff(before, after)
    assert ["".join(piece.text for piece in line.before) for line in found if line.kind != NEW] == before
    assert ["".join(piece.text for piece in line.after) for line in found if line.kind != GONE] == after


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (["a b c", "d"], ["a b x", "d"], ["changed", SAME]),
        (["a b c"], ["x y z"], [GONE, NEW]),
        (["a"], ["new words", "a"], [NEW, SAME]),
        (["one two three four"], ["zero", "one two three five"], [NEW, "changed"]),
        ([], [], []),
    ],
)
def test_a_line_is_reworded_or_another_one(before, after, kinds):
    assert [line.kind for line in line_diff(before, after)] == kinds
