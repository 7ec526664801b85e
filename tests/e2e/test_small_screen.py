"""On a phone in the dark: nothing is wider than the screen, everything can be hit with a thumb."""

from __future__ import annotations

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
