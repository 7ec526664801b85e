"""What an editor does to what is public already, by keyboard: correct it, merge its tags, put it into a series, feature it."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.e2e.journeys import press, tab_to

MAKE = """
import json
from articles import revisions
from tests import factories
article = factories.make_article(slug={slug!r}, title={title!r}, body="<p>It was in 2024.</p>", tags={tags!r})
revisions.save(article, {{**revisions.newest_data(article), "body": "<p>It was in 2025.</p>"}}, by=None)
print(json.dumps(article.pk))
"""


def make(site, slug: str, title: str, tags: list[str]) -> int:
    """A live article with a change that readers do not see yet."""
    return json.loads(site.query(MAKE.format(slug=slug, title=title, tags=tags)).splitlines()[-1])


def test_a_correction_reaches_a_reader_without_script(desk, plain_reader, site):
    pk = make(site, "in-what-year", "In what year", ["Calendars"])
    plain_reader.goto("/in-what-year/")
    expect(plain_reader.locator(".prose")).to_have_text("It was in 2024.")
    desk.goto(f"/admin/articles/article/{pk}/change/")
    press(desk, desk.get_by_role("link", name="Correct…"))
    expect(desk.locator(".differs del")).to_have_text("2024")
    press(desk, desk.get_by_role("button", name="Publish with the correction"))
    expect(desk.locator(".errorlist")).to_contain_text("Write what was wrong and what is right.")
    tab_to(desk, desk.get_by_label("What readers are told"))
    desk.keyboard.type("An earlier version gave the year as 2024. It was 2025.")
    tab_to(desk, desk.get_by_label("Show readers the words that changed"))
    desk.keyboard.press("Space")
    press(desk, desk.get_by_role("button", name="Publish with the correction"))
    expect(desk.locator(".messagelist")).to_contain_text("Corrected.")
    see_the_correction(plain_reader)


def see_the_correction(reader) -> None:
    reader.goto("/in-what-year/")
    expect(reader.locator(".prose > p")).to_have_text("It was in 2025.")
    press(reader, reader.get_by_role("link", name="1 correction"))
    note = reader.get_by_role("region", name="Corrections")
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("An earlier version gave the year as 2024. It was 2025.")
    expect(note.locator("del")).not_to_be_visible()
    press(reader, note.get_by_text("What changed"))
    expect(note.locator("del")).to_have_text("removed: 2024")
    expect(note.locator("ins")).to_have_text("added: 2025")
    press(reader, reader.get_by_role("link", name="Corrections", exact=True))
    expect(reader.get_by_role("heading", level=1)).to_have_text("Corrections")
    press(reader, reader.get_by_role("link", name="In what year"))
    reader.wait_for_url("**/in-what-year/#corrections")


def test_a_tag_is_merged_and_its_old_address_leads_on(desk, plain_reader, site):
    make(site, "about-rivers", "About rivers", ["River boats"])
    make(site, "about-barges", "About barges", ["Riverboats"])
    desk.goto("/admin/articles/tag/")
    press(desk, desk.get_by_role("link", name="River boats", exact=True))
    tab_to(desk, desk.get_by_label("Name"))
    desk.keyboard.press("Control+a")
    desk.keyboard.type("riverboats")
    desk.keyboard.press("Enter")
    press(desk, desk.get_by_role("link", name="Merge it into “Riverboats”…"))
    expect(desk.get_by_text("1 article with “River boats” will have “Riverboats” in its place.")).to_be_visible()
    press(desk, desk.get_by_role("button", name="Merge them"))
    expect(desk.locator(".messagelist")).to_contain_text("was merged into “Riverboats”")
    plain_reader.goto("/tag/river-boats/")
    plain_reader.wait_for_url("**/tag/riverboats/")
    for title in ("About rivers", "About barges"):
        expect(plain_reader.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_a_series_is_put_in_order_without_script(open_page, sessions, plain_reader, site):
    for slug, title in {"first-step": "First step", "second-step": "Second step"}.items():
        make(site, slug, title, ["Steps"])
    page = open_page(storage_state=sessions["ada"], java_script_enabled=False)
    page.goto("/admin/articles/series/add/")
    page.get_by_label("Title").fill("Steps in order")
    page.get_by_label("Add an article").fill("second-step")
    press(page, page.get_by_role("button", name="Save", exact=True))
    page.get_by_label("Place of “Second step”").wait_for()
    page.get_by_label("Add an article").fill("First step")
    press(page, page.get_by_role("button", name="Save and continue editing"))
    page.get_by_label("Place of “First step”").fill("1")
    press(page, page.get_by_role("button", name="Save and continue editing"))
    expect(page.get_by_label("Place of “Second step”")).to_have_value("2")
    plain_reader.goto("/first-step/")
    press(plain_reader, plain_reader.get_by_role("navigation", name="Series").get_by_role("link", name="Second step"))
    plain_reader.wait_for_url("**/second-step/")
    expect(plain_reader.get_by_text("Part 2 of 2 of Steps in order")).to_be_visible()
    press(plain_reader, plain_reader.get_by_role("link", name="Steps in order"))
    expect(plain_reader.get_by_role("heading", level=3)).to_have_text(["First step", "Second step"])


def test_an_editor_chooses_what_the_front_page_begins_with(desk, plain_reader, site):
    pk = make(site, "worth-a-look", "Worth a look", ["Looks"])
    make(site, "newer-than-that", "Newer than that", ["Looks"])
    desk.goto(f"/admin/articles/article/{pk}/change/")
    press(desk, desk.get_by_role("link", name="Feature on the front page…"))
    press(desk, desk.get_by_role("button", name="Feature"))
    expect(desk.locator(".messagelist")).to_contain_text("Featured.")
    plain_reader.goto("/")
    expect(plain_reader.locator(".featured h2")).to_have_text("Worth a look")
    desk.goto(f"/admin/articles/article/{pk}/change/")
    press(desk, desk.get_by_role("link", name="Stop featuring…"))
    press(desk, desk.get_by_role("button", name="Stop featuring"))
    expect(desk.locator(".messagelist")).to_contain_text("It is not featured any more.")
    plain_reader.goto("/")
    expect(plain_reader.locator(".featured h2")).to_have_text("Newer than that")
