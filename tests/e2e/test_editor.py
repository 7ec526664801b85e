"""An editor works at the desk by keyboard alone, from the one-time link to the withdrawal."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, PASSWORD, press, tab_to, tool, unique
from tests.factories import picture_bytes

ADDRESS = "/how-a-paper-is-made/"


def test_by_keyboard_from_the_one_time_link_to_the_withdrawal(open_page, site, browser):
    page, reader = open_page(), open_page(java_script_enabled=False)
    set_the_password(page, site)
    upload_a_picture(page)
    write_the_article(page)
    look_at_the_preview(page)
    assert reader.goto(ADDRESS).status == 404
    publish(page, "Save and publish…", "Publish")
    see_it_live(reader)
    change_it_unseen(page, reader)
    publish(page, "Save and publish changes…", "Publish changes")
    reader.goto(ADDRESS)
    expect(reader.get_by_role("heading", level=1)).to_have_text("How a paper is really made")
    withdraw(page)
    assert reader.goto(ADDRESS).status == 410
    expect(reader.get_by_role("heading", level=1)).to_have_text("This article has been withdrawn")
    reader.goto("/")
    expect(reader.get_by_role("link", name="How a paper is really made")).to_have_count(0)
    assert reader.context.cookies() == []


def set_the_password(page, site) -> None:
    page.goto(site.link)
    fields = page.locator("input[type=password]")
    tab_to(page, fields.first)
    page.keyboard.type(PASSWORD)
    if fields.count() > 1:
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.locator("#user-tools")).to_contain_text("Editor")


def upload_a_picture(page) -> None:
    press(page, page.get_by_role("link", name="Add a picture"))
    with page.expect_file_chooser() as chosen:
        press(page, page.get_by_label("Picture:", exact=True))
    chosen.value.set_files({"name": "press.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes((900, 600))})
    tab_to(page, page.get_by_label("Text alternative:", exact=True))
    page.keyboard.type("A printing press seen from above.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".messagelist")).to_contain_text("press")


def write_the_article(page) -> None:
    page.goto("/admin/")
    press(page, page.get_by_role("link", name="Write an article"))
    tab_to(page, page.get_by_label("Title:", exact=True))
    page.keyboard.type("How a paper is made")
    tab_to(page, page.get_by_role("textbox", name="Body"))
    write_the_body(page)
    page.keyboard.press("Escape")
    tab_to(page, page.get_by_label("Summary"))
    page.keyboard.type("From the reporter to the reader, in two steps.")
    tab_to(page, page.get_by_label("Tags:", exact=True))
    page.keyboard.type("Printing, Craft")
    press(page, page.get_by_role("button", name="Save draft"))
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")


def write_the_body(page) -> None:
    keys, dialog = page.keyboard, page.get_by_role("dialog")
    keys.type("It begins with a question.")
    keys.press("Enter")
    tool(page, "H2 heading")
    keys.type("The steps")
    keys.press("Enter")
    tool(page, "Table")
    expect(dialog.get_by_label("Rows")).to_be_focused()
    keys.type("2")
    keys.press("Tab")
    keys.type("2")
    tab_to(page, dialog.get_by_label("Caption"))
    keys.type("Who does what")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    for words in ("Who", "What", "Reporter", "Asks"):
        keys.type(words)
        if words != "Asks":
            keys.press("Tab")
    keys.press("Escape")
    keys.press("Control+End")
    tool(page, "Picture")
    dialog.get_by_role("radio").first.wait_for()
    tab_to(page, dialog.get_by_role("radio").first)
    keys.press("Space")
    expect(dialog.get_by_label("Alternative text")).to_have_value("A printing press seen from above.")
    tab_to(page, dialog.get_by_label("Caption"))
    keys.type("The press at work")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    keys.type("That is all.")


def look_at_the_preview(page) -> None:
    tab_to(page, page.get_by_label("Title:", exact=True))
    page.keyboard.press("End")
    page.keyboard.type(" today")
    with page.context.expect_page() as opened:
        press(page, page.get_by_role("button", name="Preview"))
    preview = opened.value
    expect(preview.get_by_role("region", name="Preview")).to_be_visible()
    expect(preview.get_by_role("heading", level=1)).to_have_text("How a paper is made today")
    expect(preview.get_by_role("table", name="Who does what")).to_be_visible()
    preview.close()
    tab_to(page, page.get_by_label("Title:", exact=True))
    page.keyboard.press("End")
    for _ in " today":
        page.keyboard.press("Backspace")


def publish(page, save: str, button: str) -> None:
    press(page, page.get_by_role("button", name=save))
    press(page, page.get_by_role("button", name=button, exact=True))
    expect(page.locator(".messagelist")).to_contain_text("Published. Readers see it now.")


def see_it_live(reader) -> None:
    reader.goto("/")
    reader.get_by_role("link", name="How a paper is made", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("How a paper is made")
    table = reader.get_by_role("table", name="Who does what")
    expect(table.get_by_role("columnheader")).to_have_text(["Who", "What"])
    expect(table.get_by_role("cell")).to_have_text(["Reporter", "Asks"])
    figure = reader.get_by_role("figure").filter(has_text="The press at work")
    picture = figure.get_by_role("img", name="A printing press seen from above.")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(reader.get_by_role("link", name="Craft")).to_be_visible()


def change_it_unseen(page, reader) -> None:
    title = page.get_by_label("Title:", exact=True)
    tab_to(page, title)
    page.keyboard.press("Control+a")
    page.keyboard.type("How a paper is really made")
    press(page, page.get_by_role("button", name="Save changes"))
    expect(page.locator(".messagelist")).to_contain_text("Readers still see the published version")
    expect(page.locator(".article-state")).to_contain_text("Readers do not see the newest changes yet.")
    reader.goto(ADDRESS)
    expect(reader.get_by_role("heading", level=1)).to_have_text("How a paper is made")


def withdraw(page) -> None:
    press(page, page.get_by_role("link", name="Withdraw…"))
    press(page, page.get_by_role("button", name="Withdraw"))
    expect(page.locator(".messagelist")).to_contain_text("Withdrawn.")


def test_the_one_time_link_works_once(open_page, site, seeded):
    link = site.manage("signin_link", "mo").strip().splitlines()[-1]
    page = open_page()
    page.goto(link)
    page.locator("input[type=password]").first.fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("10 characters")


def test_a_link_that_is_wrong_says_so(open_page, site):
    page = open_page()
    page.goto("/accounts/password/reset/key/1-nothing-at-all/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link works no more")


def test_the_staff_bar_leads_from_the_article_to_its_form(desk):
    desk.goto(ARTICLE)
    desk.get_by_role("region", name="For staff").get_by_role("link", name="Edit this").click()
    expect(desk.get_by_label("Title:", exact=True)).to_have_value(re.compile("^The Power Struggle"))
    desk.get_by_role("link", name="View on site").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("The Power Struggle")


def test_readers_never_get_the_staff_bar(desk, plain_reader):
    desk.goto(ARTICLE)
    plain_reader.goto(ARTICLE)
    expect(plain_reader.get_by_role("link", name="Edit this")).to_have_count(0)


def test_an_old_bookmark_leads_to_the_article(desk, plain_reader):
    title = unique("A title that moves")
    desk.goto("/admin/articles/article/add/")
    desk.get_by_label("Title:", exact=True).fill(title)
    desk.get_by_role("textbox", name="Body").fill("Words.")
    desk.get_by_label("Slug").fill("where-it-was")
    desk.get_by_role("button", name="Save and publish…").click()
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("Published.")
    desk.get_by_label("Slug").fill("where-it-is")
    desk.get_by_role("button", name="Save and publish changes…").click()
    desk.get_by_role("button", name="Publish changes", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("Published.")
    answer = plain_reader.goto("/where-it-was/")
    assert answer.request.redirected_from.response().status == 301
    expect(plain_reader).to_have_url(re.compile("/where-it-is/$"))
    expect(plain_reader.get_by_role("heading", level=1)).to_have_text(title)


def test_two_editors_do_not_overwrite_each_other(desk, open_page, sessions):
    other = open_page(storage_state=sessions["ada"])
    for page in (desk, other):
        page.goto(ARTICLE)
        page.get_by_role("link", name="Edit this").click()
        page.get_by_role("textbox", name="Body").wait_for()
    desk.get_by_label("Summary").fill("The first to save.")
    desk.get_by_role("button", name="Save changes").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    other.get_by_label("Summary").fill("The second to save.")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text("nothing is lost")).to_contain_text("You, in another window, saved this article")
    expect(other.get_by_label("Summary")).to_have_value("The second to save.")


def test_leaving_with_unsaved_words_asks_first(desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto("/admin/articles/article/add/")
    desk.get_by_role("textbox", name="Body").click()
    desk.keyboard.type("Not saved yet.")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]
