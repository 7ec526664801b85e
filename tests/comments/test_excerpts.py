"""The beginning of a comment, in mails and in the queue's feed."""

import pytest

from comments.excerpts import html_excerpt, html_of_passage, text_excerpt, text_of_passage
from comments.markup import DEEPEST, to_html
from comments.templatetags.letters import quoted


def test_what_has_room_is_whole():
    source = "First.\n\n> quoted `x < y`\n> > deeper\n\n3. third\n4. *fourth*\n\n```\n  code\n```\n\nOne\ntwo & <b>"
    html = to_html(source)
    assert html_excerpt(html, 1000) == html
    assert text_excerpt(source, 1000) == source


def test_it_is_cut_between_words_and_its_elements_end():
    html = "<blockquote>\n<p>one two <em>three four</em></p>\n</blockquote>\n<p>five six</p>"
    assert html_excerpt(html, 25) == "<blockquote>\n<p>one two <em>three…</em></p></blockquote>"
    assert html_excerpt(html, 36) == "<blockquote>\n<p>one two <em>three four</em></p>\n</blockquote>\n<p>…</p>"
    assert html_excerpt(html, 30) == "<blockquote>\n<p>one two <em>three four</em></p>\n</blockquote>\n…"
    assert text_excerpt("one\ntwo three", 9) == "one\ntwo…"
    assert text_excerpt("一" * 50, 30) == "一" * 29 + "…"


def test_blank_lines_are_one():
    assert text_excerpt("a\r\n\r\n \n\n\nb\n") == "a\n\nb"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("[words](https://example.org/?a=1&b=2)", "words (https://example.org/?a=1&amp;b=2)"),
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1&amp;b=2"),
        ("<ines@example.org>", "ines@example.org"),
        ("[**all**](/about/) of it", "<strong>all</strong> (/about/) of it"),
    ],
)
def test_a_link_is_written_out(source, written):
    assert html_excerpt(to_html(source)) == f"<p>{written}</p>"


def test_only_what_a_comment_may_hold_is_written():
    odd = '<p onclick="x()" class="y">a<script>alert(1)</script><img src="x"><ol start="3\'">b</ol></p></em>&lt;i&gt;'
    assert html_excerpt(odd) == "<p>aalert(1)<ol>b</ol></p>&lt;i&gt;"


@pytest.mark.parametrize(
    "html",
    ["<p></p>" * 2000, "<blockquote>" * 2000, "<p><br></p>" * 2000, "<ul>\n" + "<li></li>\n" * 2000 + "</ul>", "x<br>" * 900],
)
def test_elements_take_room_too(html):
    assert len(html_excerpt(html)) < 6000


def test_each_line_has_the_marks_of_its_quotation():
    assert quoted("a\n> b\nstill b\n\nc\n>> d\n> - e\n- f") == "> a\n> > b\n> > still b\n>\n> c\n> > > d\n> > - e\n> - f"
    assert quoted("> " + "word " * 30).splitlines()[1].startswith("> > word")
    assert quoted(">" * 90 + " x") == "> " * (DEEPEST + 1) + "x"


def test_a_passage_is_a_quotation():
    assert text_of_passage("") == html_of_passage("") == ""
    assert text_of_passage("words & <b>") == "> words & <b>\n\n"
    assert html_of_passage("words & <b>") == "<blockquote><p>words &amp; &lt;b&gt;</p></blockquote>"
    assert html_of_passage("word " * 100).endswith("word…</p></blockquote>")
