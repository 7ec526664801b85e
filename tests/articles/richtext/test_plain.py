import pytest
from hypothesis import given

from articles.richtext import clean, plain_text
from tests.articles.richtext.test_cleaning import HTML


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("", ""),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one <em>two</em><strong>three</strong></p>", "one twothree"),
        ("<p>one<br>two</p><hr><p>three</p>", "one\ntwo\nthree"),
        ("<h2>a</h2><ul><li>b</li><li>c</li></ul>", "a\nb\nc"),
        ("<table><caption>a</caption><tbody><tr><th>b</th><td>c</td></tr></tbody></table>", "a\nb\nc"),
        ('<figure><img data-image="1" alt="not this"><figcaption>but this</figcaption></figure>', "but this"),
        ("<p>a &lt;b&gt; &amp;amp; &nbsp; c</p>", "a <b> &amp; c"),
        ("<pre>a\n\n  b</pre>", "a\nb"),
        ("<p>  a   b  </p>", "a b"),
    ],
)
def test_a_line_for_each_block(body, text):
    assert plain_text(body) == text


@pytest.mark.parametrize("sign", [">", "<", "&quot;", "'", "a > b < c"])
def test_signs_in_an_attribute_leave_nothing_behind(sign):
    body = clean(f'<p>one <img data-image="1" alt="x {sign} y"> <a href="/?q={sign}">two</a></p>')
    assert plain_text(body) == "one two"


@given(HTML)
def test_no_markup_is_left(html):
    assert "\n\n" not in plain_text(clean(html))
    assert plain_text(clean(html)) == plain_text(clean(html)).strip()
