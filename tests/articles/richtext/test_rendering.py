import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from articles.richtext import Card, Picture, clean, for_editor, lead, render
from tests.articles.richtext.test_cleaning import HTML

PLAIN = [("/media/s.jpg", 480), ("/media/l.jpg", 960), ("/media/1.jpg", 1200)]
MODERN = [("/media/s.avif", 480), ("/media/1.avif", 1200)]
CARD = Card(960, 640, [("/media/cs.jpg", 480), ("/media/cl.jpg", 960)], [("/media/cs.avif", 480)])
PICTURES = {
    1: Picture("/media/1.jpg", 1200, 800, PLAIN, MODERN, CARD),
    2: Picture("/media/2.png", 300, 200, [("/media/2.png", 300)], []),
}
LINKS = {7: "/seven/"}


def html_of(body: str) -> str:
    return render(body, pictures=PICTURES, links=LINKS).html


def ids(body: str) -> list[str]:
    return [node.attributes["id"] for node in LexborHTMLParser(html_of(body)).css("[id]")]


def test_it_works():
    rendered = render("<h2>Part one</h2><p>Two <em>words</em>.</p>", pictures={}, links={})
    assert rendered.html == '<h2 id="part-one"><a href="#part-one">Part one</a></h2><p>Two <em>words</em>.</p>'
    assert rendered.contents == [{"id": "part-one", "text": "Part one", "inner": []}]
    assert rendered.plain_text == "Part one\nTwo words."
    assert rendered.words == 4


def test_the_contents_nest_and_stop_at_the_third_level():
    body = "<h3>a</h3><h2>b</h2><h3>c</h3><h4>d</h4><h3>e</h3><h2>f</h2>"
    contents = render(body, pictures={}, links={}).contents
    assert [(part["text"], [inner["text"] for inner in part["inner"]]) for part in contents] == [
        ("a", []),
        ("b", ["c", "e"]),
        ("f", []),
    ]


def test_the_same_heading_has_the_same_id_wherever_it_stands():
    assert ids("<h2>One</h2><h2>Two</h2>") == ["one", "two"]
    assert ids("<h2>Zero</h2><h3>Two</h3><p>a</p><h2>One</h2>") == ["zero", "two", "one"]


def test_headings_of_the_same_text_are_numbered_in_order():
    assert ids("<h2>One</h2><h2>One</h2><h2>One-2</h2><h2>One</h2>") == ["one", "one-2", "one-2-2", "one-3"]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Élan &amp; vie!", "élan-vie"),
        ("東京", "東京"),
        ("?!", "section"),
        ("🎉", "section"),
        ("Title", "title-2"),
        ("Talk", "talk-2"),
        ("Main", "main-2"),
        ("a <strong>b</strong> <em>c</em>", "a-b-c"),
        ("x" * 100, "x" * 60),
        ("C-17", "section-c-17"),
        ("N 95", "section-n-95"),
        ("Table 1", "section-table-1"),
        ("C", "section-c"),
        ("C17", "c17"),
    ],
)
def test_ids_that_the_page_has_itself_are_left_to_it(heading, name):
    assert ids(f"<h2>{heading}</h2>") == [name]


def test_a_heading_that_is_no_part_of_the_text_has_no_id():
    assert ids("<blockquote><h2>a</h2></blockquote>") == []


def test_a_link_in_a_heading_gives_way_to_its_own():
    assert html_of('<h2>a <a href="/b/">b</a></h2>') == '<h2 id="a-b"><a href="#a-b">a b</a></h2>'


@given(HTML)
def test_ids_are_unique_whatever_the_text(html):
    found = ids(clean(html + "<h2>Table 1</h2><table><caption>a</caption><tr><td>b</table><h2>a</h2><h3>a</h3>"))
    assert len(found) == len(set(found))


@given(st.lists(st.sampled_from(["Table", "Table 1", "Table 2", "C", "C 2", "a", "a-2", "a-2-2", "", "?"]), max_size=12))
def test_ids_are_unique_whatever_the_headings(headings):
    found = ids(
        "".join(f"<h2>{heading}</h2>" for heading in headings)
        + "<table><caption>a</caption><tbody><tr><td>b</td></tr></tbody></table>" * 2
    )
    assert len(found) == len(headings) + 2 == len(set(found))


@given(HTML)
def test_nothing_of_the_editor_is_served(html):
    served = html_of(clean(html))
    for node in LexborHTMLParser(f"<body>{served}").css("body *"):
        assert not [name for name in node.attributes if name in {"data-image", "data-article", "data-decorative", "style"}]


def test_a_picture_gets_its_renditions():
    assert html_of('<figure><img data-image="1" alt="A &quot;b&quot;"><figcaption>c</figcaption></figure>') == (
        '<figure><picture><source type="image/avif" srcset="/media/s.avif 480w, /media/1.avif 1200w" '
        'sizes="(min-width: 40rem) 38rem, 100vw"><img alt="A &quot;b&quot;" src="/media/l.jpg" width="1200" height="800" '
        'srcset="/media/s.jpg 480w, /media/l.jpg 960w, /media/1.jpg 1200w" sizes="(min-width: 40rem) 38rem, 100vw" '
        'loading="lazy" decoding="async"></picture><figcaption>c</figcaption></figure>'
    )


