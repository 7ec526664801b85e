import pytest

from articles.wording import MOST, TooMuch, changed_words

LONG = "word " * 60


def words(before: str, after: str) -> list:
    return [
        [[tuple(piece) for piece in line] for line in lines] for _, lines in changed_words({"body": before}, {"body": after})
    ]


def test_it_works():
    assert words("<p>It was 2024.</p>", "<p>It was 2025.</p>") == [
        [[("same", "It was "), ("gone", "2024"), ("new", "2025"), ("same", ".")]]
    ]


def test_the_same_has_no_words():
    assert changed_words({"title": "One", "body": "<p>A</p>"}, {"title": "One", "body": "<p>A</p>"}) == []


def test_only_what_readers_read_is_named_and_in_its_order():
    before = {"title": "One", "body": "<p>A</p>", "tags": ["AI"], "slug": "one", "comment_policy": "open", "bylines": [1]}
    after = {"title": "Two", "body": "<p>B</p>", "tags": [], "slug": "two", "comment_policy": "off", "bylines": []}
    assert [label for label, _ in changed_words(before, after)] == ["Title", "Text"]


def test_unchanged_lines_are_left_out():
    assert words("<p>One</p><p>Two</p><p>Three</p>", "<p>One</p><p>Zwei</p><p>Three</p>") == [
        [[("gone", "Two")], [("new", "Zwei")]]
    ]


def test_what_is_far_from_a_change_is_cut_between_words():
    ((line,),) = words(f"<p>{LONG}old {LONG}</p>", f"<p>{LONG}new {LONG}</p>")
    start, gone, new, end = (text for _, text in line)
    assert (gone, new) == ("old", "new")
    assert start == f"… {'word ' * 15}"
    assert end == f"{' word' * 15} …"


def test_between_two_changes_both_ends_are_kept():
    ((line,),) = words(f"<p>1 is {LONG}so 1</p>", f"<p>2 is {LONG}so 2</p>")
    assert [text for kind, text in line if kind == "same"] == [f" is{' word' * 15} … {'word ' * 15}so "]


def test_markup_is_no_word():
    assert words("<p>A <strong>b</strong> &amp; c</p>", "<p>A b &amp; d</p>") == [
        [[("same", "A b & "), ("gone", "c"), ("new", "d")]]
    ]


def test_more_than_anybody_would_read_is_refused():
    with pytest.raises(TooMuch, match=r"have [\d,]+ characters, and readers are shown 4,000 at most"):
        changed_words({"body": f"<p>{'x' * MOST}</p>"}, {"body": "<p>y</p>"})
