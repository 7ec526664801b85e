"""axe-core finds nothing on any page, at both widths and in both schemes."""

from __future__ import annotations

import pytest

from tests.e2e.journeys import ARTICLE, unique, write_comment
from tests.factories import picture_bytes

LOOKS = [pytest.param({"viewport": {"width": width, "height": 900}}, id=str(width)) for width in (1280, 360)]
PUBLIC = [
    "/", ARTICLE, "/much-discussed/", "/much-discussed/?sort=picks", "/tag/", "/tag/openai/", "/by/technology-desk/",
    "/2025/", "/corrections/", "/series/open-or-closed/", "/search/", "/search/?q=power", "/search/?q=quixotry",
    "/about/", "/rules/", "/privacy/", "/nothing-is-here/", "/taken-back/", "/accounts/login/",
    "/accounts/password/reset/", "/accounts/password/reset/key/1-nothing-at-all/",
]  # fmt: skip
DESK = [
    "/admin/", "/admin/articles/article/", "/admin/articles/image/", "/admin/articles/image/add/", "/admin/articles/tag/",
    "/admin/comments/comment/", "/admin/comments/comment/queue/?pile=recent", "/admin/comments/comment/queue/?pile=reported",
    "/admin/comments/comment/queue/?pile=decided", "/admin/comments/comment/statistics/", "/admin/articles/series/", "/admin/articles/series/add/", "/admin/articles/correction/",
]  # fmt: skip
AFTER_PUBLISHING = [
    "/admin/articles/article/{article}/correct/", "/admin/articles/article/{article}/feature/",
    "/admin/articles/correction/{correction}/change/", "/admin/articles/series/{series}/change/",
    "/admin/articles/tag/{tag}/change/", "/admin/articles/tag/{tag}/merge/", "/admin/articles/tag/{tag}/merge/?into=OpenAI",
    "/admin/articles/tag/{tag}/names/{alias}/",
]  # fmt: skip

BESIDE_A_DRAFT = [
    "/admin/articles/article/{draft}/change/", "/admin/articles/article/{draft}/drafts/",
    "/admin/articles/article/{draft}/notes/", "/admin/articles/article/{draft}/history/",
    "/admin/articles/article/{draft}/history/compare/?one={older}&other={newest}",
    "/admin/articles/article/{draft}/history/compare/?one={older}&other={newest}&view=side",
    "/admin/articles/article/{draft}/history/{older}/", "/admin/articles/article/{draft}/publish/",
    "/admin/articles/article/{waiting}/change/", "/admin/articles/article/{waiting}/publish/",
    "/admin/articles/article/{waiting}/unschedule/", "/admin/accounts/user/", "/admin/accounts/user/add/",
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_public_pages(open_page, seeded, axe, look):
    page = open_page(**look)
    numbered = [
        f"/comments/on/{seeded['article']}/", f"/comments/on/{seeded['article']}/passages/",
        f"/comments/{seeded['comment']}/reply/", f"/comments/{seeded['held']}/",
        f"/comments/{seeded['comment']}/report/",
    ]  # fmt: skip
    for path in [*PUBLIC, *numbered, "/long-thread/", f"/long-thread/?thread={seeded['root']}"]:
        page.goto(path)
        axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_journey_of_a_comment(open_page, axe, look):
    page = open_page(**look)
    page.goto(ARTICLE)
    write_comment(page, name="", text="", button="Preview")
    page.get_by_role("alert").wait_for()
    axe(page)
    write_comment(page, text=unique("> See https://example.org/"), button="Preview")
    page.locator(".preview-here .said").wait_for()
    axe(page)
    page.get_by_role("button", name="Post comment").click()
    page.locator("article.comment.held:target").wait_for()
    axe(page)
    page.goto(ARTICLE)
    write_comment(page, text=unique("Changed and deleted."))
    mine = page.locator("article.comment:target")
    mine.get_by_role("link", name="Reply").click()
    page.locator(".reply-here textarea").fill("> So it is.")
    page.locator(".reply-here [name=name]").fill("Priya")
    page.locator(".reply-here").get_by_role("button", name="Preview").click()
    page.locator(".reply-here .preview-here .said").wait_for()
    axe(page)
    mine.get_by_role("link", name="edit your comment").click()
    page.get_by_role("heading", name="Edit your comment").wait_for()
    axe(page)
    page.locator("textarea").fill("")
    page.get_by_role("button", name="Save changes").click()
    page.get_by_role("alert").wait_for()
    axe(page)
    page.get_by_role("link", name="Leave it as it is").click()
    page.locator("article.comment:target").get_by_role("link", name="delete your comment").click()
    page.get_by_role("heading", name="Delete your comment?").wait_for()
    axe(page)
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("heading", name="Your comment is deleted").wait_for()
    axe(page)
    page.goto("/comments/1/edit/")
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
def test_the_queue(open_page, site, seeded, sessions, axe, look):
    site.query(
        "from articles.models import Article; from comments import posting; from tests import factories\n"
        "article = Article.objects.filter(slug='flooded').first() or factories.make_article(slug='flooded', title='Flooded')\n"
        f"[posting.post_comment(article, name='Flood', text='{unique('Some')} ' + str(n), address='10.78.0.1', honeypot=True) "
        "for n in range(3)]"
    )
    page = open_page(**look, storage_state=sessions["ada"])
    page.goto("/admin/comments/comment/queue/")
    axe(page)
    page.keyboard.press("p")
    page.locator(".done-line button:visible").wait_for()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="more by this writer").first.click()
    axe(page)
    page.goto(f"/comments/{seeded['comment']}/report/")
    page.get_by_role("button", name="Send the report").click()
    axe(page)
    site.query(
        "from comments.models import Comment; from site_config import pages\n"
        "with pages.changing('site'): Comment.objects.filter(name='Flood', state='held').update(state='rejected')"
    )


