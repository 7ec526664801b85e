"""Comments on a passage: chosen by selecting it or, without script, by its paragraph; marked, linked, and found again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.journeys import comment_with, press, select_words, tab_to, unique, width_of, write_comment

BODY = (
    "<h2>Who pays</h2><p>Neither claim is silly, and <em>neither is free</em> of self-interest, which makes it worth "
    "following.</p><p>A model nobody can inspect is a model nobody can trust, or so the letter says.</p>"
    "<ul><li>One point</li><li>Another point</li></ul>"
)
SOW = """
from tests.factories import make_article
print(make_article(slug={slug!r}, title="On passages", body={body!r}).pk)
"""
REWRITE = """
from articles import publishing, revisions
from articles.models import Article
article = Article.objects.get(slug={slug!r})
revisions.save(article, {{**revisions.newest_data(article), "body": {body!r}}}, by=None)
publishing.publish(article, by=None)
"""


@pytest.fixture
def article(site, request):
    """The address of an article of this journey's own."""
    slug = f"passages-{unique('x').split()[-1].rstrip(')')}-{abs(hash(request.node.name)) % 10**6}"
    site.query(SOW.format(slug=slug, body=BODY))
    return slug


def rewrite(site, slug: str, body: str) -> None:
    site.query(REWRITE.format(slug=slug, body=body))


def select(page, start: str, end: str) -> None:
    page.wait_for_load_state()
    select_words(page, start, end)
    page.get_by_role("button", name="Comment on this").wait_for()


def quoted(page, text: str):
    return comment_with(page, text).locator("blockquote.passage")


def test_words_are_selected_commented_on_marked_and_found_again(site, reader, article):
    page, text = reader, unique("That is a lot of weight for one word.")
    page.goto(f"/{article}/")
    select(page, "silly", "neither is free")
    page.get_by_role("button", name="Comment on this").click()
    assert page.locator("[data-passage] blockquote").inner_text() == "silly, and neither is free"
    write_comment(page, text=text)
    said = comment_with(page, text)
    said.wait_for()
    marks = page.locator("mark.noted")
    assert marks.all_inner_texts() == ["silly, and ", "neither is free"]
    number = page.get_by_role("link", name="1 comment on this passage")
    assert number.inner_text() == "1"
    number.click()
    assert page.evaluate("() => document.querySelector(':target')?.id") == said.get_attribute("id")
    quoted(page, text).get_by_role("link").click()
    assert page.locator("mark:target").inner_text() == "silly, and "
    assert page.locator("mark:target").evaluate("mark => mark.getBoundingClientRect().bottom < innerHeight")

    rewrite(site, article, BODY.replace("Neither claim is silly, and", "Of course neither of the claims is silly, but"))
    page.goto(f"/{article}/")
    assert "neither is free" in "".join(marks.all_inner_texts())
    assert quoted(page, text).get_by_role("link").count() == 1

    rewrite(site, article, "<p>Something else altogether is written here.</p>")
    page.goto(f"/{article}/")
    assert marks.count() == 0
    assert quoted(page, text).inner_text().split("\n") == ["silly, and neither is free", "On an earlier version of the article"]
    assert quoted(page, text).get_by_role("link").count() == 0

    rewrite(site, article, BODY)
    page.goto(f"/{article}/")
    assert quoted(page, text).get_by_role("link").count() == 1


def begin_and_close(page, article, text: str) -> None:
    """Writes about a passage, and closes the tab without posting it."""
    page.goto(f"/{article}/")
    select(page, "silly", "neither is free")
    page.get_by_role("button", name="Comment on this").click()
    page.get_by_label("Name").first.fill("Ines Duarte")
    page.locator("form[data-talk] textarea").first.fill(text)
    page.close()


