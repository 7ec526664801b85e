"""Following by mail and deciding from it, in a browser, with a real mail server and the site's own job runner."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request

import pytest

from tests.e2e.journeys import PASSWORD, comment_with, unique, write_comment
from tests.postbox import part, postbox
from tests.server import Site, run_site, stop

SOW = f"""
from articles.models import Article
from comments.models import Rounds
from tests import factories
mo = factories.make_user(username="mo", display_name="Mo Reads", email="mo@example.org", password="{PASSWORD}",
    permissions=("comments.moderate_comment",))
Rounds.objects.create(user=mo, pace="each")
factories.make_article(title="On wires", slug="on-wires")
"""
NOW = """
from datetime import timedelta
from django.utils import timezone
from comments.models import Address, Comment, Rounds
from comments.notices import digests, rounds
from site_config.jobs.runner import run_due
Address.objects.exclude(due_at=None).update(due_at=timezone.now())
digests.wake_if_due()
rounds.SETTLED = timedelta(0)
rounds.tell_moderators()
"""
PLAIN = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


@pytest.fixture(scope="module")
def box():
    with postbox() as server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory, box) -> Site:
    """A site of its own: most journeys are on one without a mail server."""
    settings = {"MASTHEAD_COMMENT_RATE": "1000/m", "MASTHEAD_COMMENT_MIN_SECONDS": "0", "EMAIL_USE_TLS": "false"}
    folder = tmp_path_factory.mktemp("mail") / "data"
    running = run_site(folder, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(box.port), **settings)
    running.query(SOW)
    yield running
    stop(running)


def mail_to(box, address: str, count: int = 1):
    """The newest mail to somebody, once there are so many."""
    for number in range(1, 50):
        found = [message for message in box.wait_for(number) if message["To"] == address]
        if len(found) >= count:
            return found[-1]
    raise AssertionError("too many mails")


def link(message, kind: str) -> str:
    return re.search(rf"http\S+/comments/{kind}/\S+", part(message, "plain"))[0]


@PLAIN
def test_following_from_the_form_to_the_end(open_page, site, box, script):
    reader, other = f"ines-{script}@example.org", open_page(java_script_enabled=script)
    page = open_page(java_script_enabled=script)
    page.goto("/on-wires/")
    text = unique("I should like to know what others say.")
    form = page.locator("form[data-talk]")
    form.get_by_label("E-mail").fill(reader)
    form.get_by_label("Tell me by mail of replies to this").check()
    write_comment(page, text=text)
    comment_with(page, text).wait_for()
    page.goto(link(mail_to(box, reader), "follow"))
    page.get_by_role("button", name="Yes, write to me").click()
    page.get_by_role("heading", name="You follow it now").wait_for()

    other.goto("/on-wires/")
    comment_with(other, text).get_by_role("link", name="Reply").click()
    answer = unique("Here is what I say.")
    write_comment(other, name="Omar", text=answer, button="Post reply")
    comment_with(other, answer).wait_for()
    site.query(NOW)
    message = mail_to(box, reader, 2)
    assert message["Subject"] == "Omar on “On wires”"
    assert answer in part(message, "html")
    page.goto(re.search(r"Read and answer it: (\S+)", part(message, "plain"))[1])
    comment_with(page, answer).wait_for()

    page.goto(link(message, "mail"))
    page.get_by_label("Once a day, in the morning").check()
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("Kept: once a day, in the morning.").wait_for()
    page.get_by_role("button", name=re.compile("^Stop.*On wires")).click()
    page.get_by_role("heading", name="No mail comes to you from here").wait_for()
    assert page.context.cookies() == []


@PLAIN
def test_following_without_a_word_and_one_click(open_page, site, box, script):
    reader = f"quiet-{script}@example.org"
    page = open_page(java_script_enabled=script)
    page.goto("/on-wires/")
    page.get_by_role("link", name="Follow this conversation by mail").click()
    page.get_by_role("button", name="Ask me to confirm").click()
    page.get_by_role("alert").get_by_text("Write the e-mail address").wait_for()
    page.get_by_label("E-mail").fill(reader)
    page.get_by_role("button", name="Ask me to confirm").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(link(mail_to(box, reader), "follow"))
    page.get_by_role("button", name="Yes, write to me").click()
    page.get_by_role("heading", name="You follow it now").wait_for()
    page.goto("/on-wires/")
    write_comment(page, name="Olu", text=unique("Something new."))
    page.locator("article.comment:target").wait_for()
    site.query(NOW)
    stop_here = mail_to(box, reader, 2)["List-Unsubscribe"].strip("<>")
    data = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(stop_here, data) as answer:
        assert (answer.status, answer.url) == (200, stop_here)
    page.goto(stop_here)
    page.get_by_role("heading", name="No mail comes to you from here").wait_for()


@PLAIN
def test_a_moderator_decides_by_the_link(open_page, site, box, script):
    page = open_page(java_script_enabled=script)
    page.goto("/on-wires/")
    text = unique("See https://example.org/ for more.")
    write_comment(page, name="Olu" if script else "Noor", text=text)  # whom nobody has approved yet
    page.locator("article.comment.held:target").wait_for()
    site.query(NOW)
    moderator = open_page(java_script_enabled=script)
    message = mail_to(box, "mo@example.org", 1 if script else 2)
    assert "First comment with a link" in part(message, "plain")
    moderator.goto(link(message, "decide"))
    moderator.get_by_text(text.split(" for")[0].split(" https")[0]).first.wait_for()
    moderator.get_by_role("button", name="Approve").click()
    moderator.get_by_text("Approved: readers see it.").wait_for()
    moderator.get_by_role("link", name="See it at its place").click()
    comment_with(moderator, text).wait_for()
    moderator.goto(link(message, "decide"))
    moderator.get_by_role("heading", name="You have decided this already").wait_for()
    moderator.get_by_text("Mo Reads").wait_for()
    assert moderator.context.cookies() == []


@pytest.mark.parametrize("width", [1280, 360])
def test_axe(open_page, site, box, axe, width):
    page = open_page(viewport={"width": width, "height": 900})
    number = site.query("from articles.models import Article; print(Article.objects.get(slug='on-wires').pk)")
    page.goto(f"/comments/on/{number}/follow/")
    axe(page)
    page.get_by_role("button", name="Ask me to confirm").click()
    axe(page)
    reader = f"axe-{width}@example.org"
    page.get_by_label("E-mail").fill(reader)
    page.get_by_role("button", name="Ask me to confirm").click()
    axe(page)
    message = mail_to(box, reader)
    page.goto(link(message, "follow"))
    axe(page)
    page.get_by_role("button", name="Yes, write to me").click()
    axe(page)
    page.goto(link(message, "mail"))
    axe(page)
    page.get_by_role("button", name="Never write to this address again").click()
    axe(page)
    for broken in ("follow", "mail", "decide"):
        page.goto(f"/comments/{broken}/x/")
        axe(page)


def test_a_stuck_mail_server_keeps_nobody_waiting(open_page, site, box):
    """It took the call and says nothing: the site posts, follows and decides while the connection hangs."""
    box.connected.clear()
    box.on["connect"] = lambda: "silence"
    page = open_page()
    page.goto("/on-wires/")
    form = page.locator("form[data-talk]")
    form.get_by_label("E-mail").fill("stuck@example.org")
    form.get_by_label("Tell me by mail of everything said here").check()
    text = unique("While the post is stuck.")
    write_comment(page, text=text)
    comment_with(page, text).wait_for()
    assert box.connected.wait(30)
    again = unique("And once more.")
    write_comment(page, text=again)
    comment_with(page, again).wait_for()
    del box.on["connect"]
