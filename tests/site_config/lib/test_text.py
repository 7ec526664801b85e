import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_config.lib import text

ANY = st.text(max_size=80)


@pytest.mark.parametrize(
    "spelling", ["AI", "ai", "AI ", " a\u200bi", "A\u00adI", "ＡＩ", "AI\ufe0f", "\u202eAI\u202c", "A\u2060I\ufeff"]
)
def test_spellings_that_are_one(spelling):
    assert text.fold(spelling) == "ai"


@pytest.mark.parametrize(
    ("spelling", "folded"),
    [
        ("Énergie", "energie"),
        ("E\u0301nergie", "energie"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ærø", "aero"),
        ("Ǽ", "ae"),
        ("Ǿ", "o"),
        ("Œuvre", "oeuvre"),
        ("İstanbul", "istanbul"),
        ("ISPARTA ısparta", "isparta isparta"),
        ("Ἀθῆναι", "αθηναι"),
        ("ﬁn", "fin"),
        ("one  \n two", "one two"),
        ("שָׁלוֹם", "שלום"),
        ("한국어", "한국어"),
    ],
)
def test_folding(spelling, folded):
    assert text.fold(spelling) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("バス", "パス"), ("ガス", "カス"), ("ม้า", "มา"), ("क्", "क"), ("AI", "AJ"), ("C++", "C#")]
)
def test_words_that_stay_two(one, other):
    """A voiced sound mark, a tone mark or a virama makes another word, as an accent does not."""
    assert text.fold(one) != text.fold(other)


@given(ANY)
@example("Ǿ")
@example("\u1e9e")
@example("ͅ")
def test_folding_twice_is_folding_once(words):
    assert text.fold(text.fold(words)) == text.fold(words)


@given(ANY)
def test_composed_and_decomposed_fold_alike(words):
    assert text.fold(unicodedata.normalize("NFD", words)) == text.fold(unicodedata.normalize("NFC", words))


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "\n\t", "\u00a0", "\u200b\u200d\ufeff", "\u3164", "\u2800", "\u0301", "\ufe0f", "\x00\x07", "\U000e0041"],
)
def test_what_a_reader_cannot_see_is_blank(nothing):
    assert text.is_blank(nothing)


@pytest.mark.parametrize("something", ["a", ".", " 1 ", "\u200ba", "👍", "字", "e\u0301"])
def test_what_a_reader_sees_is_not_blank(something):
    assert not text.is_blank(something)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("a\ud800b", "ab"),
        ("a\ufffeb\uffff", "ab"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("tab\tstays", "tab\tstays"),
        ("a\u200db\u200c", "a\u200db\u200c"),
    ],
)
def test_controls_are_dropped_and_line_ends_made_one_kind(given, left):
    assert text.strip_controls(given) == left


@given(st.text(st.characters(), max_size=80))
def test_what_is_stripped_can_be_kept_anywhere(words):
    left = text.strip_controls(words)
    assert "\x00" not in left
    assert left.encode("utf-8").decode("utf-8") == left
    assert text.strip_controls(left) == left


def test_one_line():
    assert text.one_line("  a\r\n b\u00a0\t\x00c ") == "a b c"


@pytest.mark.parametrize(
    ("words", "count"),
    [("", 0), ("One two-three isn’t 3.14", 4), ("one, two; three.", 3), ("日本語です", 3), ("— … !", 0), ("Слово слово", 2)],
)
def test_words_are_counted(words, count):
    assert text.count_words(words) == count


@pytest.mark.parametrize(
    ("words", "limit", "short"),
    [
        ("One two three", 20, "One two three"),
        ("One two three", 13, "One two three"),
        ("One two three", 12, "One two…"),
        ("One two, three", 12, "One two…"),
        ("Donaudampfschiff", 6, "Donau…"),
        ("One\n\ntwo", 20, "One two"),
    ],
)
def test_shortening(words, limit, short):
    assert text.shorten(words, limit) == short


@given(ANY, st.integers(1, 60))
def test_what_is_shortened_fits(words, limit):
    assert len(text.shorten(words, limit)) <= limit
