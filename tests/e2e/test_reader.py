"""A reader reads, comments, answers and shares: first without script, then with."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, comment_with, unique, write_comment

TITLE = "The Power Struggle in AI: Elon Musk vs. Sam Altman"
WHERE = {
    "X": ("https://x.com/intent/tweet", {"text": "{T}", "url": "{U}"}),
    "Facebook": ("https://www.facebook.com/sharer/sharer.php", {"u": "{U}"}),
    "LinkedIn": ("https://www.linkedin.com/sharing/share-offsite/", {"url": "{U}"}),
    "WhatsApp": ("https://wa.me/", {"text": "{X}"}),
    "Telegram": ("https://t.me/share/url", {"url": "{U}", "text": "{T}"}),
    "Reddit": ("https://www.reddit.com/submit", {"url": "{U}", "title": "{T}"}),
    "Bluesky": ("https://bsky.app/intent/compose", {"text": "{X}"}),
    "Mastodon": ("https://share.joinmastodon.org/", {"text": "{X}"}),
    "Threads": ("https://www.threads.com/intent/post", {"text": "{T}", "url": "{U}"}),
    "Hacker News": ("https://news.ycombinator.com/submitlink", {"u": "{U}", "t": "{T}"}),
    "Pinterest": ("https://www.pinterest.com/pin/create/button/", {"url": "{U}", "media": "{IMG}", "description": "{D}"}),
    "E-mail": ("mailto:", {"subject": "{T}", "body": "{X}"}),
}


# --- without script ---------------------------------------------------------------------------------------------


def test_without_script_a_reader_goes_from_the_front_page_to_a_reply(plain_reader):
    page, said, answered = plain_reader, unique("I read *both* sides."), unique("So did I, twice.")
    page.goto("/")
    while not page.get_by_role("link", name=TITLE, exact=True).count():  # other journeys publish newer ones
        page.get_by_role("link", name="Older articles").click()
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    write_comment(page, text=said)
    mine = page.locator("article.comment:target")
    expect(mine).to_contain_text("Ines Duarte")
    expect(mine.get_by_role("status")).to_contain_text("Your comment is here.")
    expect(mine.locator("em")).to_have_text("both")
    mine.get_by_role("link", name="Reply to Ines Duarte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reply to Ines Duarte")
    expect(page.locator("article.comment")).to_contain_text("I read both sides.")
    write_comment(page, name="Priya", text=answered, button="Post reply")
    mine = page.locator("article.comment:target")
    expect(mine.get_by_role("heading", level=4)).to_have_text("Priya")
    replies = comment_with(page, "I read both sides.").locator("xpath=following-sibling::ol")
    expect(replies.locator(":target")).to_contain_text(answered)
    page.goto(ARTICLE)
    expect(page.locator("article.comment").filter(has_text=answered)).to_have_count(1)
    expect(page.get_by_role("status")).to_have_count(0)


def test_without_script_the_text_comes_back_with_what_is_wrong(plain_reader):
    page, text = plain_reader, unique("Nobody signs this.")
    page.goto(ARTICLE)
    write_comment(page, name=" ", text=text)
    expect(page).to_have_title(re.compile("^Error: "))
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading")).to_have_text("Your comment has not been posted yet")
    alert.get_by_role("link", name="Write a name").click()
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("textarea")).to_have_value(text)
    write_comment(page, name="Tomas", text=text)
    expect(page.locator("article.comment:target")).to_contain_text(text)


def test_without_script_a_comment_is_looked_at_before_it_is_posted(plain_reader):
    page, text = plain_reader, unique("> a quotation\n\nand `code`")
    page.goto(ARTICLE)
    write_comment(page, name="Tomas", text=text, button="Preview")
    preview = page.get_by_role("article", name="Preview")
    expect(preview.locator("blockquote")).to_have_text("a quotation")
    expect(preview.locator("code")).to_have_text("code")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("article.comment:target")).to_contain_text("a quotation")


def test_a_permalink_leads_to_the_comment(plain_reader):
    page, text = plain_reader, unique("A comment to come back to.")
    page.goto(ARTICLE)
    write_comment(page, text=text)
    link = comment_with(page, text).get_by_role("link", name="Link to the comment").get_attribute("href")
    page.goto(link)
    expect(page.locator("article.comment:target")).to_contain_text(text)
    assert "c=" not in urlsplit(page.url).query


def test_share_links_point_where_they_must(plain_reader, site):
    page = plain_reader
    page.goto(ARTICLE)
    address = f"{site.url}{ARTICLE}"
    known = {
        "{T}": TITLE,
        "{U}": address,
        "{X}": f"{TITLE}\n{address}",
        "{IMG}": page.locator("meta[property='og:image']").get_attribute("content"),
        "{D}": page.locator("meta[property='og:description']").get_attribute("content"),
    }
    links = page.get_by_role("list", name="Share").get_by_role("link")
    assert links.all_inner_texts() == list(WHERE)
    for name, (place, query) in WHERE.items():
        link = links.filter(has_text=re.compile(f"^{name}$"))
        assert link.get_attribute("rel") == "noopener noreferrer"
        href = link.get_attribute("href")
        assert "+" not in href, "a space is %20"
        start, _, rest = href.replace("#", "?").partition("?")
        assert start == place
        assert parse_qs(rest) == {key: [known[value]] for key, value in query.items()}


# --- with script ------------------------------------------------------------------------------------------------


def test_reading_leaves_nothing_on_the_machine(reader):
    for path in ("/", ARTICLE, "/tag/openai/", "/about/"):
        reader.goto(path)
    reader.goto(f"{ARTICLE}#talk")
    kept = "[Object.keys(localStorage).filter((key) => !key.startsWith('visits:')), sessionStorage.length, document.cookie]"
    assert reader.evaluate(kept) == [[], 0, ""], "nothing but when the conversation was read"
    assert reader.evaluate("indexedDB.databases()") == []


def test_the_contents_list_marks_where_the_reader_is(reader):
    reader.goto(ARTICLE)
    contents = reader.get_by_role("navigation", name="Contents")
    contents.get_by_role("link", name="Sam Altman’s Swift Response").click()
    expect(contents.locator("[aria-current]")).to_have_text("Sam Altman’s Swift Response")
    bold = "[...document.querySelectorAll('.contents a')].filter((link) => getComputedStyle(link).fontWeight >= 600).length"
    assert reader.evaluate(bold) == 1
    reader.evaluate("scrollTo(0, 0)")
    expect(contents.locator("[aria-current]")).to_have_count(0)


def test_a_reply_with_script_leaves_no_token_in_the_address(reader):
    said, answered = unique("Somebody should answer this."), unique("Somebody does.")
    reader.goto(ARTICLE)
    write_comment(reader, text=said)
    reader.wait_for_url(re.compile(r"/the-power-struggle-in-ai/#c-\d+$"))
    comment_with(reader, said).get_by_role("link", name="Reply").click()
    write_comment(reader, name="Priya", text=answered, button="Post reply")
    reader.wait_for_url(re.compile(r"/the-power-struggle-in-ai/#c-\d+$"))
    expect(reader.locator("article.comment:target")).to_contain_text(answered)
    expect(reader.locator("article.comment:target").get_by_role("status")).to_contain_text("Your comment is here")


def test_a_draft_survives_a_closed_tab_and_ends_with_the_posting(reader):
    text = unique("This took an hour to write.")
    reader.goto(ARTICLE)
    reader.locator("textarea").fill(text)
    reader.close()
    again = reader.context.new_page()
    again.goto(ARTICLE)
    expect(again.locator("textarea")).to_have_value(text)
    write_comment(again, text=text)
    expect(again.locator("article.comment:target")).to_contain_text(text)
    expect(again.locator("textarea")).to_have_value("")
    assert again.evaluate("Object.keys(localStorage).filter((key) => !key.startsWith('visits:'))") == []
    again.goto(ARTICLE)
    expect(again.locator("textarea")).to_have_value("")


def test_a_draft_stays_where_the_posting_fails(reader):
    text = unique("This is too good to lose.")
    reader.goto(ARTICLE)
    write_comment(reader, name="admin", text=text)
    alert = reader.get_by_role("alert")
    expect(alert).to_contain_text("kept for staff")
    expect(alert).to_be_focused()
    expect(reader.locator("textarea")).to_have_value(text)
    reader.goto(ARTICLE)
    expect(reader.locator("textarea")).to_have_value(text)


def test_the_remaining_length_is_told(reader):
    reader.goto(ARTICLE)
    box, told = reader.locator("textarea"), reader.locator(".count")
    expect(told).to_have_text("")
    box.fill("x" * 3900)
    expect(told).to_have_text("100 characters left")
    box.fill("x" * 4010)
    expect(told).to_have_text("10 characters too many")
    reader.get_by_label("Name").fill("Ines")
    reader.get_by_role("button", name="Post comment").click()
    expect(reader.get_by_role("alert")).to_contain_text("10 characters too long")
    expect(reader.locator("textarea")).to_have_value("x" * 4010)


def test_copying_the_link_is_said_aloud(open_page, site):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{ARTICLE}?utm_source=somewhere")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("[data-share] [role=status]")).to_have_text("The link has been copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}{ARTICLE}"


def test_a_double_click_makes_one_comment(reader):
    text = unique("Clicked in a hurry.")
    reader.goto(ARTICLE)
    reader.get_by_label("Name").fill("Ines Duarte")
    reader.locator("textarea").fill(text)
    reader.get_by_role("button", name="Post comment").dblclick()
    expect(reader.locator("article.comment:target")).to_contain_text(text)
    reader.goto(ARTICLE)
    expect(comment_with(reader, text)).to_have_count(1)


def test_going_back_and_posting_again_makes_one_comment(plain_reader):
    text = unique("Sent, and sent again.")
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, text=text)
    first = plain_reader.url.partition("#")[2]
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, text=text)
    assert plain_reader.url.partition("#")[2] == first
    expect(comment_with(plain_reader, text)).to_have_count(1)
