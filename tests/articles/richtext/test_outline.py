import pytest

from articles.richtext import clean
from articles.richtext.outline import outline


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>One <strong>two</strong> <em>three</em></p>", ["One **two** *three*"]),
        ("<h2>Head</h2><p>Text</p>", ["## Head", "Text"]),
        ("<ul><li>one</li><li>two</li></ul>", ["• one", "• two"]),
        ('<p>See <a href="https://example.org/a">this</a>.</p>', ["See this (https://example.org/a)."]),
        ('<p>See <a data-article="7">this</a>.</p>', ["See this (article 7)."]),
        ('<figure><img data-image="3" alt="A chart"><figcaption>Sums</figcaption></figure>',
         ["[picture 3: A chart]", "Caption: Sums"]),
        ("<table><caption>T</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
         ["[stack]", "Table: T", "| a | b", "| 1 | 2"]),
        ("<p>one<br>two</p><hr>", ["one", "two", "———"]),
        ("", []),
    ],
)  # fmt: skip
def test_it_works(body, lines):
    assert outline(clean(body)) == lines


def test_what_changes_only_the_look_changes_a_line():
    plain, wide = (f'<figure{look}><img data-image="3" alt="A chart"></figure>' for look in ("", ' class="wide"'))
    assert outline(clean(plain)) != outline(clean(wide))
