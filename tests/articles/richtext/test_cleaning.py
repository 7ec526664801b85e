import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from articles.richtext import BodyTooLong, clean, cleaning
from site_config.lib.safe_html import TooDeep
from tests.articles.richtext import pasted

TAGS = (
    "p h1 h2 h3 h6 b i em strong s del sub code pre a ul ol li blockquote figure figcaption img span aside hr br table caption thead "
    "tbody tr th td div font center section dl dt dd script style button select option textarea title svg math template form details"
).split()
ATTRIBUTES = [
    "", ' class="callout"', ' class="pull"', ' class="credit"', ' data-image="1"', ' href="/x"', ' data-article="2"', ' style="x"',
    ' colspan="2" rowspan="2"', ' lang="fr"', ' alt="a > b"',
]  # fmt: skip
WORDS = st.sampled_from(["a", " ", "\n", "&nbsp;", "&lt;b&gt;", "x y", "\u200b", "<br>", "<!-- c -->"])
LOOSE = st.lists(
    st.one_of(
        WORDS,
        st.builds(lambda tag, attribute: f"<{tag}{attribute}>", st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
        st.builds(lambda tag: f"</{tag}>", st.sampled_from(TAGS)),
    ),
    max_size=15,
).map("".join)
NESTED = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, attribute, content: f"<{tag}{attribute}>{''.join(content)}</{tag}>",
        st.sampled_from(TAGS),
        st.sampled_from(ATTRIBUTES),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
HTML = st.one_of(LOOSE, NESTED, st.text(max_size=40))
ALLOWED = set(
    "p h2 h3 h4 strong em s sub sup code pre a ul ol li blockquote figure figcaption img span aside hr br table caption thead tbody tr th td".split()
)


@given(HTML)
@example("<h1><p>")
@example("<blockquote><p><br></p></blockquote>")
@example("<table><tr><td><table><tr><th>a")
@example("<ul><ul><ul><li>a")
@example("<b>a<b>b<i>c<b>d")
def test_cleaning_twice_is_cleaning_once(html):
    once = clean(html)
    assert clean(once) == once


@given(HTML)
def test_only_the_schema_is_left(html):
    for node in LexborHTMLParser(f"<body>{clean(html)}").css("body *"):
        assert node.tag in ALLOWED
        assert not [name for name in node.attributes if name in {"style", "src", "id"} or name.startswith("on")]


@given(HTML)
def test_everything_stands_in_a_block(html):
    body = LexborHTMLParser(f"<!doctype html><body>{clean(html)}").body
    blocks = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "figure", "figcaption", "aside", "table", "pre", "hr", "li"}
    assert {child.tag for child in body.iter(include_text=True)} <= blocks | {"-text"}
    assert not [child for child in body.iter(include_text=True) if child.tag == "-text" and child.text().strip()]


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("", ""),
        ("   \n ", ""),
        ("<p></p><p> </p><p>&nbsp;</p><p><br></p><h2></h2>", ""),
        ("text", "<p>text</p>"),
        ("one<br>two", "<p>one</p><p>two</p>"),
        ("one <em>two</em><p>three</p>four", "<p>one <em>two</em></p><p>three</p><p>four</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
        ("<p><b>a</b> <i>b</i> <strike>c</strike> <del>d</del></p>", "<p><strong>a</strong> <em>b</em> <s>c</s> <s>d</s></p>"),
        ("<p><b>a <i>b</i></b></p>", "<p><strong>a <em>b</em></strong></p>"),
        ("<strong><p>a</p></strong>", "<p>a</p>"),
        ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ol start=3><li>a</ol>", '<ol start="3"><li>a</li></ol>'),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><ul><li>b</li></ul></ul>", "<ul><li><ul><li>b</li></ul></li></ul>"),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><hr><p>b</p>"),
        ("<pre>  a\n\tb &lt;c&gt;</pre>", "<pre>  a\n\tb &lt;c&gt;</pre>"),
        ("<p>a<span>b</span><span class=credit>c</span><span class=x>d</span></p>", '<p>ab<span class="credit">c</span>d</p>'),
        ("<p>a<span> </span>b <span><img data-image=1></span></p>", '<p>a b <img data-image="1"></p>'),
        (
            '<p>a<a href="/b/"></a> <a href="/c/"> </a><a href="/d/"><img data-image="1"></a></p>',
            '<p>a  <a href="/d/"><img data-image="1"></a></p>',
        ),
        ("<p>a\x00\x07b\r\nc</p>", "<p>ab\nc</p>"),
        ('<p dir="rtl" lang="he">שלום</p>', '<p dir="rtl" lang="he">שלום</p>'),
        ("<aside class=callout></aside><blockquote> </blockquote><ul></ul><pre>\n</pre>", ""),
        ("<blockquote><ul></ul></blockquote>", ""),
        (
            '<p><a>a</a> <a href="/b/">b</a> <a data-article="7">c</a></p>',
            '<p>a <a href="/b/">b</a> <a data-article="7">c</a></p>',
        ),
        ('<p><a href="javascript:x">a</a> <a href="//evil.example">b</a></p>', "<p>a b</p>"),
        ('<p>&lt;script&gt;alert("x")&lt;/script&gt;</p>', '<p>&lt;script&gt;alert("x")&lt;/script&gt;</p>'),
    ],
)
def test_what_becomes_of(html, body):
    assert clean(html) == body


