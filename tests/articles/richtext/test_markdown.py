"""What is written is parsed again by markdown-it, which knows nothing of us, and must be the same text."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from articles.richtext import clean
from articles.richtext.markdown import markdown

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def again(html: str) -> str:
    return READER.render(markdown(html))


def letters(html: str) -> str:
    """All text, without white space: where lines break is no matter here."""
    return re.sub(r"[\s\xa0]+", "", LexborHTMLParser(f"<body>{html}").body.text())


def shape(html: str) -> list[str]:
    return [node.tag for node in LexborHTMLParser(f"<body>{html}").body.css("*")][1:]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <strong>two</strong> <em>three</em>.</p>", "One **two** *three*.\n"),
        ("<h2>Part</h2><p>x</p><h3>Inner</h3>", "## Part\n\nx\n\n### Inner\n"),
        ('<h2 id="part"><a href="#part">Part</a></h2>', "## Part\n"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ('<aside class="callout"><p>Mind.</p></aside>', "> Mind.\n"),
        ('<figure class="pull"><blockquote><p>Said.</p></blockquote><figcaption>Ann</figcaption></figure>', "> Said.\n\nAnn\n"),
        (
            '<figure><picture><img src="/media/a.jpg" alt="A [view]"></picture><figcaption>Seen '
            '<span class="credit">Me</span></figcaption></figure>',
            "![A \\[view\\]](/media/a.jpg)\\\nSeen Me\n",
        ),
        ("<pre><code>a\n ``` b</code></pre>", "````\na\n ``` b\n````\n"),
        ("<p>a <code>x`y</code> <code>`</code></p>", "a ``x`y`` `` ` ``\n"),
        ("<p>a<br>b</p><hr><p>c</p>", "a\\\nb\n\n---\n\nc\n"),
        ('<p><a href="https://example.org/a_(b)">it</a></p>', "[it](<https://example.org/a_(b)>)\n"),
        ("<p>H<sub>2</sub>O <s>old</s></p>", "H<sub>2</sub>O ~~old~~\n"),
        (
            '<div class="table"><table><caption>Sums</caption><thead><tr><th>A|B</th><th>C</th></tr></thead><tbody><tr>'
            "<td>1</td><td><p>2</p><p>3</p></td></tr></tbody></table></div>",
            "**Sums**\n\n| A\\|B | C |\n| --- | --- |\n| 1 | 2 3 |\n",
        ),
        ("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "|  |  |\n| --- | --- |\n| 1 | 2 |\n"),
        ("", ""),
    ],
)
def test_it_works(html, expected):
    assert markdown(html) == expected
    assert letters(READER.render(expected)) == letters(html)


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ `c` [d](e) <b>", "# no heading", "- no list", "+ no", "1. no", "12) no", "> no", "--- no", "=== no", "| a | b |",
        "a\\b \\* &amp; &#65; & b;", "snake_case __init__ _x", "~~no~~", "![x](y)", "http://a.b/c_d_e*", "<http://a.b>", ":--- | ---",
        "مقالة *نص*", "🦉🏳️‍🌈 **x**", "a! [b]", "\u202eabc", "```", "   # x", "[a]: http://b.c", "***", "- - -", "!", "100%",
    ],
)  # fmt: skip
def test_marks_in_the_text_stay_text(text):
    html = f"<p>{escape(text, quote=False)}</p>"
    assert letters(again(html)) == letters(html)
    assert shape(again(html)) == ["p"]
    cells = f"<table><thead><tr><th>{escape(text)}</th><th>b</th></tr></thead><tbody><tr><td>x</td><td>{escape(text)}</td></tr></tbody></table>"
    assert letters(again(cells)) == letters(cells)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<strong>“b”</strong>c</p>", "<p><strong>a</strong><em>b</em></p>", "<p><em>a <strong>b</strong></em></p>",
        "<p><strong> a </strong>b</p>", "<p>un<em>believ</em>able</p>", "<p>Look!<a href='/x/'>there</a></p>",
        "<p><strong>a<br></strong>b</p>", "<p><em>*</em></p>", "<p><a href='/x/'><strong>b</strong></a></p>",
        "<p>a<br># b<br>- c</p>", "<ul><li># a</li><li>1. b</li></ul>", "<h2># a</h2>", "<h2>#</h2>", "<h2>a ##</h2>",
        "<p><s><s>1</s></s></p>", "<p><a href='/x/'><code>]:</code></a></p>", "<p><code>a</code><code>b</code></p>",
        "<p>2 * 3 <em>and</em> * 4</p>",
    ],
)  # fmt: skip
def test_emphasis_and_links_come_back(html):
    assert letters(again(html)) == letters(html)
    assert sorted(shape(again(html))) == sorted(shape(html))


@pytest.mark.parametrize(
    "html", ["<ul><li>1</li><li><p><br><br></p></li></ul>", "<h2>1<a href='#x'><strong>:</strong></a></h2>", "<p><br>a<br></p>"]
)
def test_what_is_not_written_leaves_no_mark(html):
    assert letters(again(html)) == letters(html)


TEXT = st.text(st.sampled_from("ab 1.)#*_-+=>`~[]()!&;|:\\<\"'é漢🦉 "), min_size=1, max_size=12).map(
    lambda text: escape(text, quote=False)
)
INLINE = st.recursive(
    TEXT,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["strong", "em", "s", "sub"]), inner).map(lambda p: f"<{p[0]}>{p[1]}</{p[0]}>"),
        inner.map(lambda text: f'<a href="/x/">{text}</a>'),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.just("<br>"),
        TEXT.map(lambda text: f"<code>{text}</code>"),
    ),
    max_leaves=6,
)
BLOCK = st.recursive(
    INLINE.map(lambda text: f"<p>{text}</p>"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda made: f"<blockquote>{''.join(made)}</blockquote>"),
        st.lists(inner, min_size=1, max_size=3).map(lambda made: "<ul>" + "".join(f"<li>{one}</li>" for one in made) + "</ul>"),
        st.lists(inner, min_size=1, max_size=3).map(lambda made: "<ol>" + "".join(f"<li>{one}</li>" for one in made) + "</ol>"),
        INLINE.map(lambda text: f"<h2>{text}</h2>"),
        TEXT.map(lambda text: f"<pre><code>{text}</code></pre>"),
        st.tuples(INLINE, INLINE).map(
            lambda p: (
                f"<table><thead><tr><th>{p[0]}</th><th>b</th></tr></thead><tbody><tr><td>{p[1]}</td><td>c</td></tr></tbody></table>"
            )
        ),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=4))
def test_whatever_is_written_comes_back_to_the_letter(blocks):
    html = clean("".join(blocks))
    assert letters(again(html)) == letters(html), markdown(html)
