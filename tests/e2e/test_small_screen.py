"""On a phone in the dark: nothing is wider than the screen, everything can be hit with a thumb."""

from __future__ import annotations

import json

import pytest

from tests.e2e.journeys import ARTICLE, unique, width_of, write_comment
from tests.e2e.test_axe import PUBLIC

SMALL = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    if (!element.checkVisibility() || element.closest(".vh, .skip")) return false;
    if (width >= 24 && height >= 24) return false;
    // WCAG 2.5.8 leaves out a link within a sentence.
    const words = element.parentElement.innerText.trim().length;
    return getComputedStyle(element).display !== "inline" || words <= element.innerText.trim().length + 1;
  })
  .map((element) => element.outerHTML.slice(0, 160))"""

LONGEST = "Donaudampfschifffahrtsgesellschaftskapitaenspatentpruefungsordnung" * 2
HOLD = """
from articles.models import Article
from comments import posting
first = Article.objects.get(slug="the-power-struggle-in-ai")
text = "`{word}` {word}\\n\\n```\\n{word}\\n```"
print(posting.post_comment(first, name="{word}"[:60], text=text, address="192.0.2.77", honeypot=True).comment.pk)
"""

# Another word than LONGEST: nearly the same comment twice would be held.
UNHEARD = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz" * 2
# Articles, people, tags and comments whose names are one word. What readers wrote is on the second of three articles.
UNBROKEN = """
import json
from datetime import timedelta
from django.utils import timezone
from articles import corrections, drafts, due, publishing, revisions, series
from comments import moderation, posting
from tests import factories
word = "{word}"[:84]
author = factories.make_user(username="long", slug="long", display_name="Y" * 60, biography=word)
body = f"<h2>{{word}}</h2><p>{{word}}</p><ul><li>{{word}}</li></ul><blockquote><p>{{word}}</p></blockquote>"
texts = {{"title": word, "summary": word, "body": body, "tags": [word[:60], "OpenAI"], "bylines": [author.pk]}}
def write(slug):
    return revisions.save(None, {{**texts, "slug": slug}}, by=None).article
one, two, three = (publishing.publish(write(f"unbroken-{{n}}"), by=None) for n in (1, 2, 3))
row = series.save(None, title=word, slug="unbroken", articles=[one.pk, two.pk, three.pk], description=word, by=None)
revisions.save(two, {{**revisions.newest_data(two), "subtitle": word}}, by=None)
corrections.correct(two, word, by=None, show_changes=True)
due.schedule_change(one, by=None, at=timezone.now() + timedelta(days=30))
said = [None]
for n in range(4):
    posted = posting.post_comment(two, name="X" * 60, text=f"{{word}} {{n}}", parent=said[-1], address=f"192.0.2.8{{n}}")
    said.append(posted.comment)
held = posting.post_comment(two, name="X" * 60, text=f"Held {{word}}", address="192.0.2.85", honeypot=True).comment
moderation.remove(said[3], by=factories.make_user(is_superuser=True))
publishing.withdraw(publishing.publish(write("unbroken-gone"), by=None), by=None)
draft = write("unbroken-draft")
link = drafts.make_link(draft, by=None, reader="Z" * 60)
drafts.leave_note(link, text=word, name="Z" * 60)
publishing.publish(write("unbroken-later"), by=None, at=timezone.now() + timedelta(days=3))
print(json.dumps({{
    "word": word, "year": one.published_at.year, "tag": two.tags.exclude(name="OpenAI").get().slug, "one": one.pk,
    "article": two.pk, "comment": said[2].pk,
    "removed": said[3].pk, "held": held.pk, "draft": draft.pk, "token": drafts.address(link).rstrip("/").rpartition("/")[2],
    "series": row.pk, "author": author.pk,
}}))
"""
# Other journeys count what lists show: it ends as it began.
TAKEN_BACK = """
from articles import publishing
from articles.models import Article
for article in Article.objects.filter(slug__startswith="unbroken-").exclude(published_at=None):
    if not article.withdrawn_at:
        publishing.withdraw(article, by=None)
