"""Marks go round words wherever those stand, and nothing else of the page changes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from articles import richtext
from articles.richtext.trees import body_of, parse
from comments.anchors import Quote, describe
from comments.marks import flatten, marked, paragraphs

ADDED = re.compile(r'<mark class="noted"(?: id="p-\d+")?>|</mark>|<a class="notes"[^>]*>\d+</a>')
BODY = (
    "<h2>Who pays &amp; why</h2>\n<p>Neither <em>claim <strong>is</strong></em> silly,&nbsp;and <code>x &lt; y</code> is "
    'not<br>free of <a href="/about/">self-interest, they say</a>.</p>'
    "<ul>\n<li>One point</li>\n<li><p>Another point</p><ol><li>inside it</li></ol></li></ul>"
    '<blockquote><p>Said <sub>low</sub>.</p></blockquote><figure class="pull"><blockquote><p>Pulled out</p></blockquote>'
    "<figcaption>Somebody</figcaption></figure><pre>one = 1\n  two = 2</pre><hr>"
    '<aside class="callout"><h3>Aside</h3><p>Well.</p></aside><table><caption>Sums</caption><thead><tr><th scope="col">A</th>'
    '<th scope="col">B &gt; A</th></tr></thead><tbody><tr><td>1 mark</td><td>2 marks</td></tr></tbody></table>'
    "<p>السؤال الأهم عندي</p><p>双方的说法都不荒唐</p>"
)


def served(body: str) -> str:
    return richtext.render(richtext.clean(body), pictures={}, links={}).html


HTML = served(BODY)
TEXT = flatten(HTML).text.plain


def mark(*exact: str, html: str = HTML) -> str:
    text = flatten(html).text.plain
    quotes = {pk: describe(text, text.index(words), text.index(words) + len(words)) for pk, words in enumerate(exact, 1)}
    return marked(html, quotes).html()


def test_it_works():
    assert mark("Neither", html="<p>Neither claim</p>") == (
        '<p><mark class="noted" id="p-1">Neither</mark><a class="notes" href="/comments/1/" rel="nofollow" lang="en" '
        'aria-label="1 comment on this passage">1</a> claim</p>'
    )


def test_the_text_is_that_which_readers_see():
    assert TEXT.startswith(
        "Who pays & why Neither claim is silly, and x < y is not free of self-interest, they say. One point "
    )
    assert "Pulled out Somebody one = 1 two = 2 Aside Well. Sums A B > A 1 mark 2 marks السؤال" in TEXT


def test_marks_are_split_at_tags():
    assert (
        'Neither <em>claim <strong><mark class="noted" id="p-1">is</mark></strong></em><mark class="noted"> silly,&nbsp;and '
        '</mark><code><mark class="noted">x &lt; y</mark></code><a class="notes"'
    ) in mark("is silly, and x < y")


def test_a_number_never_stands_in_a_link_nor_in_code():
    assert 'interest</mark>, they say</a><a class="notes"' in mark("self-interest")
    assert '<a href="#who-pays-why">Who <mark class="noted" id="p-1">pays</mark> &amp; why</a><a class="notes"' in mark("pays")


def test_over_two_paragraphs_list_items_and_cells():
    found = mark("they say. One point Another")
    assert '<li><mark class="noted">One point</mark></li>\n<li><mark class="noted">Another</mark><a class="notes"' in found
    found = mark("A 1 mark 2")
    assert (
        '<td data-label="A"><mark class="noted">1 mark</mark></td><td data-label="B &gt; A"><mark class="noted">2</mark>'
        in found
    )


def test_passages_that_overlap_are_one_with_one_number():
    found = mark("claim is silly", "silly, and x", "silly, and x", "One point")
    assert found.count('class="notes"') == 2
    assert 'aria-label="3 comments on this passage">3</a>' in found
    assert 'id="p-1">claim ' in found
    assert '<mark class="noted" id="p-2">silly,&nbsp;and </mark>' in found


def test_every_comment_knows_where_its_passage_begins():
    text = flatten(HTML).text.plain
    quotes = {
        7: describe(text, 0, 8),
        3: describe(text, 0, 3),
        5: describe(text, 4, 8),
        9: Quote("words that stand nowhere in it at all"),
    }
    found = marked(HTML, quotes)
    assert found.ids == {3: "p-3", 7: "p-3", 5: "p-5"}
    for name in found.ids.values():
        assert found.html().count(f'id="{name}"') == 1
    assert found.groups == ((3, 5, 7),)


def test_the_number_leads_to_a_comment_on_the_page_if_there_is_one():
    quotes = {pk: Quote("Neither claim", "", "") for pk in (4, 2, 3)}
    found = marked("<p>Neither claim is so</p>", quotes | {1: Quote("nothing of the sort is here")})
    assert 'href="/comments/2/" rel="nofollow"' in found.html()
    assert 'href="#c-3" lang' in found.html({3, 4, 9})


def test_an_attribute_may_hold_anything():
    html = '<p><img alt="a > b &amp; <c>" src="/x"> Neither claim</p>'
    assert mark("Neither", html=html).startswith('<p><img alt="a > b &amp; <c>" src="/x"> <mark')


def test_paragraphs_are_what_can_be_chosen():
    found = [quote.exact for quote in paragraphs(HTML)]
    assert found[:4] == [
        "Neither claim is silly, and x < y is not free of self-interest, they say.",
        "One point",
        "Another point",
        "inside it",
    ]
    assert "Who pays & why" not in found
    assert "2 marks" not in found


def test_a_long_paragraph_is_cut_behind_a_sentence():
    (quote,) = paragraphs(f"<p>{'This is a sentence of some length. ' * 40}</p>")
    assert 500 < len(quote.exact) <= 600
    assert quote.exact.endswith("length.")
    (quote,) = paragraphs(f"<p>{'without an end ' * 100}</p>")
    assert len(quote.exact) <= 600
    (quote,) = paragraphs(f"<p>{'一' * 1000}</p>")
    assert 300 <= len(quote.exact) <= 600


bodies = st.recursive(
    st.sampled_from(["word ", "x", " ", "a &amp; b", "&nbsp;", "人工智能", "<br>", "“q” "]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["em", "strong", "code", "a", "p", "li", "ul", "h2", "blockquote", "td", "pre"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=25,
)


@given(bodies, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=8))
def test_any_passages_leave_the_text_as_it_is_and_the_html_well_formed(body, ranges):
    html = served(f"<p>Some words to begin with.</p>{body}<table><tr><td>{body}</td></tr></table>")
    check(html, ranges)


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(1, len(TEXT))), max_size=12))
def test_any_passages_of_a_rich_text(ranges):
    check(HTML, ranges)


def check(html: str, ranges: list[tuple[int, int]]) -> None:
    text = flatten(html).text.plain
    quotes = {pk: describe(text, start, min(start + length, len(text))) for pk, (start, length) in enumerate(ranges, 1) if start < len(text)}  # fmt: skip
    found = marked(html, quotes)
    assert ADDED.sub("", found.html()) == html
    if body_of(parse(html)) == html:
        assert body_of(parse(found.html())) == found.html()
    for pk in found.ids:
        assert found.html().count(f'id="{found.ids[pk]}"') == 1
    worded = {pk for pk, quote in quotes.items() if any(letter.isalnum() for letter in quote.exact)}
    assert set(found.ids) == worded
    assert sorted(pk for group in found.groups for pk in group) == sorted(worded)