@pytest.mark.parametrize("look", LOOKS)
def test_what_the_desk_does_to_what_is_public(open_page, seeded, sessions, axe, look):
    page = open_page(**look, storage_state=sessions["ada"])
    for path in AFTER_PUBLISHING:
        page.goto(path.format(**seeded))
        axe(page)
    page.goto(AFTER_PUBLISHING[0].format(**seeded))
    page.get_by_role("button", name="Add the correction").click()
    axe(page)
    page.goto("/much-discussed/#corrections")
    page.locator(".changes summary").click()
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


@pytest.mark.parametrize("look", LOOKS)
def test_the_picture_library(open_page, site, seeded, sessions, axe, look):
    used = site.query("from articles.models import ImageUse; print(ImageUse.objects.order_by('image').first().image_id)")
    page = open_page(**look, storage_state=sessions["ada"])
    page.goto("/admin/articles/image/")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose files…").click()
    files = [("one.png", picture_bytes((300, 200), "PNG")), ("two.png", b"words")]
    chosen.value.set_files([{"name": name, "mimeType": "image/png", "buffer": content} for name, content in files])
    page.get_by_text("1 file was refused").wait_for()
    axe(page)
    for path in ("change", "replace", "delete"):
        page.goto(f"/admin/articles/image/{used}/{path}/")
        axe(page)
    page.goto(f"/admin/articles/image/{used}/replace/")
    page.get_by_role("button", name="Replace").click()
    page.get_by_text("Nothing was replaced.").wait_for()
    axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_beside_a_draft(open_page, site, seeded, sessions, axe, look):
    newest = site.query(f"from articles.models import Article; print(Article.objects.get(pk={seeded['draft']}).newest_id)")
    page = open_page(**look, storage_state=sessions["ada"])
    for path in BESIDE_A_DRAFT:
        page.goto(path.format(newest=newest, **seeded))
        axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_draft_as_somebody_outside_sees_it(open_page, seeded, axe, look):
    page = open_page(**look)
    page.goto(f"/draft/{seeded['token']}/")
    axe(page)
    page.get_by_role("button", name="Send the note").click()
    page.get_by_role("alert").wait_for()
    axe(page)
    page.goto("/draft/1.nothing/")
    axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_two_versions_of_one_article(open_page, site, seeded, sessions, axe, look):
    page = open_page(**look, storage_state=sessions["ada"])
    page.goto(f"/admin/articles/article/{seeded['waiting']}/change/")
    page.get_by_role("textbox", name="Body").wait_for()
    site.query(
        "from articles import revisions; from articles.models import Article\n"
        f"article = Article.objects.get(pk={seeded['waiting']})\n"
        f"revisions.save(article, {{**revisions.newest_data(article), 'summary': '{unique('Theirs')}'}}, by=None)"
    )
    page.get_by_label("Summary").fill(unique("Mine"))
    page.get_by_role("button", name="Look at both…").click()
    page.get_by_role("button", name="Merge both in the form").wait_for()
    axe(page)
    page.get_by_role("button", name="Merge both in the form").click()
    page.get_by_text("yours stand. Theirs were:").wait_for()
    axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_passage_that_is_chosen(open_page, axe, look):
    page = open_page(**look)
    page.goto(ARTICLE)
    page.wait_for_load_state()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.prose p'))")
    page.get_by_role("button", name="Comment on this").wait_for()
    axe(page)
    page.get_by_role("button", name="Comment on this").click()
    axe(page)
