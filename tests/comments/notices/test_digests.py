import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from comments import moderation, passages
from comments.anchors import Quote
from comments.models import Address, Comment, Following, Notice
from comments.notices import digests, fanning, following
from site_config import pages
from site_config.jobs.models import Job
from site_config.mail.models import Letter
from tests.comments.making import make_comment
from tests.comments.notices.reading import SOON, confirmed, deliver, link
from tests.factories import make_article
from tests.postbox import part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(frozen):
    """A Saturday."""


def wait(frozen, **time) -> None:
    deliver()
    frozen.shift(timedelta(**time) if time else SOON)
    deliver()


def test_it_works(box, frozen):
    article = make_article(title="On wires")
    confirmed(article)
    make_comment(article, name="Omar", text="A *reply* with <b>tags</b>.")
    deliver()
    assert box.messages == []
    wait(frozen)
    (message,) = box.messages
    assert (message["To"], message["Subject"]) == ("ines@example.org", "Omar on “On wires”")
    text, html = part(message, "plain"), part(message, "html")
    assert "> A *reply* with <b>tags</b>." in text
    assert "<p>A <em>reply</em> with &lt;b&gt;tags&lt;/b&gt;.</p>" in html
    assert f"http://testserver/comments/{Comment.objects.get().pk}/" in text
    assert re.search(r"<img|<style|style=|src=|url\(", html) is None
    wait(frozen, days=2)
    assert len(box.messages) == 1


QUOTING = "First para.\n\n> quoted words\n\n- item\n\nSecond para."


def test_a_quotation_is_not_the_writers_own_words(box, frozen):
    article = make_article()
    confirmed(article)
    make_comment(article, text=QUOTING)
    wait(frozen)
    text, html = part(box.messages[0], "plain"), part(box.messages[0], "html")
    assert "> First para.\n>\n> > quoted words\n>\n> - item\n>\n> Second para." in text
    for words in (
        "<p>First para.</p>",
        "<blockquote>\n<p>quoted words</p>\n</blockquote>",
        "<li>item</li>",
        "<p>Second para.</p>",
    ):
        assert words in html


def test_the_passage_stands_before_the_comment(box, frozen):
    article = make_article(body="<p>Neither claim is <em>silly</em> &amp; neither is free.</p>")
    confirmed(article)
    anchor = passages.take(article, Quote("silly & neither is free"))
    make_comment(article, text="So it is.", anchor=anchor)
    wait(frozen)
    assert "> > silly & neither is free\n>\n> So it is." in part(box.messages[0], "plain")
    html = part(box.messages[0], "html")
    assert "<blockquote><p>silly &amp; neither is free</p></blockquote><p>So it is.</p>" in html


def test_no_mail_grows_with_what_is_written_in_it(box, frozen, settings):
    settings.COMMENT_MODERATION = "open"
    article = make_article()
    confirmed(article)
    for text in ("> " * 1000 + "x", "word " * 790, "\n".join(f"{'>' * 8} {n}" for n in range(250)), "a\n\n" * 290):
        make_comment(article, text=text)
    wait(frozen)
    (message,) = box.messages
    for kind in ("plain", "html"):
        assert len(part(message, kind)) < 30_000


def test_text_lines_fit(box, frozen):
    article = make_article(title="A title that is so long that it does not fit into one line of a mail, by far and wide")
    confirmed(article)
    make_comment(article, text="word " * 200)
    wait(frozen)
    lines = part(box.messages[0], "plain").splitlines()
    assert [line for line in lines if len(line) > 76 and "http" not in line] == []


def test_every_mail_can_be_stopped_by_one_click(box, frozen, client, settings):
    settings.SITE_URL = "https://testserver"
    article, other = make_article(), make_article()
    confirmed(article), confirmed(other)
    make_comment(article)
    wait(frozen)
    (message,) = box.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = message["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://testserver/comments/mail/")
    answer = client.post(url.removeprefix("https://testserver"), {"List-Unsubscribe": "One-Click"}, secure=True)
    assert (answer.status_code, answer.cookies) == (200, {})
    assert list(Following.objects.values_list("article", flat=True)) == [other.pk]
    again = client.post(url.removeprefix("https://testserver"), {"List-Unsubscribe": "One-Click"}, secure=True)
    assert again.status_code == 200
    assert Following.objects.count() == 1


