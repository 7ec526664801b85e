from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from comments.alignment import Index, common, densest, weight, words_of

few = st.lists(st.sampled_from("abcd"), max_size=40)


def longest(one: list[str], other: list[str]) -> int:
    """The length of a longest common subsequence, by the table that everybody knows."""
    line = [0] * (len(other) + 1)
    for left in one:
        above, line = line, [0]
        for number, right in enumerate(other):
            line.append(above[number] + 1 if left == right else max(above[number + 1], line[-1]))
    return line[-1]


def test_it_works():
    assert common("a b c d".split(), "x b y d".split()) == [(1, 1), (3, 3)]


@given(few, few)
def test_what_is_common_is_common_in_order_and_longest(one, other):
    pairs = common(one, other)
    assert all(one[column] == other[row] for column, row in pairs)
    assert all(left[0] < right[0] and left[1] < right[1] for left, right in pairwise(pairs))
    assert len(pairs) == longest(one, other)


def test_what_matches_far_off_by_chance_falls_away():
    pairs = [(0, 0), (1, 100), (2, 101), (3, 102), (4, 300)]
    assert densest(pairs, [1.0] * 5) == [(1, 100), (2, 101), (3, 102)]


def test_words():
    assert words_of("it's a-b 42 人工 éa e\u0301a") == ["it", "s", "a", "b", "42", "人", "工", "éa", "éa"]
    assert (weight("the"), weight("model"), weight("人")) == (0.5, 1, 1)


def test_the_likeliest_place_comes_first():
    text = " ".join(f"word{number}" for number in range(1000))
    (start, end), *_ = Index(text).windows([f"word{number}" for number in range(500, 520)])
    assert start <= 500
    assert end >= 520
    assert end - start < 100


def test_words_that_are_nowhere_lead_nowhere():
    assert list(Index("one two three").windows(["four", "five"])) == []
    assert list(Index("").windows(["four"])) == []
