"""The versions of an article, by keyboard: what differs, and back to an older one."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.journeys import press, tab_to, unique, wait_until


def save(page, words: str) -> None:
    tab_to(page, page.get_by_label("Summary"))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    page.evaluate("window.before = true")
    press(page, page.get_by_role("button", name="Save draft"))
    wait_until(page, "!window.before && document.querySelector('.messagelist')")
    expect(page.locator(".messagelist")).to_contain_text("Saved")


def test_an_older_version_is_compared_and_brought_back(desk):
    title = unique("A text with a past")
    desk.goto("/admin/articles/article/add/")
    tab_to(desk, desk.get_by_label("Title:", exact=True))
    desk.keyboard.type(title)
    save(desk, "The first summary.")
    save(desk, "The second summary.")
    form = desk.url
    press(desk, desk.get_by_role("link", name="History"))
    versions = desk.get_by_role("table", name="Versions").locator("tbody tr")
    expect(versions).to_have_count(2)
    expect(versions.first).to_contain_text("Newest")
    press(desk, desk.get_by_role("button", name="Compare the two"))
    expect(desk.locator("del")).to_have_text("first")
    expect(desk.locator("ins")).to_have_text("second")
    press(desk, desk.get_by_role("link", name="Side by side"))
    expect(desk.locator(".sides th").first.locator("xpath=..").get_by_role("columnheader")).to_have_text(["Older", "Newer"])
    press(desk, desk.get_by_role("link", name="Bring the older one back…"))
    expect(desk.get_by_role("heading", level=1)).to_have_text(re.compile("^Bring back the version of"))
    press(desk, desk.get_by_role("button", name="Bring it back"))
    expect(desk).to_have_url(form)
    expect(desk.locator(".messagelist")).to_contain_text("Brought back, as the newest version.")
    expect(desk.get_by_label("Summary")).to_have_value("The first summary.")


def test_a_body_of_five_megabytes_is_told_where_it_is_and_kept(desk):
    desk.goto("/admin/articles/article/add/")
    desk.get_by_label("Title:", exact=True).fill(unique("Far too long"))
    desk.evaluate(
        """() => {
            const field = document.querySelector("textarea[data-body-editor]");
            field.value = `<p>${"all of it ".repeat(500_000)}</p>`;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    expect(desk.locator(".desk-saving")).to_contain_text("2,000,000 is the most", timeout=20_000)
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.locator(".errorlist").filter(has_text="2,000,000 is the most")).to_be_visible(timeout=20_000)
    length = desk.evaluate("document.querySelector('textarea[data-body-editor]').value.length")
    assert length > 4_900_000