"""
READ = [
    "/", "/{year}/", "/by/long/", "/tag/", "/tag/{tag}/", "/tag/openai/", "/series/unbroken/", "/corrections/", "/unbroken-1/",
    "/unbroken-2/", "/unbroken-3/", "/much-discussed/", ARTICLE, "/unbroken-gone/", "/draft/{token}/", "/search/?q={word}",
    '/search/?q="{word}"&in=comments', "/search/?q=since:{word}", "/search/?q=since:2024&in=comments", "/comments/on/{article}/",
    "/comments/on/{article}/passages/", "/comments/{comment}/", "/comments/{comment}/reply/", "/comments/{comment}/report/",
    "/comments/{removed}/", "/comments/{removed}/reply/", "/comments/{held}/",
]  # fmt: skip
WRITTEN = [
    "/admin/", "/admin/articles/article/", "/admin/articles/article/{one}/change/", "/admin/articles/article/{one}/publish/",
    "/admin/articles/article/{article}/change/", "/admin/articles/article/{article}/history/",
    "/admin/articles/article/{article}/correct/", "/admin/articles/article/{article}/feature/",
    "/admin/articles/article/{article}/withdraw/", "/admin/articles/article/{draft}/drafts/",
    "/admin/articles/article/{draft}/notes/", "/admin/articles/article/{draft}/publish/", "/admin/articles/tag/",
    "/admin/articles/series/", "/admin/articles/series/{series}/change/", "/admin/articles/correction/",
    "/admin/comments/comment/", "/admin/comments/comment/{held}/change/", "/admin/comments/comment/queue/?case={held}",
    "/admin/comments/comment/queue/?pile=decided", "/admin/accounts/user/", "/admin/accounts/user/{author}/change/",
    "/unbroken-2/",
]  # fmt: skip


@pytest.fixture(scope="module")
def unbroken(site, seeded):
    """The numbers and names of what UNBROKEN makes; readers see it until the end of this module."""
    yield json.loads(site.query(UNBROKEN.format(word=UNHEARD)).splitlines()[-1])
    site.query(TAKEN_BACK)


def small(width: int) -> dict:
    return {"viewport": {"width": width, "height": 780}, "color_scheme": "dark", "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize("width", [360, 320])
def test_nothing_is_wider_than_the_screen(open_page, seeded, width):
    page = open_page(**small(width))
    for path in [*PUBLIC, f"/comments/on/{seeded['article']}/", f"/comments/{seeded['comment']}/reply/"]:
        page.goto(path)
        assert width_of(page) <= width, path
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 23, 22)"
        assert page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("width", [360, 320])
def test_a_long_word_in_a_comment_breaks(open_page, width):
    page, word = open_page(**small(width)), LONGEST
    page.goto(ARTICLE)
    write_comment(page, name=word[:60], text=unique(f"`{word}` {word}\n\n```\n{word}\n```"))
    page.locator("article.comment:target").wait_for()
    assert width_of(page) <= width


@pytest.mark.parametrize("width", [360, 320])
def test_the_desk_fits_too(open_page, site, seeded, sessions, width):
    long = int(site.query(HOLD.format(word=LONGEST)).splitlines()[-1])
    page = open_page(**small(width), storage_state=sessions["ada"])
    paths = ["/admin/", f"/admin/comments/comment/{seeded['held']}/change/", f"/admin/comments/comment/{long}/change/"]
    queue = "/admin/comments/comment/"
    paths += [queue, f"{queue}queue/?case={long}", f"{queue}several/?like={long}&by=writer", "/admin/articles/article/add/"]
    for path in [*paths, f"/admin/articles/article/{seeded['article']}/publish/", ARTICLE]:
        page.goto(path)
        assert width_of(page) <= width, path


@pytest.mark.parametrize("width", [360, 320])
def test_titles_and_names_of_one_long_word_break(open_page, unbroken, width):
    page = open_page(**small(width))
    for path in READ:
        page.goto(path.format(**unbroken))
        assert width_of(page) <= width, path


@pytest.mark.parametrize("width", [360, 320])
def test_titles_and_names_of_one_long_word_break_at_the_desk(open_page, unbroken, sessions, width):
    page = open_page(**small(width), storage_state=sessions["ada"])
    for path in WRITTEN:
        page.goto(path.format(**unbroken))
        assert width_of(page) <= width, path