@pytest.mark.parametrize("number", ["", "x", "²", "٣", "-1", "1.5", "9" * 19, "9" * 5000])
def test_a_number_that_no_row_can_have_is_none(number):
    assert clean(f'<p>a<img data-image="{number}" alt="x"></p>') == "<p>a</p>"
    assert clean(f'<p>a <a data-article="{number}">b</a></p>') == "<p>a b</p>"


def test_pictures_of_the_library_stay_and_others_go():
    html = '<figure class="wide x"><img data-image="3" src="/m.png" srcset="x" alt="A" onerror="x"><figcaption>B</figcaption></figure>'
    assert clean(html) == '<figure class="wide"><img data-image="3" alt="A"><figcaption>B</figcaption></figure>'
    assert clean('<figure><img src="https://elsewhere.example/x.png" alt="A"><figcaption>B</figcaption></figure>') == "<p>B</p>"
    assert clean('<p>a <img src="data:image/png;base64,AA=="></p>') == "<p>a </p>"


def test_a_pull_quote_keeps_its_form():
    html = '<figure class="pull"><blockquote><p>a</p></blockquote><figcaption>b</figcaption></figure>'
    assert clean(html) == html


def test_word():
    assert clean(pasted.WORD) == (
        "<h2>A report</h2><p><strong>Bold</strong> and <em>italic</em> text</p>"
        '<table class="stack"><tbody><tr><td>One</td><td>Two</td></tr></tbody></table>'
    )


def test_google_docs():
    assert re.sub(r"\s+", " ", clean(pasted.DOCS)) == (
        '<h2>A heading</h2><p>Some <a href="https://example.org/">link</a></p>'
        "<ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>"
    )


def test_blogger():
    assert clean(pasted.BLOGGER) == "<p>First line<br>second line</p><p>Third</p>"


def test_an_old_page():
    cleaned = re.sub(r"\s+", " ", clean(pasted.PAGE))
    assert (
        cleaned
        == "<p>Loud</p><p>Term</p><p>Meaning</p><h4>Small</h4><p>text without a paragraph <s>gone</s></p><p>Justified</p>"
    )


def test_what_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(cleaning, "LONGEST", 20)
    assert clean("<p>" + "x" * 13 + "</p>")
    with pytest.raises(BodyTooLong, match=r"21 characters of HTML; 20 is the most"):
        clean("x" * 21)


def test_what_becomes_too_long_is_refused(monkeypatch):
    """Else the next saving would refuse what this one kept."""
    monkeypatch.setattr(cleaning, "LONGEST", 1000)
    with pytest.raises(BodyTooLong):
        clean("<table>" + "<tr><td colspan=50>x" * 5 + "</table>")


def test_what_nests_too_deep_is_refused():
    with pytest.raises(TooDeep):
        clean("<blockquote>" * 61 + "a")


def test_what_nests_as_deep_as_allowed_is_taken():
    assert clean("<blockquote>" * 60 + "a") != ""


def test_a_second_look_at_clean_html_costs_one_round(monkeypatch):
    rounds = []
    once = cleaning.clean_once
    monkeypatch.setattr(cleaning, "clean_once", lambda html: rounds.append(1) or once(html))
    body = clean(pasted.WORD)
    rounds.clear()
    clean(body)
    assert len(rounds) == 1