def test_a_draft_comes_back_with_its_passage(reader, article):
    text = unique("I had to leave in the middle.")
    context = reader.context
    begin_and_close(reader, article, text)
    page = context.new_page()
    about = page.locator("[data-passage]")
    for _ in range(2):  # some browsers put back by themselves what stood in a page that is loaded again
        page.goto(f"/{article}/")
        expect(page.locator("textarea")).to_have_value(text)
        expect(about.locator("blockquote")).to_have_text("silly, and neither is free")
        expect(page.get_by_role("checkbox", name="About this passage")).to_be_checked()
        page.reload()
        expect(about.locator("blockquote")).to_be_visible()
    write_comment(page, text=text)
    comment_with(page, text).wait_for()
    assert quoted(page, text).get_by_role("link").inner_text() == "silly, and neither is free"
    page.goto(f"/{article}/")
    expect(page.locator("textarea")).to_have_value("")
    expect(about).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((key) => /^(draft|passage|sent)/.test(key))") == []


def test_a_draft_comes_back_without_a_passage_that_was_unticked(reader, article):
    text = unique("It is about all of it.")
    context = reader.context
    reader.goto(f"/{article}/")
    select(reader, "silly", "neither is free")
    reader.get_by_role("button", name="Comment on this").click()
    reader.locator("textarea").fill(text)
    reader.get_by_role("checkbox", name="About this passage").uncheck()
    reader.close()
    page = context.new_page()
    page.goto(f"/{article}/")
    expect(page.locator("textarea")).to_have_value(text)
    expect(page.locator("[data-passage]")).to_be_hidden()


def test_a_passage_chosen_after_the_words_were_written_is_kept_too(reader, article):
    text = unique("First the words.")
    context = reader.context
    reader.goto(f"/{article}/")
    reader.locator("textarea").fill(text)
    select(reader, "One point", "One point")
    reader.get_by_role("button", name="Comment on this").click()
    reader.close()
    page = context.new_page()
    page.goto(f"/{article}/")
    expect(page.locator("[data-passage] blockquote")).to_have_text("One point")


def test_without_script_a_paragraph_is_chosen(site, plain_reader, article):
    page, text = plain_reader, unique("So has closure.")
    page.goto(f"/{article}/")
    page.get_by_role("link", name="choose a paragraph").click()
    page.get_by_role("link", name="Comment on paragraph 2", exact=True).click()
    assert page.get_by_role("checkbox", name="About this passage").is_checked()
    write_comment(page, text=text, button="Preview")
    write_comment(page, text=text)
    assert quoted(page, text).get_by_role("link").inner_text().startswith("A model nobody can inspect")
    quoted(page, text).get_by_role("link").click()
    assert page.locator("mark:target").inner_text().startswith("A model nobody can inspect")


def test_by_keyboard_tab_leads_to_the_button_and_escape_hides_it(reader, article):
    page = reader
    page.goto(f"/{article}/")
    select(page, "nobody can inspect", "nobody can inspect")
    button = page.get_by_role("button", name="Comment on this")
    page.keyboard.press("Escape")
    assert not button.is_visible()
    select(page, "One point", "One point")
    page.keyboard.press("Tab")
    assert button.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator("[data-passage] blockquote").inner_text() == "One point"
    assert page.evaluate("() => document.activeElement.name") == "name"


def test_by_touch_on_a_small_screen(open_page, article):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(f"/{article}/")
    select(page, "or so the letter says", "or so the letter says")
    button = page.get_by_role("button", name="Comment on this")
    box = button.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    button.tap()
    assert page.locator("[data-passage] blockquote").inner_text() == "or so the letter says"
    assert width_of(page) == 360


def test_a_long_selection_says_how_much_can_be_chosen(site, reader, article):
    page = reader
    rewrite(site, article, f"<p>{'Many words follow one another. ' * 30}</p>")
    page.goto(f"/{article}/")
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.prose p'))")
    page.get_by_text("Comment on this: at most 600 characters").wait_for()


def test_the_words_go_while_the_comment_is_written(site, reader, article):
    page, text = reader, unique("I keep what I wrote.")
    page.goto(f"/{article}/")
    select(page, "nobody can inspect", "nobody can trust")
    page.get_by_role("button", name="Comment on this").click()
    rewrite(site, article, "<p>Another text stands here now.</p>")
    write_comment(page, text=text)
    page.get_by_text("not in the article any more").first.wait_for()
    assert page.locator("textarea").input_value() == text
    box = page.get_by_role("checkbox", name="About this passage")
    tab_to(page, box)
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Post comment"))
    comment_with(page, text).wait_for()
    assert quoted(page, text).count() == 0
