"""A moderator at the queue: by keyboard alone, without script, beside another moderator, with a server that fails."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.journeys import ARTICLE, comment_with, meddle, press, unique, wait_for_held, wait_until, width_of, write_comment

QUEUE = "/admin/comments/comment/queue/"
DECIDE = "/queue/decide/"
SOW = """
from articles.models import Article
from comments import bulk, posting
from comments.models import Comment
from django.contrib.auth import get_user_model
from tests import factories
import json
ada = get_user_model().objects.get(username="ada")
bulk.decide_all(Comment.objects.waiting(), "reject", by=ada)
article = Article.objects.filter(slug="held-up").first() or factories.make_article(slug="held-up", title="Held up")
print(json.dumps([posting.post_comment(article, name=f"STEM {n}", text=f"STEM thought {n}.", address=f"10.9.{n}.{n}",
                                       honeypot=True).comment.pk for n in range(COUNT)]))
"""


@pytest.fixture
def held(site, seeded):
    """A maker of held comments, which are then all that wait; gives their numbers."""

    def make(count: int) -> list[int]:
        stem = unique("Waiting").replace("(no. ", "").replace(")", "")
        return json.loads(site.query(SOW.replace("COUNT", str(count)).replace("STEM", stem)).splitlines()[-1])

    return make


def states(site, numbers: list[int]) -> list[str]:
    found = site.query(
        "import json; from comments.models import Comment\n"
        f"print(json.dumps([Comment.objects.values_list('state', flat=True).get(pk=pk) for pk in {numbers}]))"
    )
    return json.loads(found.splitlines()[-1])


def loads_of(page) -> list[str]:
    """The documents that the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.is_navigation_request() else None)
    return found


def current(page):
    return page.locator(".case.current")


def line_with(page, words):
    return page.locator(".done-line").filter(has_text=words)


def test_a_hundred_are_cleared_by_keyboard_alone_and_one_is_taken_back(open_page, site, sessions, held):
    numbers = held(100)
    page = open_page(storage_state=sessions["mo"])
    loads = loads_of(page)
    page.goto(QUEUE)
    for number in range(100):
        expect(current(page)).to_have_attribute("data-case", str(numbers[number]))
        expect(current(page)).to_be_focused()
        page.keyboard.press("arx"[number % 3])
    expect(page.locator(".done-line button:visible")).to_have_count(100, timeout=60_000)
    expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"^Held \("))).to_have_text("Held (0)")
    page.keyboard.press("u")
    expect(current(page)).to_have_attribute("data-case", str(numbers[99]))
    expect(page.locator("[data-undo]")).to_contain_text("is held again.")
    assert len(loads) == 1
    wanted = [("visible", "rejected", "removed")[number % 3] for number in range(99)]
    assert states(site, numbers) == [*wanted, "held"]


