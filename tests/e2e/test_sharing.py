"""A reader shares a place in an article: a paragraph without script, selected words by a link or as a picture with it."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, select_words, tab_to, width_of
from tests.e2e.test_passages import SOW, rewrite

SLUG = "to-be-shared"
BODY = (
    "<h2>Who pays</h2><p>Neither claim is silly, and <em>neither is free</em> of self-interest, which makes it worth "
    "following.</p>" + "<p>Before it stand other words.</p>" * 60 + "<p>Silence is an answer: one-sided, R&amp;D, 50%.</p>"
    "<p>Some of it was said, and some of it said twice, last</p>"
)


@pytest.fixture(scope="module")
def article(site) -> str:
    site.query(SOW.format(slug=SLUG, body=BODY))
    return SLUG


# --- without script -----------------------------------------------------------------------------------------------------


def last_paragraph(page):
    return page.locator(".prose p", has_text="Some of it was said")


def test_a_paragraph_shows_its_link_to_whoever_points_at_it(plain_reader, article):
    page = plain_reader
    page.goto(f"/{article}/")
    link = last_paragraph(page).get_by_role("link", name="Link to this paragraph")
    expect(link).to_have_css("opacity", "0")
    last_paragraph(page).hover()
    expect(link).to_have_css("opacity", "1")
    link.click()
    assert re.fullmatch(rf".*/{article}/#p-[0-9a-f]{{8}}", page.url)
    other = page.context.new_page()
    other.goto(page.url)
    expect(last_paragraph(other)).to_be_in_viewport()
    expect(other.locator("p:target")).to_have_text("Some of it was said, and some of it said twice, last")


def test_a_paragraph_shows_its_link_to_a_keyboard(plain_reader, article):
    page = plain_reader
    page.goto(f"/{article}/")
    link = page.locator(".prose p").first.get_by_role("link", name="Link to this paragraph")
    tab_to(page, link)
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#p-"))


def test_the_link_of_a_paragraph_outlives_an_edit_of_others(open_page, site, article):
    page = open_page(java_script_enabled=False)
    page.goto(f"/{article}/")
    last_paragraph(page).hover()
    last_paragraph(page).get_by_role("link", name="Link to this paragraph").click()
    rewrite(site, article, BODY.replace("<h2>", "<p>A new beginning.</p><h2>"))
    page.reload()
    expect(page.locator("p:target")).to_have_text("Some of it was said, and some of it said twice, last")


def test_headings_and_comments_have_links_of_their_own(plain_reader, seeded):
    page = plain_reader
    page.goto(ARTICLE)
    heading = page.locator(".prose > h2").last
    heading.get_by_role("link").click()
    expect(page.locator("h2:target")).to_have_text(heading.inner_text())
    expect(page.locator("h2:target")).to_be_in_viewport()
    page.goto(f"/comments/{seeded['comment']}/")
    expect(page.locator(f"#c-{seeded['comment']}:target")).to_be_in_viewport()


# --- with script --------------------------------------------------------------------------------------------------------


def test_with_script_paragraphs_are_no_stops_for_the_keyboard(reader, article):
    reader.goto(f"/{article}/")
    assert reader.locator(".prose").get_by_role("link", name="Link to this paragraph").count() == 0
    last_paragraph(reader).hover()
    expect(last_paragraph(reader).get_by_role("link", name="Link to this paragraph")).to_be_visible()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("ilence is an ans", "ilence is an ans"),
        ("one-sided, R&D", "one-sided, R&D"),
        ("Silence is an answer", "and some of it said twice"),
        ("last", "last"),
    ],
)
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_link_lands_on_the_selected_words(open_page, article, start, end, script):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/{article}/")
    select_words(page, start, end)
    page.get_by_role("button", name="Copy a link to this").click()
    page.get_by_text("The link is copied.").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "#:~:text=" in link
    other = open_page(java_script_enabled=script)
    if not script:  # Chromium looks for the words before a sheet that it has not yet, and then does not always scroll again
        other.goto("/")
    other.goto(link)
    expect(other.locator(".prose p", has_text=start).last).to_be_in_viewport()
    assert other.evaluate("() => scrollY") > 0


def test_where_nothing_can_be_copied_the_link_is_shown(open_page, article):
    page = open_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"/{article}/")
    select_words(page, "Neither claim", "is silly")
    page.get_by_role("button", name="Copy a link to this").click()
    assert page.get_by_label("The link to these words").input_value().endswith("#:~:text=Neither%20claim%20is,silly")


def test_words_can_be_linked_to_where_nobody_can_comment(open_page, site, article):
    site.query(f"""
from articles import publishing
from articles.models import Article
publishing.set_comment_policy(Article.objects.get(slug={article!r}), "closed", by=None)
""")
    page = open_page()
    page.goto(f"/{article}/")
    select_words(page, "Neither claim", "is silly")
    page.get_by_role("button", name="Copy a link to this").wait_for()
    assert page.get_by_role("button", name="Comment on this").count() == 0


def picture_of(page, start: str, end: str) -> Image.Image:
    """The picture that is saved of these words."""
    select_words(page, start, end)
    page.get_by_role("button", name="Make a picture").click()
    dialog = page.get_by_role("dialog", name="These words as a picture")
    expect(dialog.get_by_role("img")).to_have_accessible_name(re.compile(f"^“{start}"))
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Save the picture").click()
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"^Saved as [a-z-]+-quote\.png\.$"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    return Image.open(io.BytesIO(waiting.value.path().read_bytes())).convert("RGB")


@pytest.mark.parametrize(("scheme", "paper"), [("light", (252, 252, 250)), ("dark", (20, 23, 22))])
def test_selected_words_become_a_picture(open_page, article, scheme, paper):
    page = open_page(color_scheme=scheme)
    page.goto(f"/{article}/")
    made = picture_of(page, "Neither claim", "following.")
    assert made.size == (1200, 630)
    assert made.getpixel((5, 5)) == paper
    colours = made.getcolors(1 << 20)
    assert sum(count for count, colour in colours if colour != paper) > 20_000, "something is written on it"
    edges = (
        made.crop((0, 0, 1200, 40)),
        made.crop((0, 590, 1200, 630)),
        made.crop((0, 0, 70, 630)),
        made.crop((1130, 0, 1200, 630)),
    )
    assert all(edge.getcolors() == [(edge.width * edge.height, paper)] for edge in edges), "and nothing runs over its edges"


def test_what_is_too_long_for_a_picture_is_said(open_page, article):
    page = open_page()
    page.goto(f"/{article}/")
    select_words(page, "Neither claim", "Silence is an answer")
    expect(page.get_by_role("button", name="Make a picture: at most 400 characters")).to_be_disabled()


def test_on_a_small_screen_the_bar_and_the_picture_have_room(open_page, article, axe):
    page = open_page(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.goto(f"/{article}/")
    select_words(page, "Neither claim", "following.")
    page.get_by_role("button", name="Make a picture").wait_for()
    assert width_of(page) == 320
    page.get_by_role("button", name="Make a picture").click()
    expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)
    axe(page)
    assert width_of(page) == 320