def test_one_click_is_offered_with_https_only(box, frozen):
    article = make_article()
    confirmed(article)
    make_comment(article)
    wait(frozen)
    assert box.messages[0]["List-Unsubscribe"]
    assert box.messages[0]["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("pace", "at"),
    [("hour", "2025-02-15T13:00"), ("day", "2025-02-16T07:00"), ("week", "2025-02-17T07:00")],
)
def test_a_digest_comes_at_its_time_with_all_that_was_said(box, frozen, pace, at):
    one, two = make_article(title="One"), make_article(title="Two")
    confirmed(one, pace=pace), confirmed(two)
    for article in (one, two, one):
        make_comment(article)
    deliver()
    frozen.move_to(f"{at}:00+00:00")
    frozen.shift(timedelta(seconds=-1))
    deliver()
    assert box.messages == []
    frozen.shift(timedelta(seconds=1))
    deliver()
    (message,) = box.messages
    assert message["Subject"] == "3 comments on 2 articles"
    assert part(message, "plain").count("Read and answer it") == 3


def test_replies_to_a_comment_however_deep_and_nothing_beside(box, frozen):
    article = make_article()
    mine, other = make_comment(article), make_comment(article)
    confirmed(article, comment=mine)
    reply = make_comment(article, parent=mine, text="First reply.")
    make_comment(article, parent=reply, text="Reply to the reply.")
    make_comment(article, parent=other, text="Beside.")
    make_comment(article, text="Anew.")
    wait(frozen)
    text = part(box.messages[0], "plain")
    assert "First reply." in text
    assert "Reply to the reply." in text
    assert "Beside." not in text
    assert "Anew." not in text


def test_far_below_the_deepest(box, frozen):
    article = make_article()
    mine = comment = make_comment(article)
    confirmed(article, comment=mine)
    deliver()
    for _ in range(70):
        comment = make_comment(article, parent=comment)
    deliver()
    assert Notice.objects.count() == 70


def test_who_follows_in_two_ways_is_told_once(box, frozen):
    article = make_article()
    mine = make_comment(article)
    confirmed(article, comment=mine), confirmed(article)
    make_comment(article, parent=mine)
    wait(frozen)
    assert len(box.messages) == 1
    assert Notice.objects.count() == 1


def test_nobody_is_told_of_what_they_wrote(box, frozen):
    article = make_article()
    confirmed(article, "Ines@example.org")
    make_comment(article, email="ines@EXAMPLE.org")
    wait(frozen)
    assert box.messages == []


def test_what_is_held_is_told_once_it_is_approved_and_once_only(box, frozen, editor):
    article = make_article()
    confirmed(article)
    comment = make_comment(article, held=True)
    wait(frozen)
    assert box.messages == []
    comment = moderation.approve(comment, by=editor)
    wait(frozen)
    assert len(box.messages) == 1
    moderation.approve(moderation.remove(comment, by=editor), by=editor)
    wait(frozen)
    assert len(box.messages) == 1


@pytest.mark.parametrize("fate", ["removed", "withdrawn", "off", "stopped", "never"])
def test_what_is_gone_when_the_mail_is_written_is_not_in_it(box, frozen, editor, fate):
    article = make_article()
    address = confirmed(article)
    comment = make_comment(article)
    deliver()
    if fate == "removed":
        moderation.remove(comment, by=editor)
    elif fate == "withdrawn":
        publishing.withdraw(article, by=None)
    elif fate == "off":
        data = {**revisions.newest_data(article), "comment_policy": "off"}
        publishing.publish(revisions.save(article, data, by=None).article, by=None)
    elif fate == "stopped":
        following.stop(address)
    else:
        following.never_again(address)
    wait(frozen)
    assert (box.messages, Letter.objects.count()) == ([], 0)


def test_removed_before_its_mail_and_approved_later_it_is_told_then(box, frozen, editor):
    article = make_article()
    confirmed(article)
    comment = moderation.remove(make_comment(article), by=editor)
    wait(frozen)
    assert box.messages == []
    moderation.approve(comment, by=editor)
    wait(frozen)
    assert len(box.messages) == 1


