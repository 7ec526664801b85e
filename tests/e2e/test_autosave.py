"""Nothing that an editor types is lost: killed tabs, dead networks, ended sessions, two people at one article."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.journeys import PASSWORD, meddle, press, tab_to, unique

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d\.$")


def line(page):
    return page.locator(".desk-saving")


def body(page):
    return page.get_by_role("textbox", name="Body")


def title(page):
    return page.get_by_label("Title:", exact=True)


def type_into_the_body(page, words: str) -> None:
    body(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


@pytest.fixture
def draft(desk):
    """The desk at the form of an article of its own."""
    desk.goto("/admin/articles/article/add/")
    title(desk).fill(unique("A draft"))
    type_into_the_body(desk, "Begun.")
    expect(line(desk)).to_have_text(SAVED)
    expect(desk).to_have_url(re.compile(r"/article/\d+/change/$"))
    return desk


def within_five_seconds(desk, typed: str) -> None:
    """Types, and five seconds later by the page's own clock, which stands still then, it has been saved."""
    desk.keyboard.type(typed)
    desk.clock.pause_at(desk.evaluate("Date.now()") / 1000 + 0.2)
    desk.clock.run_for(5000)
    expect(line(desk)).to_have_text(SAVED)
    desk.clock.resume()


def test_a_killed_tab_loses_nothing(desk):
    words = unique("A draft that nobody saved")
    desk.clock.install()
    desk.goto("/admin/articles/article/add/")
    tab_to(desk, title(desk))
    desk.keyboard.type(words)
    tab_to(desk, body(desk))
    within_five_seconds(desk, "It began in the morning.")
    address = desk.url
    assert address.endswith("/change/")
    within_five_seconds(desk, " And went on.")
    context = desk.context
    desk.close(run_before_unload=False)
    again = context.new_page()
    again.goto("/admin/")
    press(again, again.get_by_role("link", name=words))
    expect(again).to_have_url(address)
    expect(body(again)).to_have_text("It began in the morning. And went on.")
    press(again, again.get_by_role("button", name="Save draft"))
    expect(again.locator(".messagelist")).to_contain_text("Saved as a draft.")
    press(again, again.get_by_role("link", name="History"))
    expect(again.get_by_role("table", name="Versions").locator("tbody tr")).to_have_count(1)


def test_what_was_typed_without_a_connection_is_kept_and_sent_later(draft):
    draft.context.set_offline(True)
    type_into_the_body(draft, " In a tunnel.")
    expect(line(draft)).to_contain_text("No connection. What you wrote is kept in this browser")
    with draft.expect_event("requestfailed"):
        draft.get_by_role("button", name="Save draft").click()
    expect(body(draft)).to_contain_text("In a tunnel.")
    draft.context.set_offline(False)
    expect(line(draft)).to_have_text(SAVED)
    draft.reload()
    expect(body(draft)).to_have_text("Begun. In a tunnel.")


def test_a_tab_that_is_killed_without_a_connection_is_found_again_in_the_browser(draft):
    context, address = draft.context, draft.url
    context.set_offline(True)
    type_into_the_body(draft, " In a tunnel.")
    expect(line(draft)).to_contain_text("No connection")
    draft.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(body(again)).to_have_text("Begun.")
    expect(again.get_by_role("alert")).to_contain_text("that did not reach the desk")
    again.get_by_role("button", name="Put it into the form").click()
    expect(body(again)).to_have_text("Begun. In a tunnel.")
    expect(line(again)).to_have_text(SAVED)
    again.reload()
    expect(body(again)).to_have_text("Begun. In a tunnel.")
    expect(again.get_by_role("alert")).to_have_count(0)


def test_an_answer_that_is_lost_makes_no_second_draft(desk, site):
    words = unique("Once only")
    desk.goto("/admin/articles/article/add/")
    meddle(desk, "lose the answer", "/autosave/", 1)
    title(desk).fill(words)
    expect(line(desk)).to_have_text(SAVED)
    assert desk.evaluate("held") == [200]
    count = f"from articles.models import Article; print(Article.objects.filter(working_title={words!r}).count())"
    assert site.query(count) == "1"


