"""The queue as plain forms, and the answers that its script reads."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import bulk, moderation, reporting, tokens
from comments.models import Comment, Decision
from comments.queue import feed, piles
from comments.queue.cases import seen
from site_config import pages
from tests.comments.making import make_comment, one_comment, some_address, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/comment/queue/"
JSON = {"accept": "application/json"}


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


@pytest.fixture
def mo(client, db):
    """A client signed in as Mo, who may moderate and nothing else."""
    client.force_login(make_user(username="mo", display_name="Mo", permissions=("comments.moderate_comment",)))
    return client


def press(client, comment, do: str, *, json: bool = False, **fields):
    """Presses a button of the case as the page shows it now; `seen` for one that shows it as it was."""
    fields.setdefault("seen", seen(Comment.objects.get(pk=comment.pk)))
    data = {"comment": comment.pk, "do": do, **fields}
    return client.post(f"{QUEUE}decide/", data, headers=JSON if json else None)


def undo(client, decision, *, json: bool = False, **fields):
    return client.post(f"{QUEUE}undo/", {"undo": decision.pk, **fields}, headers=JSON if json else None)


def cases_in(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'data-case="(\d+)"', page)]


def case_in(page: str, pk: int) -> str:
    return re.search(rf'<article class="case[^"]*" id="c-{pk}".*?</article>', page, re.S)[0]


def test_a_case_shows_all_that_one_must_know(mo, ada):
    article = make_article(title="On openness")
    parent = make_comment(article, name="Ines", text="What it answers.")
    moderation.approve(make_comment(article, name="Jonas", address="192.0.2.9", held=True), by=ada)
    held = make_comment(
        article, parent=parent, name="Jonas", text="See https://example.org/ *now*", address="192.0.2.9",
        email="j@example.org", held=True,
    )  # fmt: skip
    Comment.objects.filter(pk=held.pk).update(reasons=[{"code": "x", "text": "Written in 2 seconds", "weight": 1.25}])
    page = text_of(mo.get(QUEUE))
    case = case_in(page, held.pk)
    for words in ("Written in 2 seconds", "In reply to Ines:", "What it answers.", "<em>now</em>", "On openness", "j@example.org",
                  "<b>1</b> approved", "1 more by this writer", "+1.2", 'aria-keyshortcuts="a"', 'aria-keyshortcuts="e"',
                  "Approve and reply"):  # fmt: skip
        assert words in case
    assert "192.0.2.9" not in page
    assert 'data-count="held">1<' in page
    assert "Longest wait less than a minute" in page


def test_the_passage_that_it_is_about_is_shown(mo):
    comment = make_comment(make_article(), held=True)
    with pages.changing(f"article:{comment.article_id}"):
        Comment.objects.update(anchor={"exact": "these very words", "prefix": "", "suffix": ""})
    assert "these very words" in case_in(text_of(mo.get(QUEUE)), comment.pk)


@pytest.mark.parametrize("pile", ["held", "reported", "recent", "decided"])
def test_an_empty_pile_says_what_will_be_there(mo, pile):
    answer = mo.get(f"{QUEUE}?pile={pile}")
    assert answer.status_code == 200
    assert 'class="pile-empty"' in text_of(answer)


def test_a_pile_that_does_not_exist(mo):
    assert mo.get(f"{QUEUE}?pile=best").status_code == 404
    assert mo.get(f"{QUEUE}?after=x&case=²").status_code == 200


@pytest.mark.parametrize("pile", ["held", "recent", "decided"])
def test_a_full_page_costs_as_many_queries_as_one_case(mo, ada, pile):
    article = make_article()
    parent = make_comment(article)

    def some(count: int) -> None:
        for number in range(count):
            made = make_comment(article, parent=parent, held=pile != "recent", email=f"{number}@example.org")
            if pile == "decided":
                moderation.approve(made, by=ada)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert mo.get(f"{QUEUE}?pile={pile}").status_code == 200
        return len(captured)

    some(1)
    count()
    one = count()
    some(30)
    assert count() == one
    assert one <= 24


def test_pages_by_cursor(mo, monkeypatch):
    monkeypatch.setattr(piles, "SIZE", 2)
    numbers = [make_comment(make_article(), held=True).pk for _ in range(3)]
    first = text_of(mo.get(QUEUE))
    assert cases_in(first) == numbers[:2]
    following = re.search(r'href="([^"]+)" rel="next"', first)[1]
    assert cases_in(text_of(mo.get(unescape(following)))) == numbers[2:]


@pytest.mark.parametrize(
    ("do", "state", "said"),
    [("approve", "visible", "Approved"), ("reject", "rejected", "Rejected"), ("remove", "removed", "Removed"),
     ("pick", "visible", "Picked")],
)  # fmt: skip
def test_deciding_leads_back_to_the_same_pile_and_place(mo, do, state, said):
    one, two = (make_comment(make_article(), name=name, held=True) for name in ("Ines", "Jonas"))
    answer = press(mo, one, do, pile="held", after="0", next=two.pk, reason=" Why ", note=" For you. ")
    decision = Decision.objects.first()
    assert answer.headers["Location"] == f"{QUEUE}?pile=held&after=0&done={decision.pk}#c-{two.pk}"
    assert Comment.objects.get(pk=one.pk).state == state
    approving = Decision.objects.last()
    assert (approving.reason, approving.note) == ("Why", "For you.")
    page = text_of(mo.get(answer.headers["Location"]))
    assert f"{said} the comment by Ines. Can be undone until tomorrow" in page
    assert cases_in(page) == [two.pk]


def test_what_the_script_reads(mo):
    one = make_comment(make_article(), name="Ines", held=True)
    make_comment(make_article(), held=True)
    told = press(mo, one, "approve", json=True).json()
    decision = Decision.objects.get()
    assert (told["said"], told["decision"], told["comment"]) == ("Approved the comment by Ines.", decision.pk, one.pk)
    assert told["counts"] == {"held": "1", "reported": "0", "recent": "1", "decided": "1"}
    assert told["until"].startswith("Can be undone until tomorrow, ")
    undone = undo(mo, decision, json=True).json()
    assert undone["said"] == "Undone: the comment by Ines is held again."
    assert undone["seen"] == "held "


def test_the_second_moderator_is_told_and_changes_nothing(mo, ada):
    comment = make_comment(make_article(), name="Ines", held=True)
    moderation.approve(Comment.objects.get(), by=ada)
    told = press(mo, comment, "reject", json=True, seen="held ")
    assert (told.status_code, told.json()["decided"]) == (409, True)
    assert told.json()["error"] == "Ada approved the comment by Ines a moment ago. Nothing was changed."
    page = press(mo, comment, "reject", seen="held ")
    assert page.status_code == 409
    assert "Ada approved the comment by Ines a moment ago. Nothing was changed." in text_of(page)
    assert Decision.objects.count() == 1


def test_a_reply_that_is_refused_comes_back_with_its_words(mo):
    comment = make_comment(make_article(), held=True)
    answer = press(mo, comment, "reply", text="x" * 5001, reason="Why", note="For you.", pile="held", after="0")
    case = case_in(text_of(answer), comment.pk)
    assert answer.status_code == 400
    assert 'class="trouble" role="alert"' in case
    assert "x" * 5001 in case
    assert 'value="Why"' in case
    assert "For you." in case
    assert press(mo, comment, "reply", text="", json=True).json()["decided"] is False
    assert Comment.objects.get().state == "held"


def test_a_reply_to_what_was_removed_meanwhile_can_be_copied(mo, ada):
    comment = make_comment(make_article(), held=True)
    moderation.reject(Comment.objects.get(), by=ada)
    answer = press(mo, comment, "reply", text="What I wanted to say.", seen="held ")
    assert answer.status_code == 409
    assert "What I wanted to say." in text_of(answer)


def test_a_reply_approves_what_waits_and_can_be_undone(mo):
    comment = make_comment(make_article(), name="Ines", held=True)
    told = press(mo, comment, "reply", text="Thank you.", json=True).json()
    assert told["said"] == "Approved the comment by Ines. Your reply is published."
    assert Comment.objects.get(parent=comment).user.username == "mo"
    assert Decision.objects.get().pk == told["decision"]
    assert "decision" not in press(mo, comment, "reply", text="And this.", json=True).json()


@pytest.mark.parametrize("do", ["", "publish", "__class__", "undo_all"])
def test_a_verb_that_is_none(mo, do):
    comment = make_comment(make_article(), held=True)
    assert press(mo, comment, do, json=True).status_code == 409
    assert Comment.objects.get().state == "held"


@pytest.mark.parametrize("number", ["", "0", "999", "x", "9" * 40])
def test_a_comment_that_is_none(mo, number):
    answer = mo.post(f"{QUEUE}decide/", {"comment": number, "do": "approve", "seen": "held "}, headers=JSON)
    assert answer.status_code == 409
    assert "not there any more" in answer.json()["error"]


def test_undoing_by_form_leads_back_and_says_so(mo):
    comment = make_comment(make_article(), name="Ines", held=True)
    press(mo, comment, "reject")
    page = undo(mo, Decision.objects.get(), pile="decided")
    assert page.headers["Location"] == f"{QUEUE}?pile=decided#c-{comment.pk}"
    assert "Undone: the comment by Ines is held again." in text_of(mo.get(page.headers["Location"]))


def test_undoing_an_act_on_several_undoes_all_or_one(mo, ada):
    done = bulk.decide_all([make_comment(make_article(), held=True) for _ in range(3)], "reject", by=ada)
    one = Decision.objects.last()
    undo(mo, one, alone="1")
    assert Comment.objects.filter(state="held").count() == 1
    told = undo(mo, Decision.objects.filter(batch=done.batch, undone_at=None).first(), json=True).json()
    assert told["said"] == "Undone for 2 comments."
    assert Comment.objects.filter(state="held").count() == 3


def test_undoing_twice_says_who_was_first(mo, ada):
    decision = moderation.reject(make_comment(make_article(), held=True), by=ada).decision
    moderation.undo(decision, by=ada)
    answer = undo(mo, decision, json=True)
    assert (answer.status_code, answer.json()["error"]) == (409, "Ada undid this a moment ago. Nothing was changed.")
    assert "Ada undid this a moment ago." in text_of(undo(mo, decision))


def test_what_was_decided_today_can_be_undone_there(mo, ada):
    moderation.remove(make_comment(make_article(), name="Ines"), by=ada, reason="Rude", tell="Please stay kind.")
    page = text_of(mo.get(f"{QUEUE}?pile=decided"))
    for words in ("Ada removed the comment by Ines", "Reason: Rude", "Note to the writer: Please stay kind.", ">Undo this<"):
        assert words in page


def test_reported_ones_are_kept_or_removed(mo):
    comment = make_comment(make_article(), name="Ines")
    reporting.report(comment, reason="attack", words="He insults me.", address=some_address())
    page = text_of(mo.get(f"{QUEUE}?pile=reported"))
    case = case_in(page, comment.pk)
    for words in ("Reported, attacks a person: 1", "A reader reports: He insults me.", ">Keep<"):
        assert words in case
    assert press(mo, comment, "approve", json=True).json()["said"] == "Kept the comment by Ines."
    assert cases_in(text_of(mo.get(f"{QUEUE}?pile=reported"))) == []


def test_one_case_alone_whatever_its_state(mo, ada):
    comment = make_comment(make_article(), name="Ines")
    moderation.remove(comment, by=ada)
    page = text_of(mo.get(f"{QUEUE}?case={comment.pk}"))
    assert cases_in(page) == [comment.pk]
    assert "Ada removed it" in page
    assert "not there any more" in text_of(mo.get(f"{QUEUE}?case=999"))


def test_the_feed_has_an_address_of_ones_own(mo):
    assert "Make an address" in text_of(mo.get(QUEUE))
    answer = mo.post(f"{QUEUE}feed/", follow=True)
    user = answer.wsgi_request.user
    assert feed.address_for(user) in text_of(answer)
    assert "revoke" in text_of(answer)


def test_the_statistics_are_a_table_with_lines_in_words(mo, ada):
    moderation.approve(make_comment(make_article(), held=True), by=ada)
    page = text_of(mo.get("/admin/comments/comment/statistics/"))
    for words in (
        "Waited, median",
        "Reversed later",
        "Ada",
        'role="img" aria-label="Decisions: from 0 to 1 over 12 weeks"',
        "<polyline",
    ):
        assert words in page


@pytest.mark.parametrize("path", ["queue/", "queue/several/?like=1&by=writer", "statistics/"])
@pytest.mark.parametrize("permissions", [(), ("articles.add_article", "comments.view_comment")])
def test_who_may_not_moderate_sees_nothing(client, path, permissions):
    client.force_login(make_user(permissions=permissions))
    make_comment(make_article(), held=True)
    assert client.get(f"/admin/comments/comment/{path}").status_code == 403


@pytest.mark.parametrize("act", ["decide/", "undo/", "several/", "feed/"])
def test_a_crafted_post_of_an_author_changes_nothing(client, ada, act):
    client.force_login(make_user(permissions=("articles.add_article", "articles.change_article")))
    comment = make_comment(make_article(), held=True)
    decision = moderation.reject(make_comment(make_article(), held=True), by=ada).decision
    data = {"comment": comment.pk, "do": "approve", "seen": "held ", "undo": decision.pk, "like": comment.pk, "by": "writer",
            "take": f"{comment.pk} held "}  # fmt: skip
    assert client.post(f"{QUEUE}{act}", data, headers=JSON).status_code == 403
    assert (Comment.objects.get(pk=comment.pk).state, Decision.objects.count()) == ("held", 1)


def test_the_writer_of_what_was_turned_down_reads_the_note(mo, client):
    comment = make_comment(make_article(), name="Ines", text="What I said.", held=True)
    press(mo, comment, "reject", note="Please leave the <link> out.")
    mo.logout()
    home = comment.article.get_absolute_url()
    shown = one_comment(text_of(client.get(f"{home}?c={tokens.own_token(comment.pk)}")), comment.pk)
    for words in ("A moderator decided not to show this.", "Please leave the &lt;link&gt; out.", "What I said."):
        assert words in shown
    assert "What I said." not in text_of(client.get(home))
