import pytest

from articles.richtext import clean


def rows(html: str) -> list[list[str]]:
    """What the cells of a cleaned table hold, heads marked with a star."""
    from selectolax.lexbor import LexborHTMLParser

    table = LexborHTMLParser(clean(html)).css_first("table")
    return [[cell.text() + "*" * (cell.tag == "th") for cell in row.css("th, td")] for row in table.css("tr")]


def test_it_works():
    html = (
        '<table><caption>Sums</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        '<tbody><tr><th scope="row">x</th><td>1</td></tr></tbody></table>'
    )
    assert clean(html) == html.replace("<table>", '<table class="stack">')


def test_a_first_row_of_heads_becomes_the_head():
    assert clean("<table><tr><th>A<th>B<tr><td>1<td>2</table>") == (
        '<table class="stack"><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_heads_in_the_first_column_are_heads_of_their_rows():
    assert '<th scope="row">x</th>' in clean("<table><tr><td>a<td>b<tr><th>x<td>1</table>")
    assert rows("<table><tr><td>a<th>b<tr><td>c<td>d</table>") == [["a", "b"], ["c", "d"]]


def test_a_single_row_of_heads_stays_in_the_body():
    assert "<thead>" not in clean("<table><tr><th>A<th>B</table>")


def test_a_foot_and_several_bodies_are_rows_like_others():
    html = "<table><thead><tr><th>A</thead><tfoot><tr><td>f</tfoot><tbody><tr><td>1<tbody><tr><td>2</table>"
    assert sorted(rows(html)) == [["1"], ["2"], ["A*"], ["f"]]


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("<tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e", [["a", "", "b"], ["c", "d", "e"]]),
        ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], ["", "c"]]),
        ("<tr><td rowspan=2 colspan=2>a<td>b<tr><td>c", [["a", "", "b"], ["", "", "c"]]),
        ("<tr><th colspan=2>A<th>B<tr><td>c<td>d<td>e", [["A*", "A*", "B*"], ["c", "d", "e"]]),
        ("<tr><td>a<tr><td>b<td>c<td>d", [["a", "", ""], ["b", "c", "d"]]),
        ("<tr><td rowspan=9>a<td>b<tr><td>c", [["a", "b"], ["", "c"]]),
        ("<tr><td>a<td rowspan=2>b<td>c<tr><td>d<td>e", [["a", "b", "c"], ["d", "", "e"]]),
        ("<tr><td colspan=0>a<td colspan=x>b<td colspan=-3>c", [["a", "b", "c"]]),
    ],
)
def test_merged_cells_are_split_and_rows_made_even(html, cells):
    assert rows(f"<table>{html}</table>") == cells


@pytest.mark.parametrize("span", ["9" * 5000, "²", "٣", "1e9", "99999"])
def test_a_span_that_is_no_sensible_number_is_one(span):
    assert rows(f'<table><tr><td colspan="{span}" rowspan="{span}">a<td>b</table>') == [["a", "b"]]


def test_a_table_has_fifty_columns_at_most():
    assert len(rows("<table><tr>" + "<td colspan=1000>a" * 100 + "</table>")[0]) == 50


def test_spans_do_not_multiply_without_end():
    assert len(rows("<table>" + "<tr><td colspan=50 rowspan=50>a" * 500 + "</table>")) == 500


@pytest.mark.parametrize(("columns", "stacked"), [(1, True), (4, True), (5, False)])
def test_narrow_tables_become_cards_on_a_phone(columns, stacked):
    assert ("stack" in clean("<table><tr>" + "<td>a" * columns + "</table>")) is stacked


def test_the_editor_may_make_it_wide_and_nothing_else():
    assert clean('<table class="wide red"><tr><td>a</table>').startswith('<table class="stack wide">')


def test_a_caption_is_text():
    assert "<caption>a &lt;b&gt; c</caption>" in clean("<table><caption><b>a</b> &lt;b&gt; <i>c</i></caption><tr><td>x</table>")


@pytest.mark.parametrize("html", ["<table></table>", "<table><caption>a</caption></table>", "<table><tr></tr></table>"])
def test_a_table_without_cells_is_none(html):
    assert "<td" not in clean(html)


def test_formatting_in_cells_stays_and_their_only_paragraph_goes():
    cleaned = clean("<table><tr><td><p>a <b>b</b></p><td><p>c</p><p>d</p><td><ul><li>e</ul></table>")
    assert "<td>a <strong>b</strong></td><td><p>c</p><p>d</p></td><td><ul><li>e</li></ul></td>" in cleaned


def test_a_table_in_a_table_keeps_its_own_rows():
    cleaned = clean("<table><tr><td>a<table><tr><td>b<tr><td>c</table><td>d</table>")
    assert cleaned.count("<table") == 2
    assert cleaned.count("<tr>") == 3
