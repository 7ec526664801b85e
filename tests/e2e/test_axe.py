"""axe-core finds nothing on any page, at both widths and in both schemes."""

from __future__ import annotations

import pytest

from tests.e2e.journeys import ARTICLE, unique, write_comment

LOOKS = [pytest.param({"viewport": {"width": width, "height": 900}}, id=str(width)) for width in (1280, 360)]
PUBLIC = [
    "/", ARTICLE, "/much-discussed/", "/much-discussed/?sort=picks", "/tag/", "/tag/openai/", "/by/technology-desk/",
    "/2025/", "/about/", "/rules/", "/privacy/", "/nothing-is-here/", "/taken-back/", "/accounts/login/",
    "/accounts/password/reset/", "/accounts/password/reset/key/1-nothing-at-all/",
]  # fmt: skip
DESK = [
    "/admin/", "/admin/articles/article/", "/admin/articles/image/", "/admin/articles/image/add/", "/admin/articles/tag/",
    "/admin/comments/comment/",
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_public_pages(open_page, seeded, axe, look):
    page = open_page(**look)
    for path in [*PUBLIC, f"/comments/on/{seeded['article']}/", f"/comments/{seeded['comment']}/reply/"]:
        page.goto(path)
        axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_journey_of_a_comment(open_page, axe, look):
    page = open_page(**look)
    page.goto(ARTICLE)
    write_comment(page, name="", text="", button="Preview")
    axe(page)
    write_comment(page, text=unique("> See https://example.org/"), button="Preview")
    axe(page)
    page.get_by_role("button", name="Post comment").click()
    page.locator("article.comment.held:target").wait_for()
    axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_desk_pages(open_page, seeded, sessions, axe, look):
    page = open_page(**look, storage_state=sessions["ada"])
    article, held = seeded["article"], seeded["held"]
    page.goto(ARTICLE)
    axe(page)
    for path in [*DESK, f"/admin/articles/article/{article}/publish/", f"/admin/articles/article/{article}/withdraw/"]:
        page.goto(path)
        axe(page)
    page.goto(f"/admin/comments/comment/{held}/change/")
    axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_article_form(open_page, seeded, sessions, axe, look):
    page = open_page(**look, storage_state=sessions["ada"])
    page.goto(f"/admin/articles/article/{seeded['article']}/change/")
    body = page.get_by_role("textbox", name="Body")
    body.locator("td").first.click()
    axe(page)
    dialog = page.get_by_role("dialog")
    page.get_by_role("toolbar").get_by_role("button", name="Picture", exact=True).click()
    dialog.get_by_role("radio").first.wait_for()
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    dialog.wait_for()
    axe(page)
