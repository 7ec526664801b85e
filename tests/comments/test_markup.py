import re
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from comments import markup
from tests.comments.bombs import BOMBS

MARKS = "\u0301\u0308\u0e47\u20dd"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("hello", "<p>hello</p>"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("> said\n\nno", "<blockquote>\n<p>said</p>\n</blockquote>\n<p>no</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("# no heading", "<p># no heading</p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("***", "<p>***</p>"),
    ],
)
def test_it_is_light_markdown(source, html):
    assert markup.to_html(source) == html


@pytest.mark.parametrize("source", ["https://a.example/x", "<https://a.example/x>", "[words](https://a.example/x)"])
def test_links_lead_there_and_are_nobodys_recommendation(source):
    html = markup.to_html(source)
    assert 'href="https://a.example/x" rel="nofollow ugc noopener"' in html


def test_a_bare_link_ends_before_the_sentence_does():
    assert 'href="https://a.example/x"' in markup.to_html("See https://a.example/x.")


def test_code_keeps_its_addresses_plain():
    assert "<a" not in markup.to_html("`https://a.example` and\n```\nhttps://b.example\n```")


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "<javascript:alert(1)>",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/pixel.png)",
        '<https://a.example/"onmouseover=alert(1)>',
        "[x](https://a.example/ 'title\" onclick=alert(1)')",
        "`<script>`",
        "<svg/onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(source):
    tree = LexborHTMLParser(markup.to_html(source)).body
    for node in tree.traverse(include_text=False):
        assert node.tag in {"body", "p", "a", "em", "code", "br"}
        assert set(node.attributes) <= {"href", "rel"}
        assert re.match(r"https?://a\.example/|/%5Cevil|$", node.attributes.get("href") or "")


@pytest.mark.parametrize(
    "source",
    [
        "- a\n  - b\n    - c\n      - d\n        - e\n          - f\n            - deepest",
        "hi\n\n" + "> " * 9 + "deepest",
        "> " * 300 + "deepest",
        "- " * 500 + "deepest",
        "*" * 500 + "deepest",
    ],
)
def test_what_nests_too_deep_is_still_shown(source):
    html = markup.to_html(source)
    assert "deepest" in html
    assert html.count("<blockquote>") + html.count("<li>") < 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab *_`[]()<>\n-1.>~\\!&\"'/:", max_size=120))
def test_no_letter_is_lost_and_the_html_is_whole(source):
    assume(source.strip() and not re.search("```|~~~", source))  # the word after a fence names a language
    html = markup.to_html(source)
    assert LexborHTMLParser(html).body.text().strip()
    assert set("ab") & set(source) <= set(html)


@pytest.mark.parametrize(
    "source", ["[a](" * 1000, "`" * 4000, "[" * 100 + "x" * 3000, "https://" * 500, "\\" * 4000, "*a " * 1300]
)
def test_hostile_texts_are_refused_or_drawn(source):
    """Each takes milliseconds; a runaway would hang here."""
    assert markup.problem(source) or markup.to_html(source)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("none", 0),
        ("https://a.example", 1),
        ("[a](https://a.example)", 1),
        ("[a](/local)", 1),
        ("www.a.example and https://www.b.example", 2),
        ("[https://a.example](https://a.example)", 2),
        ("<https://a.example> HTTP://b.example", 2),
    ],
)
def test_links_are_counted_once_each(source, count):
    assert markup.count_links(source) == count


def test_five_hundred_links_are_refused_in_words():
    source = "https://a.b " * 300
    assert markup.problem(source) == "This has 300 links; 20 is the most. Keep the ones that matter."


def test_too_long_says_by_how_much():
    assert markup.problem("x" * markup.LONGEST) == ""
    assert "96,000 characters too long" in markup.problem("x" * 100_000)


def test_too_many_brackets_are_refused_but_quotations_are_not_brackets():
    assert "brackets" in markup.problem("[" * 300)
    assert markup.problem("> quoted\n" * 300) == ""


def test_tidying_drops_controls_and_unites_line_ends():
    assert markup.tidy(" \x00a\x07\r\nb\rc\ud800 ") == "a\nb\nc"


@pytest.mark.parametrize("mark", MARKS)
def test_marks_do_not_pile_up(mark):
    assert markup.tidy("e" + mark * 100 + "f") == "e" + mark * markup.MOST_MARKS + "f"


@pytest.mark.parametrize("text", ["नमस्ते दुनिया", "שָׁלוֹם", "สวัสดี", "tiếng Việt", "👩‍👩‍👧‍👦 1️⃣", "می‌خواهم"])
def test_ordinary_writing_stays_as_it_is(text):
    assert markup.tidy(text) == text
    assert text in markup.to_html(text)


def calls_of(act) -> int:
    """How many functions, in Python or C, it calls: the same on every machine."""
    count = 0

    def note(frame, event, argument) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", BOMBS)
def test_no_text_keeps_a_machine_busy(name):
    """An ordinary comment takes 1,000 calls; 150,000 are some 30 ms. What would take more is refused before it is read."""
    source = markup.tidy(BOMBS[name])

    def read() -> None:
        if not markup.problem(source):
            assert markup.to_html(source)

    assert calls_of(read) < 150_000


@pytest.mark.parametrize(
    ("text", "words"), [("*a" * 1001, "more stars"), ("_`" * 501, "more stars"), ("a\n" * 601 + "b", "600 lines")]
)
def test_what_is_too_much_is_said(text, words):
    assert words in markup.problem(text)


@pytest.mark.parametrize("text", ["*a* " * 500, "a\n" * 600 + "b", "_" * 1000])
def test_what_people_write_is_not_too_much(text):
    assert markup.problem(text) == ""