def test_walking_and_replying_by_keyboard(open_page, site, sessions, held):
    numbers = held(3)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    for key, place in (("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(current(page)).to_have_attribute("data-case", str(numbers[place]))
    page.keyboard.press("Control+a")
    page.keyboard.press("e")
    reply = current(page).get_by_label("Reply as Mo Reads")
    expect(reply).to_be_focused()
    page.keyboard.type("arxpju")
    page.keyboard.press("Escape")
    expect(current(page)).to_be_focused()
    page.keyboard.press("e")
    expect(reply).to_have_value("arxpju")
    page.keyboard.press("Control+Enter")
    expect(line_with(page, "Your reply is published.")).to_have_count(1)
    expect(current(page)).to_have_attribute("data-case", str(numbers[1]))
    page.keyboard.press("n")
    expect(current(page).get_by_label("Reason, for the log")).to_be_focused()
    page.keyboard.type("Advertising")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(line_with(page, "Rejected the comment")).to_have_count(1)
    page.keyboard.press("p")
    expect(line_with(page, "Picked the comment")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.get_by_role("button", name="Switch these keys off").click()
    page.keyboard.press("Escape")
    assert states(site, numbers) == ["visible", "rejected", "visible"]
    reason = site.query(
        f"from comments.models import Decision; print(Decision.objects.filter(comment={numbers[1]}).first().reason)"
    )
    assert reason.splitlines()[-1] == "Advertising"


def test_keys_that_are_switched_off_do_nothing(open_page, site, sessions, held):
    numbers = held(1)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch these keys off").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    expect(current(page)).to_have_attribute("data-case", str(numbers[0]))
    page.reload()
    page.keyboard.press("x")
    press(page, current(page).get_by_role("button", name="Approve"))
    expect(line_with(page, "Approved the comment")).to_have_count(1)
    assert states(site, numbers) == ["visible"]


@pytest.mark.parametrize("fault", ["no answer", "an error", "signed out"])
def test_a_server_that_fails_brings_the_case_back_with_a_sentence(open_page, site, sessions, held, fault):
    numbers = held(2)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    fail = {
        "no answer": lambda route: route.abort("connectionreset"),
        "an error": lambda route: route.fulfill(status=502, body="Bad gateway"),
        "signed out": lambda route: route.fulfill(status=403, content_type="text/html", body="<p>No.</p>"),
    }[fault]
    page.route(f"**{DECIDE}", fail)
    current(page).get_by_text("Reason and note").click()
    current(page).get_by_label("Note to the writer").fill("Kept, whatever happens.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    sentence = "You may have been signed out" if fault == "signed out" else "The site did not answer"
    first = page.locator(f"#c-{numbers[0]}")
    expect(first.get_by_role("alert")).to_contain_text(sentence)
    expect(first).to_be_focused()
    expect(first.get_by_label("Note to the writer")).to_have_value("Kept, whatever happens.")
    expect(page.locator(".done-line")).to_have_count(0)
    assert states(site, numbers) == ["held", "held"]
    page.unroute(f"**{DECIDE}")
    page.keyboard.press("r")
    expect(line_with(page, "Rejected the comment")).to_have_count(1)
    assert states(site, numbers) == ["rejected", "held"]


def test_a_slow_server_keeps_nobody_from_the_next_case(open_page, site, sessions, held):
    numbers = held(3)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    meddle(page, "hold the request", DECIDE, 2)
    page.keyboard.press("a")
    page.keyboard.press("r")
    expect(current(page)).to_have_attribute("data-case", str(numbers[2]))
    expect(page.locator(".done-line")).to_have_count(2)
    expect(page.locator(".done-line button:visible")).to_have_count(0)
    wait_for_held(page, 2)
    page.evaluate("held.forEach((let_go) => let_go())")
    expect(page.locator(".done-line button:visible")).to_have_count(2)
    expect(current(page)).to_have_attribute("data-case", str(numbers[2]))
    assert states(site, numbers) == ["visible", "rejected", "held"]


def test_answers_that_overtake_each_other_change_neither_the_order_nor_the_count(open_page, site, sessions, held):
    numbers = held(3)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    meddle(page, "hold the answer", DECIDE, 2)
    for key in "ar":
        page.keyboard.press(key)
    expect(page.locator(".done-line")).to_have_count(2)
    wait_for_held(page, 2)
    expect(line_with(page, "…")).to_have_count(2)
    for place, words in ((1, "Rejected the comment"), (0, "Approved the comment")):
        page.evaluate(f"held[{place}]()")
        expect(line_with(page, words)).to_have_count(1)
    expect(page.locator("[data-undo]")).to_contain_text("Rejected the comment")
    expect(page.get_by_role("link", name=re.compile(r"^Held \("))).to_have_text("Held (1)")
    for number in (numbers[1], numbers[0]):
        page.keyboard.press("u")
        expect(current(page)).to_have_attribute("data-case", str(number))
    assert states(site, numbers) == ["held"] * 3


AT_ONCE = """({ at, key, count }) => new Promise((done) => {
  let left = count;
  const step = () => {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    left -= 1;
    if (left) setTimeout(() => whenReady(step), 40);
    else done();
  };
  const whenReady = (act) => (document.querySelector(".case.current") ? act() : setTimeout(() => whenReady(act), 5));
  setTimeout(step, at - Date.now());
})"""


DECIDED = "[...document.querySelectorAll('.done-line p')].filter((line) => !line.textContent.endsWith('…')).length === 25"


@pytest.mark.parametrize("round_", range(4))
def test_two_moderators_let_go_together_never_decide_the_same_twice(open_page, site, sessions, held, round_):
    """A hundred pairs in two browsers, a page of the pile at a time: of each, one decides, and the other reads who did."""
    numbers = held(25)
    pages = [open_page(storage_state=sessions[name]) for name in ("ada", "mo")]
    for page in pages:
        page.goto(QUEUE)
        expect(current(page)).to_have_attribute("data-case", str(numbers[0]))
    at = pages[0].evaluate("() => Date.now()") + 1000
    for page, key in zip(pages, "ar", strict=True):
        page.evaluate(f"(asked) => {{ window.acted = ({AT_ONCE})(asked); }}", {"at": at, "key": key, "count": 25})
    for page in pages:
        wait_until(page, DECIDED)
    mine, theirs = ([line.text_content() for line in page.locator(".done-line p").all()] for page in pages)
    for ada, mo in zip(mine, theirs, strict=True):
        approved = ada.startswith("Approved the comment by")
        assert approved != mo.startswith("Rejected the comment by"), (ada, mo)
        assert (mo if approved else ada).startswith("Ada Desk approved" if approved else "Mo Reads rejected")
    decided = site.query(f"from comments.models import Decision; print(Decision.objects.filter(comment__in={numbers}).count())")
    assert decided.splitlines()[-1] == "25"
    assert states(site, numbers) == ["visible" if line.startswith("Approved") else "rejected" for line in mine]


def test_without_script_by_plain_forms(open_page, site, sessions, held):
    numbers = held(3)
    page = open_page(storage_state=sessions["mo"], java_script_enabled=False)
    page.goto(QUEUE)
    second = page.locator(f"#c-{numbers[1]}")
    second.get_by_text("Reason and note").click()
    second.get_by_label("Reason, for the log").fill("Off topic")
    second.get_by_role("button", name="Reject").click()
    assert page.url.endswith(f"#c-{numbers[2]}")
    expect(page.get_by_role("status")).to_contain_text("Rejected the comment by")
    expect(page.locator(".case")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("is held again.")
    expect(page.locator(".case")).to_have_count(3)
    first = page.locator(f"#c-{numbers[0]}")
    first.get_by_text("Reply", exact=False).locator("visible=true").first.click()
    first.get_by_label("Reply as Mo Reads").fill("x" * 5001)
    first.get_by_role("button", name="Approve and reply").click()
    expect(first.get_by_role("alert")).to_be_visible()
    expect(first.get_by_label("Reply as Mo Reads")).to_have_value("x" * 5001)
    assert states(site, numbers) == ["held"] * 3


def test_several_at_once_and_back(open_page, site, sessions, held):
    numbers = held(2)
    text = unique("From one place")
    site.query(
        "from articles.models import Article; from comments import posting\n"
        "article = Article.objects.get(slug='the-power-struggle-in-ai')\n"
        f"[posting.post_comment(article, name='Flood', text='{text} ' + str(n), address='10.77.0.1', honeypot=True) for n in range(4)]"
    )
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    for _ in numbers:
        page.keyboard.press("j")
    current(page).get_by_role("link", name="3 more by this writer").click()
    expect(page.get_by_role("checkbox")).to_have_count(4)
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="Reject those that wait").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected 3 comments.")
    expect(page.locator(".case")).to_have_count(3)
    page.keyboard.press("u")
    expect(page.locator(".messagelist")).to_contain_text("Undone for 3 comments.")
    expect(page.locator(".case")).to_have_count(6)


def test_a_reader_reports_without_script_and_a_moderator_keeps_it(open_page, plain_reader, sessions):
    text = unique("Some would not like this.")
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, name="Nia", text=text)
    plain_reader.goto(ARTICLE)
    comment_with(plain_reader, text).get_by_role("link", name="Report the comment by Nia").click()
    plain_reader.get_by_role("button", name="Send the report").click()
    expect(plain_reader.get_by_role("alert")).to_contain_text("Choose what is wrong with the comment.")
    plain_reader.get_by_label("Off topic").check()
    plain_reader.get_by_role("button", name="Send the report").click()
    expect(plain_reader.get_by_role("heading", name="Thank you for the report")).to_be_visible()
    page = open_page(storage_state=sessions["mo"])
    page.goto(f"{QUEUE}?pile=reported")
    case = page.locator(".case").filter(has_text=text)
    expect(case).to_contain_text("Reported, off topic: 1")
    case.get_by_role("button", name="Keep").click()
    expect(line_with(page, "Kept the comment by Nia.")).to_have_count(1)
    plain_reader.goto(ARTICLE)
    expect(comment_with(plain_reader, text)).to_have_count(1)


def test_the_writer_reads_why(open_page, plain_reader, sessions):
    text = unique("See https://example.org/why")
    plain_reader.goto(ARTICLE)
    write_comment(plain_reader, name="Olu", text=text)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    case = page.locator(".case").filter(has_text=text)
    case.get_by_text("Reason and note").click()
    case.get_by_label("Begin the note to Olu with").select_option(index=3)
    note = case.get_by_label("Note to the writer")
    expect(note).to_have_value(re.compile("links that sell"))
    note.fill("A link alone says little. Tell us what it shows.")
    case.get_by_role("button", name="Reject").click()
    expect(line_with(page, "Rejected the comment by Olu.")).to_have_count(1)
    plain_reader.reload()
    mine = comment_with(plain_reader, text)
    expect(mine.get_by_role("status")).to_contain_text("A moderator decided not to show this.")
    expect(mine.get_by_role("status")).to_contain_text("A link alone says little.")


def test_the_feed_is_read_at_its_private_address(open_page, site, sessions, held):
    held(2)
    page = open_page(storage_state=sessions["mo"])
    page.goto(QUEUE)
    page.locator("#feed").get_by_role("button").click()
    address = page.get_by_label("Address of your feed").input_value()
    reader = open_page()
    assert reader.context.request.get(address).text().count("<entry>") == 2
    page.locator("#feed").get_by_role("button").click()
    assert reader.context.request.get(address).status == 404


@pytest.mark.parametrize("path", ["", "?pile=decided", "several/", "../statistics/", "report"])
def test_nothing_is_wider_than_a_small_screen(open_page, sessions, held, path):
    numbers = held(2)
    page = open_page(storage_state=sessions["mo"], viewport={"width": 360, "height": 800}, color_scheme="dark")
    if path == "report":
        page.goto(ARTICLE)
        page.locator("article.comment").get_by_role("link", name="Report").first.click()
    else:
        page.goto(f"{QUEUE}{path}" + (f"?like={numbers[0]}&by=writer" if path == "several/" else ""))
    assert width_of(page) == 360
