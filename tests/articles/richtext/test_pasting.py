"""Pasted and imported HTML keeps its structure and loses its styling. The editor does the same: tests/e2e/test_body_editor.py."""

import os
import re
from pathlib import Path

import pytest

from articles.richtext import clean
from articles.richtext.pasting import straight
from tests.articles.richtext.clipboards import CLIPBOARDS, item

# A folder of what real clipboards held, where there is one: such files are not ours to keep here.
SAMPLES = sorted(Path(os.environ.get("MASTHEAD_CLIPBOARDS", "/nowhere")).glob("*.html"))
STYLING = re.compile(r"<(?:span|font|div)\b|\s(?:style|id|dir|lang|align|width)=|Mso|class=\"(?!stack)")


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_it_keeps_structure_and_drops_styling(name):
    assert clean(CLIPBOARDS[name].html) == CLIPBOARDS[name].expected


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_what_was_cleaned_is_clean(name):
    assert clean(CLIPBOARDS[name].expected) == CLIPBOARDS[name].expected


@pytest.mark.skipif(not SAMPLES, reason="MASTHEAD_CLIPBOARDS names no folder of clipboards.")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_real_clipboards(sample):
    cleaned = clean(sample.read_text(encoding="utf-8"))
    assert cleaned
    assert not STYLING.search(cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://www.google.com/url?q=https://example.org/a&sa=D", "https://example.org/a"),
        ("https://www.google.de/url?sa=t&url=https%3A%2F%2Fexample.org%2F", "https://example.org/"),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=1", "https://example.org/"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F&h=1", "https://example.org/"),
        ("https://www.google.com/url?q=https://www.google.com/url?q%3Dhttps://example.org/", "https://example.org/"),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t"),
        ("https://www.google.com/search?q=https://example.org/", "https://www.google.com/search?q=https://example.org/"),
        ("/about/", "/about/"),
    ],
)
def test_links_lead_straight_to_their_target(address, target):
    assert straight(address) == target


def test_lists_of_word_that_change_their_kind_or_level():
    html = item(1, "·", "a") + item(3, "o", "b") + item(2, "1.", "c") + item(1, "1.", "d")
    assert clean(html) == "<ul><li>a<ul><li>b</li></ul><ol><li>c</li></ol></li></ul><ol><li>d</li></ol>"


def test_a_paragraph_between_parts_a_list_of_word():
    assert clean(item(1, "1.", "a") + "<p>x</p>" + item(1, "2.", "b")) == "<ol><li>a</li></ol><p>x</p><ol><li>b</li></ol>"


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ('<p style="font-weight:bold">a</p>', "<p><strong>a</strong></p>"),
        (
            '<p><span style="font-weight:700">a <b style="font-style:italic">b</b></span></p>',
            "<p><strong>a <em>b</em></strong></p>",
        ),
        ('<p>10&nbsp;km <b style="x">a</b></p>', "<p>10&nbsp;km <strong>a</strong></p>"),
        ('<p style="x">&nbsp;a &nbsp; b&nbsp;</p>', "<p>a b</p>"),
        ('<h2 style="font-weight:bold">a</h2>', "<h2>a</h2>"),
        ('<p style="direction:rtl" dir="rtl">a</p>', '<p dir="rtl">a</p>'),
        ('<p lang="fr" dir="ltr">a</p>', '<p lang="fr" dir="ltr">a</p>'),
        ("<pre>a\u00a0\u00a0b</pre><p style='x'>c</p>", "<pre>a&nbsp;&nbsp;b</pre><p>c</p>"),
        ("<div>a<br><br>b</div>", "<p>a</p><p>b</p>"),
        ("<p>a<br><br>b</p>", "<p>a<br><br>b</p>"),
        ("<td><div>a</div>", "<p>a</p>"),
        ("<h2><div>a</div></h2>", "<h2>a</h2>"),
        ('<a href="/x"><div>a</div></a>', '<p><a href="/x">a</a></p>'),
    ],
)
def test_what_becomes_of(html, cleaned):
    assert clean(html) == cleaned


def test_the_editor_says_itself_what_is_a_head():
    """A bold first row is a head only in what a program wrote: in the editor there is a button for it."""
    table = '<table class="stack"><tbody><tr><td><strong>a</strong></td></tr><tr><td>b</td></tr></tbody></table>'
    assert clean(table) == table