def test_the_slow_network_of_a_train_delays_no_key(draft):
    client = draft.context.new_cdp_session(draft)
    client.send("Network.enable")
    slow = {"offline": False, "latency": 1500, "downloadThroughput": 5000, "uploadThroughput": 5000}
    client.send("Network.emulateNetworkConditions", slow)
    type_into_the_body(draft, " One.")
    expect(line(draft)).to_have_text("Saving…")
    draft.keyboard.type(" Two.")
    expect(body(draft)).to_have_text("Begun. One. Two.")
    expect(line(draft)).to_have_text(SAVED, timeout=20_000)
    client.send("Network.emulateNetworkConditions", {**slow, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    draft.reload()
    expect(body(draft)).to_have_text("Begun. One. Two.")


def test_who_was_signed_out_signs_in_again_in_place(draft):
    draft.context.clear_cookies()
    type_into_the_body(draft, " After the session.")
    expect(line(draft)).to_contain_text("You have been signed out.")
    draft.get_by_role("button", name="Sign in here").click()
    sign_in(draft)
    expect(line(draft)).to_have_text(SAVED)
    expect(body(draft)).to_have_text("Begun. After the session.")
    draft.get_by_role("button", name="Save draft").click()
    expect(draft.locator(".messagelist")).to_contain_text("Saved as a draft.")
    expect(body(draft)).to_have_text("Begun. After the session.")


def test_save_asks_who_was_signed_out_and_then_saves(draft):
    draft.context.clear_cookies()
    title(draft).fill(unique("Signed out"))
    draft.get_by_role("button", name="Save draft").click()
    sign_in(draft)
    expect(draft.locator(".messagelist")).to_contain_text("Saved as a draft.")
    expect(title(draft)).to_have_value(re.compile("^Signed out"))


def sign_in(page) -> None:
    frame = page.get_by_role("dialog").frame_locator("iframe")
    frame.get_by_label("Username or e-mail").fill("ada")
    frame.get_by_label("Password").fill(PASSWORD)
    frame.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_at_one_article_see_each_other_and_merge(draft, open_page, sessions):
    other = open_page(storage_state=sessions["ada"])
    other.goto(draft.url)
    expect(other.locator("[data-company]")).to_contain_text("Open here too: you, in another window, since")
    title(other).fill(unique("The other's title"))
    expect(line(other)).to_have_text(SAVED)
    type_into_the_body(draft, " Mine.")
    expect(line(draft)).to_contain_text("You, in another window, saved another version at")
    draft.get_by_role("button", name="Look at both…").click()
    expect(draft.get_by_role("heading", name=re.compile("What yours changes in the version of Ada Desk"))).to_be_visible()
    draft.get_by_role("button", name="Merge both in the form").click()
    expect(draft.get_by_text("Both versions are merged here")).to_be_visible()
    expect(title(draft)).to_have_value(re.compile("^The other's title"))
    expect(body(draft)).to_have_text("Begun. Mine.")
    draft.get_by_role("button", name="Save draft").click()
    expect(draft.locator(".messagelist")).to_contain_text("Saved as a draft.")
    other.close()


def test_an_article_that_was_deleted_meanwhile_can_be_saved_as_a_new_one(draft, site):
    number = re.search(r"(\d+)/change", draft.url)[1]
    site.query(
        "from articles.models import Article; from site_config import pages\n"
        f"with pages.changing('lists'): Article.objects.get(pk={number}).delete()"
    )
    type_into_the_body(draft, " Still here.")
    expect(line(draft)).to_contain_text("This article has been deleted.")
    draft.get_by_role("button", name="Save as a new article").click()
    expect(line(draft)).to_have_text(SAVED)
    assert f"/{number}/change" not in draft.url
    draft.reload()
    expect(body(draft)).to_have_text("Begun. Still here.")


def test_what_is_not_valid_is_said_beside_the_buttons(draft):
    draft.get_by_label("Slug").fill("admin")
    expect(line(draft)).to_contain_text("all but this: Slug: “admin” is kept for the site’s own pages.")
    type_into_the_body(draft, " More.")
    draft.get_by_label("Slug").fill(unique("fine").replace(" ", "-").replace("(", "").replace(")", "").replace(".", ""))
    expect(line(draft)).to_have_text(SAVED)


def test_leaving_asks_only_while_something_is_unsaved(draft):
    asked = []
    draft.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    draft.goto("/admin/")
    assert asked == []
