"""A reader writes: answers and looks at it in place, changes it in time and too late, deletes it; with script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, comment_with, press, tab_to, unique, write_comment

LANDED = re.compile(r"/the-power-struggle-in-ai/(\?c=[^#]+)?#c-\d+$")
LATER = "Comment.objects.filter(pk={pk}).update(created_at=models.F('created_at') - timedelta(minutes=15))"
SET_BACK = f"""
from datetime import timedelta
from django.db import models
from comments.models import Comment
from site_config import pages
with pages.changing("site"):
    {LATER}
"""

either = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


def posted(page, *, text: str, name: str = "Ines Duarte"):
    """The comment that the page has posted."""
    page.goto(ARTICLE)
    write_comment(page, name=name, text=text)
    page.wait_for_url(LANDED)
    return page.locator("article.comment:target")


def number_of(comment) -> int:
    return int(comment.get_attribute("id").removeprefix("c-"))


# --- editing and deleting --------------------------------------------------------------------------------------------


@either
def test_a_comment_is_changed_in_time(open_page, script):
    page, before, after = open_page(java_script_enabled=script), unique("I meant to say"), unique("What I *meant*")
    mine = posted(page, text=before)
    expect(mine.get_by_role("status")).to_contain_text(re.compile(r"edit.* or delete.* it until \d\d:\d\d\."))
    mine.get_by_role("link", name="edit your comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit your comment")
    box = page.get_by_label("Comment", exact=True)
    expect(box).to_have_value(before)
    box.fill(after)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview").locator("em")).to_have_text("meant")
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(LANDED)
    mine = page.locator("article.comment:target")
    expect(mine.locator("em")).to_have_text("meant")
    expect(mine.locator(".edited")).to_have_text("edited")
    page.goto(ARTICLE)
    expect(comment_with(page, after.replace("*", ""))).to_have_count(1)
    expect(comment_with(page, before)).to_have_count(0)


@either
def test_too_late_the_words_come_back(open_page, site, script):
    page, before, after = open_page(java_script_enabled=script), unique("On time"), unique("Too late by a second")
    mine = posted(page, text=before)
    number = number_of(mine)
    mine.get_by_role("link", name="edit your comment").click()
    page.locator("textarea").fill(after)
    site.query(SET_BACK.format(pk=number))
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_contain_text("A comment can be changed for 15 minutes.")
    expect(page.get_by_label("What you wrote")).to_have_value(after)
    page.goto(ARTICLE)
    expect(comment_with(page, before)).to_have_count(1)


@either
def test_a_comment_is_deleted(open_page, script):
    page, text = open_page(java_script_enabled=script), unique("I should not have said this.")
    mine = posted(page, text=text)
    mine.get_by_role("link", name="delete your comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete your comment?")
    expect(page.get_by_role("article", name="Your comment")).to_contain_text(text)
    page.get_by_role("link", name="Keep it").click()
    page.locator("article.comment:target").get_by_role("link", name="delete your comment").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your comment is deleted")
    page.get_by_role("link", name="Back to the conversation").click()
    expect(comment_with(page, text)).to_have_count(0)


# --- in place, with script -------------------------------------------------------------------------------------------


def test_the_form_of_a_reply_opens_in_place_and_closes_with_escape(reader):
    said, answered = unique("Answer me here."), unique("Here I am.")
    mine = posted(reader, text=said)
    where = reader.url
    link = mine.get_by_role("link", name="Reply to Ines Duarte")
    press(reader, link)
    form = mine.locator("xpath=..").get_by_role("form", name="Reply to Ines Duarte")
    expect(form.get_by_label("Name")).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    form.locator("textarea").fill(answered)
    reader.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "false")
    reader.keyboard.press("Enter")
    expect(form.locator("textarea")).to_have_value(answered)
    form.get_by_role("button", name="Cancel").click()
    expect(link).to_be_focused()
    assert reader.url == where
    reader.reload()
    press(reader, reader.locator("article.comment:target").get_by_role("link", name="Reply"))
    form = reader.locator(".reply-here form")
    expect(form.locator("textarea")).to_have_value(answered)
    form.get_by_label("Name").fill("Priya")
    form.get_by_role("button", name="Post reply").click()
    expect(reader.locator("article.comment:target")).to_contain_text(answered)
    expect(reader.locator("article.comment:target").get_by_role("heading", level=4)).to_have_text("Priya")
    noted = reader.evaluate("Object.keys(localStorage)")
    assert [key for key in noted if not key.startswith("visits:")] == []


def test_one_reply_form_is_open_and_each_keeps_its_own_words(reader):
    texts = [unique("One thread."), unique("Another thread.")]
    for text in texts:
        posted(reader, text=text)
    for text in texts:
        comment_with(reader, text).get_by_role("link", name="Reply").click()
        comment_with(reader, text).locator("xpath=..").locator(".reply-here textarea").fill(f"To: {text}")
    expect(reader.locator(".reply-here:visible")).to_have_count(1)
    comment_with(reader, texts[0]).get_by_role("link", name="Reply").click()
    expect(reader.locator(".reply-here:visible textarea")).to_have_value(f"To: {texts[0]}")
    expect(reader.locator("#talk > form textarea")).to_have_value("")
    doubled = "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at)"
    assert reader.evaluate(doubled) == []


def test_what_is_wrong_with_a_reply_is_said_on_its_own_page(reader):
    said, answered = unique("Answer this."), unique("Signed by nobody allowed.")
    posted(reader, text=said).get_by_role("link", name="Reply").click()
    form = reader.locator(".reply-here form")
    form.get_by_label("Name").fill("Admin")
    form.locator("textarea").fill(answered)
    form.get_by_role("button", name="Post reply").click()
    expect(reader.get_by_role("alert")).to_contain_text("kept for staff")
    expect(reader.locator("textarea")).to_have_value(answered)


def test_where_the_form_does_not_come_the_link_leads_to_its_page(reader):
    mine = posted(reader, text=unique("Answer this over a bad line."))
    reader.route("**/reply/", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    mine.get_by_role("link", name="Reply").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Reply to Ines Duarte")


def test_a_preview_is_shown_under_the_form(reader):
    text = unique("> a quotation\n\nand **words**")
    reader.goto(ARTICLE)
    write_comment(reader, text=text, button="Preview")
    shown = reader.locator("form .preview-here")
    expect(shown).to_have_attribute("role", "status")
    expect(shown.locator("blockquote")).to_have_text("a quotation")
    expect(shown.get_by_role("heading")).to_have_text("Ines Duarte")
    expect(shown).to_contain_text("It is not posted yet.")
    assert reader.url.endswith(ARTICLE)
    reader.locator("form[data-talk] textarea").fill(text.replace("quotation", "saying"))
    reader.get_by_role("button", name="Preview").click()
    expect(shown.locator("blockquote")).to_have_text("a saying")
    reader.get_by_role("button", name="Post comment").click()
    expect(reader.locator("article.comment:target")).to_contain_text("a saying")


def test_where_a_preview_cannot_be_the_page_says_why(reader):
    text = unique("Whose words are these?")
    reader.goto(ARTICLE)
    write_comment(reader, name="", text=text, button="Preview")
    expect(reader.get_by_role("alert")).to_contain_text("Write a name.")
    expect(reader.locator("textarea")).to_have_value(text)


def test_the_writer_lands_on_what_is_said_of_the_comment(reader):
    mine = posted(reader, text=unique("Where am I?"))
    expect(mine.get_by_role("status")).to_be_focused()
    tab_to(reader, mine.get_by_role("link", name="edit your comment"), most=2)


# --- the same words --------------------------------------------------------------------------------------------------


def test_two_readers_with_the_same_words_make_two_comments(reader, site):
    """The second reads over IPv6, which is another network."""
    text = unique("Me too.")
    posted(reader, text=text)
    made = "post_comment(Article.objects.get(slug='the-power-struggle-in-ai'), name='Ines Duarte', text={text!r}, address='2001:db8::1')"
    site.query(f"from articles.models import Article\nfrom comments.posting import post_comment\n{made.format(text=text)}")
    reader.goto(ARTICLE)
    expect(comment_with(reader, text)).to_have_count(2)
    second = comment_with(reader, text).nth(1)
    expect(second.get_by_role("heading")).to_have_text("Ines Duarte · 2 (another writer)")
    expect(second.get_by_role("link", name="Reply to Ines Duarte · 2")).to_be_visible()


def test_a_double_click_on_a_reply_and_on_save_changes_once(reader):
    said, answered, changed = unique("Answer once."), unique("Answered once."), unique("Changed once.")
    posted(reader, text=said).get_by_role("link", name="Reply").click()
    form = reader.locator(".reply-here form")
    form.get_by_label("Name").fill("Priya")
    form.locator("textarea").fill(answered)
    form.get_by_role("button", name="Post reply").dblclick()
    mine = reader.locator("article.comment:target").filter(has_text=answered)
    mine.get_by_role("link", name="edit your comment").click()
    reader.locator("textarea").fill(changed)
    reader.get_by_role("button", name="Save changes").dblclick()
    expect(reader.locator("article.comment:target")).to_contain_text(changed)
    reader.goto(ARTICLE)
    expect(comment_with(reader, answered)).to_have_count(0)
    expect(comment_with(reader, changed)).to_have_count(1)