def test_the_words_are_those_that_stand_when_it_is_written(box, frozen):
    article = make_article()
    confirmed(article)
    comment = make_comment(article, text="In haste.")
    deliver()
    with pages.changing("site"):
        Comment.objects.filter(pk=comment.pk).update(source="On reflection.", html="<p>On reflection.</p>")
    wait(frozen)
    assert "On reflection." in part(box.messages[0], "plain")
    assert "On reflection." in part(box.messages[0], "html")


def test_who_has_not_confirmed_is_told_nothing(box, frozen):
    article = make_article()
    following.follow(article, email="ines@example.org", address="192.0.2.7")
    make_comment(article)
    wait(frozen)
    assert [message["Subject"].startswith("Confirm") for message in box.messages] == [True]


@pytest.mark.parametrize("name", ["Ines\r\nBcc: all@example.org", "Ines\u2028Bcc: all@example.org"])
def test_a_name_makes_no_header(box, frozen, name):
    article = make_article(title="A title\nBcc: all@example.org")
    confirmed(article)
    make_comment(article, name=name)
    wait(frozen)
    assert (box.recipients, box.messages[0]["Bcc"]) == (["ines@example.org"], None)


def test_a_letter_and_the_note_that_it_was_told_are_one(box, frozen, monkeypatch):
    article = make_article()
    address = confirmed(article)
    make_comment(article)
    deliver()
    frozen.shift(SOON)

    def fail(*args, **kwargs) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(digests.letters, "post", fail)
        with pytest.raises(ZeroDivisionError):
            digests.write(address.pk, digests.timezone.now())
    assert Notice.objects.get().told_at is None
    deliver()
    assert len(box.messages) == 1


def test_a_long_digest_says_how_many_more_there_are(box, frozen, monkeypatch):
    monkeypatch.setattr(digests, "MOST_TOLD", 2)
    article = make_article()
    confirmed(article, pace="day")
    for _ in range(5):
        make_comment(article)
    wait(frozen, days=1)
    assert "3 more comments came in the same time" in part(box.messages[0], "plain")
    assert not Notice.objects.filter(told_at=None).exists()


def test_many_followers_are_noted_in_batches(box, frozen, monkeypatch):
    monkeypatch.setattr(fanning, "BATCH", 3)
    article = make_article()
    for number in range(7):
        confirmed(article, f"reader{number}@example.org")
    make_comment(article)
    deliver()
    assert Notice.objects.count() == 7
    wait(frozen)
    assert len(box.messages) == 7


def test_a_batch_costs_the_same_whatever_its_size(box):
    counts = []
    for number in (1, 50):
        article = make_article()
        for reader in range(number):
            confirmed(article, f"reader{reader}-{number}@example.org")
        comment = make_comment(article)
        with CaptureQueriesContext(connection) as captured:
            fanning.fan_out.call(comment.pk)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_posting_costs_nothing_without_a_mail_server_and_one_look_with_one(settings, box):
    article = make_article()
    make_comment(article)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            make_comment(article)
        return len(captured)

    with_mail = cost()
    assert not Job.objects.filter(task__startswith="comments.").exists()
    settings.EMAIL_HOST = ""
    assert cost() == with_mail - 1


def test_the_manage_page(box, frozen, client):
    one, two = make_article(title="First one"), make_article(title="Second one")
    address = confirmed(one)
    confirmed(two)
    make_comment(one)
    wait(frozen)
    path = link(box.messages[0], "mail")
    page = client.get(path).content.decode()
    assert "i…@example.org" in page
    assert "ines@example.org" not in page
    assert client.post(path, {"do": "pace", "pace": "week"}).status_code == 200
    assert Address.objects.get().pace == "week"
    assert client.post(path, {"do": "pace", "pace": "never"}).status_code == 400
    assert client.post(path, {"do": "nonsense"}).status_code == 200
    assert client.post(path, {"do": "all"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert address.followings.count() == 2
    client.post(path, {"do": "these"})
    assert list(address.followings.values_list("article", flat=True)) == [two.pk]
    client.post(path, {"do": f"one-{address.followings.get().pk}"})
    assert not Address.objects.exists()
    assert "No mail comes to you from here" in client.get(path).content.decode()


def test_another_pace_is_for_what_waits_too(box, frozen):
    article = make_article()
    address = confirmed(article, pace="week")
    make_comment(article)
    deliver()
    following.set_pace(address, pace="each")
    wait(frozen)
    assert len(box.messages) == 1
