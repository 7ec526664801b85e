"""Hostile strings as name, text and link: none runs, in a browser without the policy; all stay readable.

The strings are those of `strings.py` and of the Big List of Naughty Strings.
"""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from playwright.sync_api import expect

from site_config.lib.text import one_line, strip_controls
from tests.e2e import strings
from tests.e2e.journeys import unique
from tests.lacking import lacking

SLUG = "hostile-strings"
MAKE = f"""
from tests import factories
print(factories.make_article(slug="{SLUG}", title="Hostile strings").pk)
"""
APPROVE = f"""
from django.contrib.auth import get_user_model
from comments import moderation
from comments.models import Comment
by = get_user_model().objects.get(username="ada")
for comment in Comment.objects.waiting().filter(article__slug="{SLUG}"):
    moderation.approve(comment, by=by)
"""
STORED = f"""
import json
from comments.models import Comment
print(json.dumps(list(Comment.objects.filter(article__slug="{SLUG}").values_list("pk", "name", "source", "state"))))
"""
REPORT = """
import json
from comments import posting
from comments.models import Report
from tests import factories
from tests.e2e import strings
article = factories.make_article(slug="reported-strings", title="Reported strings")
found = strings.everything()
numbers = []
for start in range(0, len(found), 20):
    comment = posting.post_comment(article, name="Olu", text=f"Reported at {start}.", address=f"10.4.{start // 20}.1").comment
    numbers.append(comment.pk)
    said = enumerate(found[start : start + 20])
    Report.objects.bulk_create(
        Report(comment=comment, reason="other", words=string[:300].replace("\\0", ""), network=str(place)) for place, string in said
    )
print(json.dumps(numbers))
"""
WATCH = """
window.hits = [];
window.hit = (what) => { window.hits.push(what); };
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...what) => { window.hits.push([name, ...what]); };
"""
# All that a hand, a finger or a keyboard could set off, on everything that the comments hold.
PROVOKE = """() => {
  const events = ["mouseover", "mouseenter", "mousemove", "pointerover", "pointerenter", "pointerdown", "focus", "focusin", "blur",
    "touchstart", "wheel", "copy", "dragstart", "keydown", "animationstart", "animationend", "transitionend", "toggle", "load", "error"];
  for (const element of document.querySelectorAll(".thread *, .preview-here *, .write *"))
    for (const name of events) element.dispatchEvent(new Event(name, { bubbles: true }));
}"""
STRANGE = """(where) => [...document.querySelectorAll(where)].flatMap((root) => [...root.querySelectorAll("*")]).filter((element) =>
  /^(script|style|iframe|frame|object|embed|svg|math|img|image|video|audio|source|picture|link|meta|base|form|input|button|textarea|select|template|details|marquee)$/i
    .test(element.localName)
  || [...element.attributes].some(({ name }) => /^(on|style|srcdoc|xlink|formaction|contenteditable)/i.test(name))
  || (element.href && !/^(https?|mailto):/.test(element.href))).map((element) => element.outerHTML.slice(0, 200))"""
SAID = "(found) => found.map((one) => [Number(one.id.slice(2)), one.querySelector('h3').textContent, one.querySelector('.said').textContent])"


@pytest.fixture(scope="module")
def posted(browser, site, seeded) -> dict[int, tuple[str, str]]:
    """All strings, posted: what is stored as (name, source), by number of the comment."""
    if not strings.naughty():
        lacking("The Big List of Naughty Strings is not installed (npm ci --ignore-scripts in tests/tools)")
    article = site.query(MAKE).splitlines()[-1]
    context = browser.new_context(base_url=site.url)
    where = f"/comments/on/{article}/"
    token = re.search(r'name="token" value="([^"]+)"', context.request.get(where).text())[1]
    answers = []
    for string in strings.everything():
        answers += post(context, where, token, string)
    context.close()
    assert {status for status, _ in answers} == {303, 400}
    assert all("errors" in body for status, body in answers if status == 400)
    site.query(APPROVE)
    stored = json.loads(site.query(STORED).splitlines()[-1])
    assert {state for *_, state in stored} == {"visible"}
    return {pk: (name, source) for pk, name, source, _ in stored}


def post(context, where: str, token: str, string: str) -> list[tuple[int, str]]:
    """As a name (where it may be one), as text, in code, and as the address and the words of links."""
    forms = [
        {"name": string[:60], "text": string},
        {"name": "Reader", "text": f"```\n{string}\n```\n"},
        {"name": "Reader", "text": f"[words]({string}) and [{string}](https://a.example/) and <{string}>"},
    ]
    answers = [context.request.post(where, form={"token": token, **form}, max_redirects=0) for form in forms]
    if answers[0].status != 303:
        answers[0] = context.request.post(where, form={"token": token, "name": "Reader", "text": string}, max_redirects=0)
    return [(answer.status, answer.text() if answer.status != 303 else "") for answer in answers]