@pytest.mark.parametrize(
    ("classes", "sizes"),
    [
        ("wide", "(min-width: 68rem) 55rem, 100vw"),
        ("full", "(min-width: 75rem) 72rem, 100vw"),
        ("wide x", "(min-width: 68rem)"),
    ],
)
def test_a_picture_that_is_wider_than_the_text_says_so(classes, sizes):
    body = clean(f'<figure class="{classes}"><img data-image="1" alt="A"></figure>')
    assert html_of(body).count(f'sizes="{sizes}') == 2


def test_a_lead_image_is_addresses_and_sizes():
    assert lead(PICTURES[1]) == {
        "src": "/media/l.jpg",
        "srcset": "/media/s.jpg 480w, /media/l.jpg 960w, /media/1.jpg 1200w",
        "modern": "/media/s.avif 480w, /media/1.avif 1200w",
        "width": 1200,
        "height": 800,
        "full": "/media/1.jpg",
        "small": "/media/cs.jpg",
        "card": {
            "src": "/media/cl.jpg",
            "srcset": "/media/cs.jpg 480w, /media/cl.jpg 960w",
            "modern": "/media/cs.avif 480w",
            "width": 960,
            "height": 640,
        },
    }


def test_a_lead_image_that_is_not_drawn_yet_is_the_picture_itself():
    found = lead(PICTURES[2])
    assert (found["src"], found["small"], found["srcset"], found["modern"], found["card"]) == (
        "/media/2.png", "/media/2.png", "", "", None,
    )  # fmt: skip


def test_a_picture_without_renditions_is_served_itself():
    html = html_of('<figure><img data-image="2" alt="A"></figure>')
    assert 'src="/media/2.png" width="300" height="200"' in html
    assert "srcset" not in html
    assert "<picture" not in html


@pytest.mark.parametrize("attributes", ['data-decorative="1"', 'alt=""', ""])
def test_a_decorative_picture_has_an_empty_alternative(attributes):
    assert 'alt=""' in html_of(f'<p><img data-image="1" {attributes}></p>')


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<p>a</p><figure><img data-image="9" alt="x"><figcaption>c</figcaption></figure><p>b</p>', "<p>a</p><p>b</p>"),
        ('<p>a <img data-image="9" alt="x"> b</p>', "<p>a  b</p>"),
        ('<figure><img data-image="8"><img data-image="9"></figure><p>b</p>', "<p>b</p>"),
    ],
)
def test_a_picture_that_is_gone_is_left_out(body, html):
    assert html_of(body) == html


def test_what_stands_beside_it_in_its_figure_stays():
    html = html_of('<figure><img data-image="1" alt="A"><img data-image="9" alt="B"><figcaption>c</figcaption></figure>')
    assert html.count("<img") == 1
    assert "<figcaption>c</figcaption>" in html
    assert "<td>a</td>" in html_of(clean('<figure><table><tr><td>a</table><img data-image="9"></figure>'))


def test_links_to_own_articles_are_resolved():
    assert html_of('<p><a data-article="7">a</a></p>') == '<p><a href="/seven/">a</a></p>'


def test_a_link_to_an_article_that_is_not_live_leaves_its_text():
    assert html_of('<p>x <a data-article="8">a <em>b</em></a> y</p>') == "<p>x a <em>b</em> y</p>"


def test_other_links_are_left_alone():
    body = '<p><a href="https://example.org/?a=1&amp;b=2">a</a> <a href="#b">b</a></p>'
    assert html_of(body) == body


def test_a_table_is_framed_and_named():
    html = html_of(
        "<table><caption>Sums</caption><tbody><tr><td>a</td></tr></tbody></table><table><tbody><tr><td>b</td></tr></tbody></table>"
    )
    assert (
        '<div class="table" role="region" tabindex="0" aria-labelledby="table-1"><table><caption id="table-1">Sums</caption>'
        in html
    )
    assert '<div class="table" role="region" tabindex="0" aria-label="Table 2"><table>' in html


def test_cells_of_a_stacked_table_repeat_their_heads():
    body = clean("<table><tr><th>Aspect<th>A &amp; <b>B</b><tr><th>x<td>1</table>")
    html = html_of(body)
    assert '<div class="table stack"' in html
    assert '<td data-label="A &amp; B">1</td>' in html
    assert '<th scope="row">x</th>' in html


def test_cells_of_other_tables_do_not():
    body = clean("<table><tr>" + "<th>h" * 5 + "<tr>" + "<td>c" * 5 + "</table>")
    assert "data-label" not in html_of(body)


def test_the_editor_is_shown_the_pictures():
    body = '<figure><img data-image="1" alt="A"></figure><p><img data-image="2" alt="B"><img data-image="9" alt="C"></p>'
    shown = for_editor(body, PICTURES)
    assert [image.attributes.get("src") for image in LexborHTMLParser(shown).css("img")] == [
        "/media/s.jpg",
        "/media/2.png",
        None,
    ]
    assert clean(shown) == body
