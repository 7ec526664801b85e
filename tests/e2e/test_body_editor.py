"""A writer works in the body editor: tables, scenarios, pasting, links, the outline, keys, and the way from the check-list."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.richtext import clean
from tests.articles.richtext.clipboards import CLIPBOARDS
from tests.e2e.journeys import press, tab_to, tool, unique, width_of

ADD = "/admin/articles/article/add/"
SAMPLES = sorted(Path(os.environ.get("MASTHEAD_CLIPBOARDS", "/nowhere")).glob("*.html"))
PASTE = """(body, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
CARET = "() => getSelection().anchorNode.parentElement.closest('p, h2, h3, h4, li, td, th, figcaption').textContent"


@pytest.fixture
def writing(desk):
    """The form of a new article, the cursor in its empty text."""
    desk.goto(ADD)
    desk.locator(".desk-body").click()
    return desk


def stored(page) -> str:
    """The HTML that the form would send."""
    return page.locator("textarea[name=body]").input_value()


def paste(page, html: str) -> None:
    page.locator(".desk-body").evaluate(PASTE, html)


def save(page, title: str) -> None:
    page.get_by_label("Title:", exact=True).fill(title)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    page.locator(".desk-body").wait_for()


def insert_table(page, rows: int, columns: int, caption: str) -> None:
    keys, dialog = page.keyboard, page.get_by_role("dialog")
    tool(page, "Table")
    expect(dialog.get_by_label("Rows")).to_be_focused()
    keys.type(str(rows))
    keys.press("Tab")
    keys.type(str(columns))
    tab_to(page, dialog.get_by_label("Caption"))
    keys.type(caption)
    keys.press("Enter")
    expect(dialog).to_have_count(0)


def fill_cells(page, *words: str) -> None:
    for word in words[:-1]:
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.type(words[-1])


# --- tables ----------------------------------------------------------------------------------------------------


def test_rows_and_columns_come_and_go_by_keyboard(writing):
    insert_table(writing, 2, 2, "Ports")
    fill_cells(writing, "Port", "Ships", "North", "4")
    tool(writing, "Row below")
    fill_cells(writing, "9")
    tool(writing, "Row above")
    tool(writing, "Column after")
    tool(writing, "Column before")
    table = writing.locator(".desk-body table")
    expect(table.locator("tr")).to_have_count(4)
    expect(table.locator("tr").first.locator("th")).to_have_count(4)
    tool(writing, "Column: remove")
    tool(writing, "Row: remove")
    expect(table.locator("tr")).to_have_count(3)
    expect(table.locator("tr").first.locator("th")).to_have_count(3)
    assert clean(stored(writing)) == stored(writing)


def test_header_row_and_column_by_keyboard(writing):
    insert_table(writing, 2, 2, "")
    fill_cells(writing, "a", "b", "c", "d")
    tool(writing, "Header column")
    assert '<tr><th scope="row">c</th><td>d</td></tr>' in stored(writing)
    tool(writing, "Header row")
    expected = '<tbody><tr><th scope="row">a</th><td>b</td></tr><tr><th scope="row">c</th><td>d</td></tr></tbody>'
    assert expected in stored(writing)
    tool(writing, "Header column")
    assert "<th" not in stored(writing)


def test_a_column_before_the_head_column_takes_over_its_heads(writing):
    insert_table(writing, 2, 1, "")
    fill_cells(writing, "a", "b")
    tool(writing, "Header column")
    tool(writing, "Column before")
    heads = '<thead><tr><th scope="col"></th><th scope="col">a</th></tr></thead>'
    assert f'{heads}<tbody><tr><th scope="row"></th><td>b</td></tr></tbody>' in stored(writing)


def test_the_caption_is_changed_by_keyboard(writing):
    insert_table(writing, 1, 1, "Before")
    tool(writing, "Caption")
    expect(writing.get_by_role("dialog").get_by_label("Caption")).to_be_focused()
    writing.keyboard.type("After")
    writing.keyboard.press("Enter")
    expect(writing.locator(".desk-body caption")).to_have_text("After")
    assert "<caption>After</caption>" in stored(writing)


def test_tab_leaves_a_table_from_its_last_cell(writing):
    insert_table(writing, 1, 2, "")
    fill_cells(writing, "a", "b")
    writing.keyboard.press("Tab")
    expect(writing.locator(".desk-body")).not_to_be_focused()
    expect(writing.locator(".desk-body table tr")).to_have_count(1)
    writing.keyboard.press("Shift+Tab")
    expect(writing.locator(".desk-body")).to_be_focused()


def test_the_toolbar_is_one_stop(writing):
    writing.keyboard.press("Alt+F10")
    writing.keyboard.press("ArrowRight")
    expect(writing.get_by_role("button", name="H3 heading")).to_be_focused()
    writing.keyboard.press("Tab")
    assert writing.evaluate("!document.activeElement.closest('.desk-toolbar')")
    writing.keyboard.press("Shift+Tab")
    expect(writing.get_by_role("button", name="H3 heading")).to_be_focused()


def test_every_command_has_a_name(writing):
    insert_table(writing, 1, 1, "")
    names = writing.locator(".desk-toolbar button:visible").evaluate_all(
        "buttons => buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent.trim())"
    )
    assert all(names)
    assert len(set(names)) == len(names)


# --- scenarios and call-outs -----------------------------------------------------------------------------------


def test_scenarios_are_written_saved_and_read_on_a_phone(writing, open_page):
    writing.keyboard.type("What could happen.")
    tool(writing, "Scenario table")
    tab_to(writing, writing.get_by_role("dialog").get_by_label("Caption"))
    writing.keyboard.press("Control+a")
    writing.keyboard.type("Three ways")
    writing.keyboard.press("Enter")
    fill_cells(
        writing, "It holds", "More of the same", "Prices", "It breaks", "A new start", "Laws", "It waits", "Nothing", "Time"
    )
    before = stored(writing)
    assert clean(before) == before
    title = unique("Scenarios")
    save(writing, title)
    assert stored(writing) == before
    writing.get_by_role("button", name="Save and publish…").click()
    writing.get_by_role("button", name="Publish", exact=True).click()
    expect(writing.locator(".messagelist")).to_contain_text("Published.")
    address = writing.get_by_role("link", name="View on site").get_attribute("href")
    phone = open_page(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    phone.goto(address)
    table = phone.get_by_role("table", name="Three ways")
    expect(table.get_by_role("columnheader")).to_have_text(["Scenario", "What happens", "What to watch"])
    expect(table.get_by_role("rowheader")).to_have_text(["It holds", "It breaks", "It waits"])
    label = "cell => getComputedStyle(cell, '::before').content"
    assert table.get_by_role("cell", name="Prices").evaluate(label) == '"What to watch"'
    assert width_of(phone) == 320


def test_a_call_out_goes_round_what_is_there_and_off_again(writing):
    writing.keyboard.type("Mind this.")
    tool(writing, "Call-out")
    assert stored(writing) == '<aside class="callout"><p>Mind this.</p></aside>'
    tool(writing, "Call-out")
    assert stored(writing) == "<p>Mind this.</p>"


def test_the_source_of_a_quotation_without_words_is_kept(writing):
    tool(writing, "Pull quote")
    writing.locator(".desk-body figcaption").click()
    writing.keyboard.type("Ines Duarte")
    assert clean(stored(writing)) == stored(writing) == "<p>Ines Duarte</p>"


# --- pasting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_pasting_gives_what_the_server_keeps(writing, name):
    html, expected, pictures = CLIPBOARDS[name]
    paste(writing, html)
    assert stored(writing) == expected
    assert clean(stored(writing)) == stored(writing)
    told = writing.locator(".desk-notice [role=status]")
    expect(told).to_contain_text(f"{pictures} pictures were left out" if pictures > 1 else "One picture was left out")
    expect(told).to_contain_text("add each with Picture in the toolbar")
    expect(told).to_be_in_viewport()
    writing.locator(".desk-notice").get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()
    expect(writing.locator(".desk-body")).to_be_focused()


@pytest.mark.skipif(not SAMPLES, reason="MASTHEAD_CLIPBOARDS names no folder of clipboards.")
def test_pasting_what_real_clipboards_held(writing):
    for sample in SAMPLES:
        html = sample.read_text(encoding="utf-8")
        writing.keyboard.press("Control+a")
        writing.keyboard.press("Delete")
        paste(writing, html)
        assert stored(writing) == clean(html), sample.name


def test_merged_cells_are_split_where_the_writer_sees_it(writing):
    paste(writing, "<table><tr><td colspan=2>a<td rowspan=2>b<tr><td>c<td>d</table>")
    rows = writing.locator(".desk-body tr")
    expect(rows.nth(0).locator("td")).to_have_text(["a", "", "b"])
    expect(rows.nth(1).locator("td")).to_have_text(["c", "d", ""])


# --- links -----------------------------------------------------------------------------------------------------


def test_a_link_to_an_own_article_is_found_by_words(writing):
    writing.keyboard.press("Control+k")
    dialog = writing.get_by_role("dialog")
    field = dialog.get_by_role("combobox", name="Address, or words of a title on this site")
    expect(field).to_be_focused()
    writing.keyboard.type("discussed much")
    expect(dialog.get_by_role("option", name="Much discussed live")).to_be_visible()
    writing.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("Much discussed")
    writing.keyboard.press("Enter")
    expect(field).to_have_value("/much-discussed/")
    expect(dialog).to_contain_text("Readers can see it.")
    expect(dialog.get_by_label("Words to show")).to_have_value("Much discussed")
    writing.keyboard.press("Enter")
    assert re.fullmatch(r'<p><a href="/much-discussed/" data-article="\d+">Much discussed</a></p>', stored(writing))
    writing.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    writing.keyboard.press("ArrowLeft")
    expect(writing.get_by_role("button", name="Change link")).to_be_visible()
    writing.keyboard.press("Control+k")
    expect(writing.get_by_role("dialog")).to_contain_text("Much discussed. Readers can see it.")
    writing.keyboard.type("https://example.org/")
    writing.keyboard.press("Enter")
    assert stored(writing) == '<p><a href="https://example.org/">Much discussed</a></p>'


def test_the_dialog_says_that_an_article_is_not_public(writing):
    title = unique("A quiet draft")
    writing.keyboard.type("Words.")
    save(writing, title)
    writing.goto(ADD)
    writing.locator(".desk-body").click()
    writing.keyboard.press("Control+k")
    writing.keyboard.type(title)
    dialog = writing.get_by_role("dialog")
    dialog.get_by_role("option", name=f"{title} draft").click()
    expect(dialog).to_contain_text("This article is a draft. Readers see the words without a link until it is published.")


def test_words_that_find_nothing_are_no_address(writing):
    writing.keyboard.type("Words ")
    writing.keyboard.press("Control+k")
    writing.keyboard.type("nothing is called so")
    dialog = writing.get_by_role("dialog")
    expect(dialog.locator(".desk-combobox [role=status]")).to_have_text("No suggestions")
    writing.keyboard.press("Enter")
    expect(dialog).to_contain_text("Choose an article from the list, or enter a whole address")
    expect(dialog.get_by_role("combobox")).to_have_value("nothing is called so")


# --- outline, count and keys -----------------------------------------------------------------------------------


def test_the_outline_follows_the_headings_and_leads_to_them(writing):
    outline = writing.get_by_role("navigation", name="Outline of the text")
    expect(outline).to_contain_text("Headings that you write are listed here.")
    paste(writing, "<h2>One</h2>" + "<p>Text</p>" * 60 + "<h3>Two</h3><p>End</p>")
    expect(outline.get_by_role("button")).to_have_text(["One", "Two"])
    press(writing, outline.get_by_role("button", name="One"))
    expect(writing.locator(".desk-body")).to_be_focused()
    assert writing.evaluate(CARET) == "One"
    writing.keyboard.type("Begin: ")
    expect(outline.get_by_role("button")).to_have_text(["Begin: One", "Two"])
    outline.get_by_role("button", name="Two").click()
    assert writing.evaluate(CARET) == "Two"
    expect(writing.locator(".desk-body h3")).to_be_in_viewport()
    expect(outline.get_by_role("button", name="Two")).to_have_attribute("aria-current", "true")


def test_the_outline_is_folded_where_there_is_no_room_beside_the_text(open_page, sessions):
    page = open_page(storage_state=sessions["ada"], viewport={"width": 360, "height": 800})
    page.goto(ADD)
    details = page.locator(".desk-outline details")
    expect(details.locator("summary")).to_be_visible()
    assert not details.evaluate("details => details.open")
    assert width_of(page) == 360


def test_words_are_counted(writing):
    paste(writing, "<p>One two</p><table><caption>Three</caption><tr><td>four</td></tr></table><ul><li>five</li></ul>")
    expect(writing.locator(".desk-foot")).to_contain_text("5 words · 1 min read")


def test_the_keys_are_listed(writing):
    tool(writing, "Keys…")
    dialog = writing.get_by_role("dialog", name="Keys")
    for key, what in (
        ("Alt+F10", "Go to the toolbar"),
        ("Ctrl+K", "Link"),
        ("Ctrl+Alt+2", "H2 heading"),
        ("Ctrl+]", "Move in"),
    ):
        expect(dialog.get_by_role("row").filter(has=writing.get_by_text(key, exact=True))).to_contain_text(what)
    writing.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(writing.locator(".desk-body")).to_be_focused()
    writing.keyboard.press("Control+/")
    expect(dialog).to_be_visible()


# --- from the check-list ---------------------------------------------------------------------------------------

UNREADY = (
    '<h2>Part</h2><p>See <a href="/nothing-is-here-at-all/">the old page</a>.</p><h4>Too deep</h4>'
    "<table><tbody><tr><td>a</td></tr></tbody></table>"
)


@pytest.mark.parametrize(
    ("about", "words"), [("nothing at that address", "See the old page."), ("level 4", "Too deep"), ("Table 1", "a")]
)
def test_go_there_leads_to_the_place(writing, about, words):
    paste(writing, "<p>Text</p>" * 40 + UNREADY)
    save(writing, unique("Not ready"))
    writing.get_by_role("button", name="Save and publish…").click()
    expect(writing.get_by_role("heading", name="This has to be mended first")).to_be_visible()
    press(writing, writing.locator(".problems li").filter(has_text=about).get_by_role("link"))
    expect(writing.locator(".desk-body")).to_be_focused()
    assert writing.evaluate(CARET) == words
    assert writing.evaluate("getSelection().anchorNode.parentElement.getBoundingClientRect().top") > 0


def test_without_script_it_leads_to_the_field(writing, open_page, sessions):
    paste(writing, UNREADY)
    save(writing, unique("Not ready"))
    page = open_page(storage_state=sessions["ada"], java_script_enabled=False)
    page.goto(writing.url.replace("/change/", "/publish/"))
    page.locator(".problems li").filter(has_text="nothing at that address").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/change/\?place=link-1#id_body$"))
    expect(page.locator("#id_body")).to_be_in_viewport()
    expect(page.locator("#id_body")).to_have_value(re.compile("nothing-is-here-at-all"))


def test_an_address_with_the_place_behind_a_colon_leads_there_too(writing):
    paste(writing, "<p>Text</p>" * 40 + UNREADY)
    save(writing, unique("Not ready"))
    writing.goto(f"{writing.url.partition('#')[0]}#body:heading-2")
    expect(writing.locator(".desk-body")).to_be_focused()
    assert writing.evaluate(CARET) == "Too deep"


# --- axe -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_page, sessions, axe, width):
    page = open_page(storage_state=sessions["ada"], viewport={"width": width, "height": 900})
    page.goto(ADD)
    page.locator(".desk-body").click()
    paste(page, CLIPBOARDS["docs"].html)
    page.get_by_role("navigation", name="Outline of the text").locator("details").evaluate(
        "details => { details.open = true; }"
    )
    expect(page.get_by_role("button", name="The ferry")).to_be_visible()
    axe(page)
    page.locator(".desk-body").click()
    page.keyboard.press("Control+End")
    expect(page.locator(".desk-place")).to_have_text("Paragraph")
    tool(page, "Scenario table")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    fill_cells(
        page, "It holds", "More of the same", "Prices", "It breaks", "A new start", "Laws", "It waits", "Nothing", "Time"
    )
    axe(page)
    page.keyboard.press("Control+End")
    expect(page.locator(".desk-place")).to_have_text("Paragraph")
    page.keyboard.press("Control+k")
    page.keyboard.type("much discussed")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    axe(page)
