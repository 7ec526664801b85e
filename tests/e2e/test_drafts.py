"""A draft goes to a reader outside and comes back with notes; the writer answers beside the text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.journeys import press, tab_to, unique

SELECT = """(words) => {
  const range = document.createRange();
  for (const part of document.querySelectorAll(".prose p")) {
    const at = part.firstChild.data.indexOf(words);
    if (at < 0) continue;
    range.setStart(part.firstChild, at);
    range.setEnd(part.firstChild, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
}"""
CHOSEN = "getSelection().toString()"
MARKED = "CSS.highlights.get('desk-notes') ? [...CSS.highlights.get('desk-notes')].map(String) : []"


@pytest.fixture
def draft(desk):
    """The desk at the form of a draft of its own, saved by hand."""
    desk.goto("/admin/articles/article/add/")
    desk.get_by_label("Title:", exact=True).fill(unique("A draft for others"))
    desk.get_by_role("textbox", name="Body").click()
    desk.keyboard.type("The ferry leaves at nine. The ferry is old.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("It is always late.")
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved as a draft.")
    return desk


def make_link(page, *, reader: str = "Ines") -> str:
    press(page, page.get_by_role("link", name="Draft links"))
    tab_to(page, page.get_by_label("For whom"))
    page.keyboard.type(reader)
    press(page, page.get_by_role("button", name="Make the link"))
    expect(page.locator(".messagelist")).to_contain_text("The link is made.")
    return page.locator("input[readonly]").first.input_value()


def test_from_the_link_to_the_answer(draft, open_page):
    form, link, reader = draft.url, make_link(draft), open_page()
    reader.goto(link)
    expect(reader.get_by_role("region", name="About this draft")).to_contain_text("A draft, not published.")
    expect(reader.get_by_text("Note on this")).to_be_hidden()
    reader.evaluate(SELECT, "ferry is old")
    reader.get_by_role("button", name="Note on this").click()
    expect(reader.get_by_label("The words it is about")).to_have_value("ferry is old")
    reader.keyboard.type("Which one?")
    tab_to(reader, reader.get_by_label("Your name"))
    reader.keyboard.type("Ines Duarte")
    press(reader, reader.get_by_role("button", name="Send the note"))
    expect(reader).to_have_url(re.compile(r"#note-\d+$"))
    press(reader, reader.get_by_role("button", name="Show in the text"))
    assert reader.evaluate(CHOSEN) == "ferry is old"
    assert reader.context.cookies() == []

    draft.goto(form)
    note = draft.get_by_role("region", name="Note by Ines Duarte")
    expect(note).to_contain_text("Which one?")
    press(draft, note.get_by_role("button", name="Show in the text"))
    assert draft.evaluate(CHOSEN) == "ferry is old"
    assert draft.evaluate(MARKED) == ["ferry is old"]
    tab_to(draft, note.get_by_label("Your answer"))
    draft.keyboard.type("The one from 1962.")
    press(draft, note.get_by_role("button", name="Answer"))
    expect(draft.get_by_role("status").filter(has_text="The answer is sent.")).to_be_attached()
    press(draft, note.get_by_role("button", name="Done"))
    expect(note).to_have_count(0)

    reader.reload()
    expect(reader.get_by_role("article", name="Ines Duarte")).to_contain_text("The one from 1962.")
    expect(reader.get_by_role("article", name="Ines Duarte")).to_contain_text("Done")


def test_a_passage_is_found_again_after_the_text_around_it_changed(draft, open_page):
    form, link, reader = draft.url, make_link(draft), open_page()
    reader.goto(link)
    reader.evaluate(SELECT, "always late")
    reader.get_by_role("button", name="Note on this").click()
    reader.keyboard.type("Since when?")
    press(reader, reader.get_by_role("button", name="Send the note"))
    expect(reader).to_have_url(re.compile(r"#note-\d+$"))
    draft.goto(form)
    note = draft.get_by_role("region", name=re.compile("^Note by"))
    draft.get_by_role("textbox", name="Body").click()
    draft.keyboard.press("Control+Home")
    draft.keyboard.type("Before all of it. ")
    note.get_by_role("button", name="Show in the text").click()
    assert draft.evaluate(CHOSEN) == "always late"
    draft.keyboard.type("sometimes late")
    expect(note.get_by_text("These words are not in the text any more.")).to_be_visible()


def test_without_script(draft, plain_reader):
    link = make_link(draft, reader="")
    plain_reader.goto(link)
    plain_reader.get_by_label("The words it is about").fill("at nine")
    plain_reader.get_by_role("button", name="Send the note").click()
    expect(plain_reader.get_by_role("alert")).to_contain_text("Write your note.")
    expect(plain_reader.get_by_label("The words it is about")).to_have_value("at nine")
    plain_reader.get_by_label("Your note").fill("Nine in the evening?")
    plain_reader.get_by_role("button", name="Send the note").click()
    expect(plain_reader.get_by_role("article", name="A reader")).to_contain_text("Nine in the evening?")
    draft.get_by_role("button", name=re.compile("^End it")).click()
    answer = plain_reader.reload()
    assert answer.status == 410
    expect(plain_reader.get_by_role("heading", level=1)).to_have_text("This link works no more")
