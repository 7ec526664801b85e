"""A reader finds their way through a long conversation, and sees what is new in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, comment_with, press, unique, wait_until, write_comment

LONG = "/long-thread/"


def test_without_script_a_folded_thread_is_read_to_its_end(plain_reader, seeded):
    page = plain_reader
    page.goto(f"{LONG}#talk")
    fold = page.get_by_role("link", name=re.compile("229 more replies in the thread of"))
    expect(fold).to_have_count(1)
    press(page, fold)
    expect(page.get_by_role("heading", level=2, name=re.compile("The thread of"))).to_be_in_viewport()
    seen = set(numbers_on(page))
    for _ in range(2):
        page.get_by_role("link", name="Later comments").click()
        expect(page.get_by_text("This page goes on within the thread")).to_be_visible()
        seen |= set(numbers_on(page))
    expect(page.get_by_role("link", name="Later comments")).to_have_count(0)
    assert len(seen) == 250
    page.get_by_role("link", name="Earlier comments").click()
    page.get_by_role("link", name="First comments").click()
    assert numbers_on(page)[0] == str(seeded["root"])
    page.get_by_role("link", name="The whole conversation").click()
    expect(page).to_have_url(re.compile(rf"{LONG}#talk$"))


def test_without_script_the_pages_of_a_conversation_lead_on_and_back(plain_reader, seeded):
    page = plain_reader
    page.goto(LONG)
    first = numbers_on(page)
    page.get_by_role("link", name="Later comments").click()
    second = numbers_on(page)
    assert not set(first) & set(second)
    page.get_by_role("link", name="First comments").click()
    assert numbers_on(page) == first
    page.get_by_role("link", name="Newest").click()
    assert numbers_on(page)[0] == second[-1]
    page.get_by_role("link", name="Older comments").click()
    assert page.locator(".fold").count() == 1


def test_the_link_of_a_folded_reply_lands_on_it(plain_reader, seeded):
    page = plain_reader
    for number in (seeded["root"] + 5, seeded["root"] + 60, seeded["root"] + 240):
        page.goto(f"/comments/{number}/")
        expect(page.locator(f"#c-{number}:target")).to_be_in_viewport()


def test_a_reply_to_a_folded_thread_is_seen_at_once_at_its_place(reader, seeded):
    text = unique("One more in a long thread.")
    reader.goto(f"/comments/{seeded['root'] + 200}/reply/")
    write_comment(reader, text=text, button="Post reply")
    mine = reader.locator("article.comment:target")
    expect(mine).to_contain_text(text)
    expect(mine.get_by_role("status")).to_contain_text("Your comment is here")
    assert "thread=" in reader.url
    reader.goto(f"/comments/{seeded['root'] + 200}/reply/")
    expect(reader.locator("textarea")).to_have_value("")


def test_what_is_new_since_the_last_visit_is_marked(open_page):
    back = open_page()
    before, since = unique("Said before the visit."), unique("Said since the visit.")
    other = open_page()
    other.goto(ARTICLE)
    write_comment(other, name="Tomas", text=before)
    expect(comment_with(other, before)).to_have_count(1)
    back.clock.install(time=datetime.now(UTC) + timedelta(seconds=1))
    back.goto(f"{ARTICLE}#talk")
    comment_with(back, before).scroll_into_view_if_needed()
    wait_until(back, "Object.keys(localStorage).some((key) => key.startsWith('visits:'))")
    expect(back.locator(".new, .visits")).to_have_count(0)
    back.reload()
    expect(back.locator(".new, .visits")).to_have_count(0)
    other.goto(ARTICLE)
    write_comment(other, name="Tomas", text=since)
    expect(comment_with(other, since)).to_have_count(1)
    back.clock.set_system_time(datetime.now(UTC) + timedelta(hours=2))
    back.reload()
    expect(comment_with(back, since)).to_have_class("comment new")
    expect(comment_with(back, before)).to_have_class("comment")
    line = back.get_by_role("link", name=re.compile("new (here )?since your last visit"))
    line.click()
    expect(back.locator("article.comment.new").first).to_be_in_viewport()
    back.reload()
    expect(comment_with(back, since)).to_have_class("comment new"), "the visit is not over"


def test_where_the_browser_keeps_nothing_nothing_is_marked(open_page):
    page = open_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
    for _ in range(2):
        page.goto(f"{ARTICLE}#talk")
        expect(page.locator(".new, .visits")).to_have_count(0)


def numbers_on(page) -> list[str]:
    return [
        found.removeprefix("c-") for found in page.locator("article.comment").evaluate_all("all => all.map((one) => one.id)")
    ]
