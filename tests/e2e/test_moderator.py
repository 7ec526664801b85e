"""A moderator decides about a comment that waits; its writer and other readers see what they should."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, comment_with, unique, write_comment


def test_a_held_comment_is_approved_and_read(open_page, plain_reader, sessions):
    text = unique("Look at https://example.org/evidence before you judge.")
    writer, moderator = open_page(java_script_enabled=False), open_page(storage_state=sessions["mo"])
    writer.goto(ARTICLE)
    write_comment(writer, name="Lena", text=text)
    mine = writer.locator("article.comment:target")
    expect(mine.get_by_role("status")).to_contain_text("Waiting for review.")
    expect(mine.get_by_role("status")).to_contain_text("first comment with a link")
    plain_reader.goto(ARTICLE)
    expect(comment_with(plain_reader, text)).to_have_count(0)

    moderator.goto("/admin/")
    waiting = moderator.get_by_role("region", name="Comments that wait")
    expect(waiting).to_contain_text("First comment with a link")
    waiting.get_by_role("link", name="Lena").click()
    case = moderator.get_by_role("article", name="Lena")
    expect(case.get_by_role("list", name="Held because")).to_contain_text("First comment with a link")
    expect(case.locator(".words")).to_contain_text("https://example.org/evidence")
    case.get_by_role("button", name="Approve the comment by Lena").click()
    expect(moderator.locator("[data-undo]")).to_contain_text("Approved the comment by Lena. Can be undone until tomorrow")

    plain_reader.goto(ARTICLE)
    shown = comment_with(plain_reader, text)
    expect(shown.get_by_role("link", name="https://example.org/evidence")).to_have_attribute("rel", "nofollow ugc noopener")
    writer.reload()
    expect(writer.locator("article.comment:target").get_by_role("status")).to_contain_text("Everybody can see it.")


def test_a_removed_comment_leaves_a_tombstone_over_its_replies(open_page, plain_reader, sessions):
    text, answer = unique("This goes too far."), unique("It does.")
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, name="Otto", text=text)
    comment_with(plain_reader, text).get_by_role("link", name="Reply").click()
    write_comment(plain_reader, name="Priya", text=answer, button="Post reply")

    moderator = open_page(storage_state=sessions["mo"])
    moderator.goto("/admin/comments/comment/?q=too+far")
    moderator.get_by_role("link", name="Otto").first.click()
    moderator.get_by_label("Reason, for the log").fill("An insult")
    moderator.get_by_role("button", name="Remove").click()
    expect(moderator.get_by_role("region", name="Decided")).to_contain_text("Mo Reads removed (An insult)")

    plain_reader.goto(ARTICLE)
    expect(comment_with(plain_reader, text)).to_have_count(0)
    reply = comment_with(plain_reader, answer)
    stone = reply.locator("xpath=ancestor::li[2]/article")
    expect(stone).to_contain_text("A moderator removed this.")
    expect(stone).not_to_contain_text("Otto")


def test_staff_answer_with_a_badge(open_page, plain_reader, sessions):
    text, answer = unique("Is the office open?"), unique("It is, from nine.")
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, name="Nia", text=text)
    moderator = open_page(storage_state=sessions["mo"])
    moderator.goto("/admin/comments/comment/?q=office")
    moderator.get_by_role("link", name="Nia").first.click()
    moderator.get_by_label("Reply as staff").fill(answer)
    moderator.get_by_role("button", name="Reply", exact=True).click()
    expect(moderator.locator(".messagelist")).to_contain_text("Your reply is published.")
    plain_reader.goto(ARTICLE)
    reply = comment_with(plain_reader, answer)
    expect(reply.locator(".badge")).to_have_text("Staff")
    expect(reply.get_by_role("heading")).to_have_text("Mo Reads")


def test_a_moderator_cannot_reach_the_articles(open_page, sessions):
    page = open_page(storage_state=sessions["mo"])
    page.goto("/admin/")
    expect(page.get_by_role("link", name="Write an article")).to_have_count(0)
    assert page.goto("/admin/articles/article/add/").status == 403
