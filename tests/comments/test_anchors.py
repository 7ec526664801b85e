"""A passage is found again by its words, or is said to be gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.anchors import LONGEST, Quote, Text, describe, find, selector, whole_words

BEFORE = (
    "Every large technology becomes an argument about who should hold it. One side says that powerful models should be "
    "open and built with safety first. Neither claim is silly, and neither is free of self-interest, which is what makes "
    "the dispute worth following past the headlines. The letter was signed on Monday. A group of investors offered "
    "97 billion dollars for control of the company, and the reply came within the hour."
)
CLAIM = "Neither claim is silly, and neither is free of self-interest"


def quote_of(text: str, exact: str, nth: int = 0) -> Quote:
    at = -1
    for _ in range(nth + 1):
        at = text.index(exact, at + 1)
    return describe(text, at, at + len(exact))


def found(text: str, quote: Quote) -> str | None:
    span = find(Text(text), quote)
    return text[slice(*span)] if span else None


def test_it_works():
    quote = quote_of(BEFORE, CLAIM)
    assert quote.exact == CLAIM
    assert BEFORE.count(quote.prefix + quote.exact + quote.suffix) == 1
    assert found(BEFORE, quote) == CLAIM
    assert selector(quote) == {
        "type": "TextQuoteSelector",
        "exact": CLAIM,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
    }


ENGLISH = [
    ("a word changed", ("is silly", "is foolish"), "Neither claim is foolish, and neither is free of self-interest"),
    ("the first word changed", ("Neither claim", "No claim"), "No claim is silly, and neither is free of self-interest"),
    ("the last word changed", ("self-interest", "selfishness"), "Neither claim is silly, and neither is free of selfishness"),
    (
        "a sentence put in the middle",
        ("silly, and", "silly. I asked them both, and both of them said so. And"),
        "Neither claim is silly. I asked them both, and both of them said so. And neither is free of self-interest",
    ),
    ("a sentence before it", ("Neither claim", "Here is a new sentence. Neither claim"), CLAIM),
    ("words cut at its end", (" of self-interest", ""), "Neither claim is silly, and neither is free"),
    ("everything round it rewritten", None, CLAIM),
    ("in capitals", (CLAIM, CLAIM.upper()), CLAIM.upper()),
    ("with another dash", ("self-interest", "self‑interest"), CLAIM.replace("-", "‑")),
    ("spaces doubled by an editor", ("silly, and", "silly , and"), CLAIM.replace("silly,", "silly ,")),
    ("deleted", (CLAIM + ", which", "Which"), None),
    ("rewritten from the ground up", (CLAIM, "Both of them have a point, though each would profit"), None),
    ("another text", (BEFORE, "Recipes for bread begin with flour, water and salt, and with time more than anything."), None),
    ("nothing left", (BEFORE, ""), None),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in ENGLISH], ids=[case[0] for case in ENGLISH])
def test_after_an_edit(change, expected):
    after = BEFORE.replace(*change) if change else f"Quite another beginning. {CLAIM}. And another end of the text."
    assert after != BEFORE
    assert found(after, quote_of(BEFORE, CLAIM)) == expected


def test_a_paragraph_that_moved_is_found_where_it_is_now():
    parts = [part + "." for part in BEFORE.rstrip(".").split(". ")]
    quote = quote_of(BEFORE, "signed on Monday")
    after = " ".join([*parts[3:], *parts[:3]])
    assert found(after, quote) == "signed on Monday"


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_of_three_the_surroundings_tell_which(nth):
    text = "First, the model is open to all. Then again the model is open to few. In the end the model is open to none."
    quote = quote_of(text, "the model is open", nth)
    for after in (text, f"New words. {text}", text.replace("First,", "Firstly,").replace("again", "once more")):
        span = find(Text(after), quote)
        assert span is not None
        assert after[: span[0]].count("the model is open") == nth


def test_a_short_passage_needs_its_surroundings():
    quote = quote_of(BEFORE, "silly")
    assert found(BEFORE.replace("One side says", "They say"), quote) == "silly"
    assert found("They behave in a silly way all of the time, and nobody minds.", quote) is None
    gone = BEFORE.replace(f"{CLAIM}, which is what makes the dispute worth following past the headlines. ", "")
    assert found(f"{gone} That was silly.", quote) is None


def test_quotation_marks_may_change_their_kind():
    text = "He said, \"openness has a bill of its own\", and she wrote that it's 'true'."
    after = "He said, “openness has a bill of its own”, and she wrote that it’s ‘true’."
    assert found(after, quote_of(text, '"openness has a bill of its own"')) == "“openness has a bill of its own”"
    assert found(after, quote_of(text, "it's 'true'")) == "it’s ‘true’"


CHINESE = "人工智能很早就走到了这一步。双方的说法都不荒唐，也都不是没有私心的，所以这场争论值得继续看下去。星期一签署了那封信。"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (CHINESE, "双方的说法都不荒唐，也都不是没有私心的"),
        (CHINESE.replace("荒唐", "可笑"), "双方的说法都不可笑，也都不是没有私心的"),
        (f"新的一句话在前面。{CHINESE}", "双方的说法都不荒唐，也都不是没有私心的"),
        (CHINESE.replace("双方的说法都不荒唐，也都不是没有私心的，所以", "因此"), None),
    ],
)
def test_a_script_without_spaces(after, expected):
    assert found(after, quote_of(CHINESE, "双方的说法都不荒唐，也都不是没有私心的")) == expected


ARABIC = "السؤال الأهم عندي ليس من يملك النموذج، بل من يدفع ثمن الخطأ حين يخطئ. هذا لا يظهر في أي من الجدولين."


def test_from_right_to_left():
    quote = quote_of(ARABIC, "ليس من يملك النموذج، بل من يدفع ثمن الخطأ")
    assert found(ARABIC, quote) == quote.exact
    assert found(ARABIC.replace("ثمن", "كلفة"), quote) == quote.exact.replace("ثمن", "كلفة")
    assert found(ARABIC.replace(quote.exact, ""), quote) is None


def test_a_letter_composed_otherwise_is_the_same():
    assert found("Das Cafe\u0301 am Markt war gestern wieder voll.", Quote("Das Café am Markt war gestern")) is not None


@pytest.mark.parametrize("exact", ["", "  ", "—", "…!", "\u200b"])
def test_nothing_is_found_for_no_words(exact):
    assert find(Text(BEFORE), Quote(exact)) is None


def test_a_quote_has_whole_words_and_no_space_at_its_ends():
    at = BEFORE.index("laim is sil")
    assert describe(BEFORE, at, at + len("laim is sil")).exact == "claim is silly"
    at = BEFORE.index(" claim is ")
    assert describe(BEFORE, at, at + len(" claim is ")).exact == "claim is"
    assert whole_words("一二三四五六", 2, 4) == (2, 4)


def test_context_is_of_whole_words_where_there_are_spaces():
    quote = quote_of(BEFORE, "signed")
    assert 32 <= len(quote.prefix) <= 64
    assert 32 <= len(quote.suffix) <= 64
    assert f" {quote.prefix}" in BEFORE
    assert f"{quote.suffix} " in BEFORE


prose = st.lists(st.sampled_from(["the", "model", "is", "open,", "safety", "claims;", "一", "二", "a-b", "ÀÉ", "42", "“so”"]), min_size=3, max_size=120).map(" ".join)  # fmt: skip


@given(prose, st.data())
def test_what_is_described_is_found_where_nothing_changed(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + LONGEST)))
    quote = describe(text, start, end)
    if not any(letter.isalnum() for letter in quote.exact):
        return
    span = find(Text(text), quote)
    assert span is not None
    assert text[slice(*span)] == quote.exact


@given(prose, st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_any_quote_gives_a_stretch_of_the_text_or_nothing(text, exact, prefix, suffix):
    span = find(Text(text), Quote(exact, prefix, suffix))
    assert span is None or 0 <= span[0] < span[1] <= len(text)