def test_none_runs_and_all_stay_readable(open_page, posted):
    assert len(posted) > 1500
    page = open_page(bypass_csp=True)
    page.add_init_script(WATCH)
    page.goto(f"/{SLUG}/?sort=newest")
    seen: dict[int, tuple[str, str]] = {}
    while True:
        page.evaluate(PROVOKE)
        assert page.evaluate(STRANGE, ".thread .said, .thread header") == []
        assert page.evaluate("window.hits") == []
        seen |= {pk: (name, said) for pk, name, said in page.locator("article.comment").evaluate_all(SAID)}
        later = page.get_by_role("link", name="Older comments")
        if not later.count():
            break
        later.click()
        page.wait_for_load_state()
    assert set(seen) == set(posted)
    for pk, (name, source) in posted.items():
        shown, said = seen[pk]
        assert one_line(shown).startswith(one_line(name)), ascii(name)
        assert is_readable(source, said), (ascii(source), ascii(said))


def is_readable(source: str, said: str) -> bool:
    """Code stands there to the letter. Elsewhere Markdown may take marks and addresses, never a word of the text."""
    code = re.fullmatch(r"```\n(.*)\n```", source, re.S)
    if code and "```" not in code[1]:
        return code[1].strip() in said or one_line(code[1]) == one_line(said)
    bare = re.sub(r"\]\(.*?\)|<?https?://\S+|^```.*$|^\[x\]: .*$", "", source, flags=re.M)
    return letters(bare) <= letters(said)


def letters(text: str) -> set[str]:
    return {c for c in unicodedata.normalize("NFC", strip_controls(text)) if c.isalnum()}


def test_none_runs_in_a_preview_or_beside_a_reply(open_page, posted):
    page = open_page(bypass_csp=True)
    page.add_init_script(WATCH)
    page.goto("/much-discussed/")
    form = page.locator("#talk > form")
    for string in (*strings.ELEMENTS[::4], *strings.LINKS[::4], *strings.MARKDOWN):
        form.get_by_label("Name").fill(string[:60].replace("\n", " ") or "x")
        text = unique(string)
        form.locator("textarea").fill(text)
        form.get_by_role("button", name="Preview").click()
        expect(form.locator(".preview-here .said")).to_contain_text(text.rpartition("(no.")[2])
        page.evaluate(PROVOKE)
        assert page.evaluate(STRANGE, ".preview-here") == []
        assert page.evaluate("window.hits") == []
    page.evaluate("localStorage.clear()")
    for pk in list(posted)[: len(strings.ELEMENTS) * 3 : 12]:
        page.goto(f"/comments/{pk}/reply/")
        assert page.evaluate("window.hits") == []
        assert page.evaluate(STRANGE, "article.comment") == []


def test_none_runs_as_a_report(open_page, site, seeded, sessions):
    """Each string as the words of a report, twenty to a comment, as a moderator reads them."""
    waiting = site.query(REPORT)
    shown: list[str] = []
    page = open_page(bypass_csp=True, storage_state=sessions["ada"])
    page.add_init_script(WATCH)
    for pk in json.loads(waiting.splitlines()[-1]):
        page.goto(f"/admin/comments/comment/queue/?case={pk}")
        page.evaluate(PROVOKE.replace(".thread *", ".case *"))
        assert page.evaluate("window.hits") == []
        told = page.locator(".case p", has_text="A reader reports:")
        assert page.evaluate(STRANGE, ".case > * > p.quiet[dir=auto]") == []
        shown += told.all_text_contents()
    wanted = [letters(one_line(string[:300])) for string in strings.everything()]
    assert len(shown) == len(wanted)
    found = [letters(words.removeprefix("A reader reports: ")) for words in shown]
    assert all(letter in found for letter in wanted), "all stay readable"


def test_none_runs_on_the_desk(open_page, sessions, posted):
    page = open_page(bypass_csp=True, storage_state=sessions["ada"])
    page.add_init_script(WATCH)
    page.goto("/admin/comments/comment/")
    assert page.evaluate("window.hits") == []
    for pk in list(posted)[: len(strings.ELEMENTS) * 3 : 10]:
        page.goto(f"/admin/comments/comment/{pk}/change/")
        assert page.evaluate("window.hits") == []
        assert page.evaluate(STRANGE, ".words") == []
