import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import bulk, moderation, reporting
from comments.models import Comment, Decision
from tests.comments.making import make_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
LINK = "See https://example.org/notes"


@pytest.fixture
def moderator():
    return make_user(display_name="Mo", permissions=("comments.moderate_comment",))


@pytest.fixture
def mo(client, moderator):
    """A client signed in as somebody who may moderate, and nothing else."""
    client.force_login(moderator)
    return client


def page_of(comment) -> str:
    return f"{LIST}{comment.pk}/change/"


def decide(client, comment, do: str, **data):
    return client.post(f"{LIST}{comment.pk}/decide/", {"do": do, "seen": comment.state, **data}, follow=True)


def act(client, action: str, *comments):
    return client.post(LIST, {"action": action, "_selected_action": [comment.pk for comment in comments]}, follow=True)


def test_it_works(mo):
    article = make_article(title="On openness")
    make_comment(article, name="Ines", text="A thought of hers.")
    make_comment(article, name="Jonas", text=LINK)
    page = text_of(mo.get(LIST))
    assert page.index("Jonas") < page.index("Ines"), "what waits comes first"
    for words in ("A thought of hers.", "On openness", "First comment with a link"):
        assert words in page


def test_it_checks_access(client):
    comment = make_comment(make_article(), text=LINK)
    addresses = [LIST, page_of(comment), "/admin/comments/decision/"]
    for address in addresses:
        assert "/login/" in client.get(address).headers["Location"]
    client.force_login(make_user())
    for address in addresses:
        assert client.get(address).status_code == 403
    assert decide(client, comment, "approve").status_code == 403
    assert client.post(f"{LIST}{comment.pk}/answer/", {"text": "No."}).status_code == 403
    assert Comment.objects.get().state == "held"


def test_nothing_is_added_edited_or_deleted(desk):
    comment = make_comment(make_article())
    for address in (f"{LIST}add/", f"{LIST}{comment.pk}/delete/", "/admin/comments/decision/add/"):
        assert desk.get(address).status_code == 403
    desk.post(page_of(comment), {"source": "Other words", "state": "removed"})
    comment.refresh_from_db()
    assert comment.state == "visible"
    assert comment.source != "Other words"


@pytest.mark.parametrize("state", ["held", "visible", "pick", "rejected", "removed"])
def test_the_list_by_state(mo, moderator, state):
    article = make_article()
    made = {"held": make_comment(article, held=True)}
    for name in ("visible", "pick", "rejected", "removed"):
        made[name] = make_comment(article)
    moderation.pick(made["pick"], by=moderator)
    moderation.reject(made["rejected"], by=moderator)
    moderation.remove(made["removed"], by=moderator)
    page = text_of(mo.get(f"{LIST}?state={state}"))
    wanted = {"visible": {"visible", "pick"}}.get(state, {state})
    for name, comment in made.items():
        assert (page_of(comment) in page) == (name in wanted)


@pytest.mark.parametrize("query", ["state=other", "o=9.9.9", "p=x", "q=" + "%C3%A9" * 200, "e=1"])
def test_odd_addresses_are_no_error(mo, query):
    make_comment(make_article())
    assert mo.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_the_list_costs_the_same_whatever_its_length(mo):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            mo.get(LIST)
        return len(captured)

    make_comment(make_article(), held=True)
    queries()
    before = queries()
    for _ in range(3):
        make_comment(make_article(), held=True)
    assert queries() == before


def test_several_at_once_are_shown_before_anything_happens_to_them(mo):
    """And those that are decided already are not among them."""
    article = make_article()
    held, seen = make_comment(article, name="Waits", held=True), make_comment(article, name="Seen")
    gone = make_comment(article, name="Gone", held=True)
    moderation.reject(gone, by=make_user(is_superuser=True))
    make_comment(article, name="Not chosen")
    before = Decision.objects.count()
    page = text_of(act(mo, "decide_together", held, seen, gone))
    assert "2 comments that you chose. 1 waits, 1 can be seen by readers." in page
    assert [pk for pk in (held.pk, seen.pk, gone.pk) if f'name="chosen" value="{pk}"' in page] == [held.pk, seen.pk, gone.pk]
    assert len(re.findall(r'name="take"[^>]* checked', page)) == 2
    assert "Not chosen" not in page
    assert Decision.objects.count() == before


def test_more_than_can_be_decided_at_once_are_not_led_on(mo, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    comments = [make_comment(make_article(), held=True) for _ in range(3)]
    assert "Choose 2 comments at most. Nothing was changed." in text_of(act(mo, "decide_together", *comments))


def test_several_at_once_needs_the_permission(client):
    client.force_login(make_user(permissions=("comments.view_comment", "comments.change_comment")))
    comment = make_comment(make_article(), held=True)
    assert act(client, "decide_together", comment).status_code == 403
    assert Comment.objects.get().state == "held"


def test_the_page_of_a_comment_shows_what_one_must_know(mo, moderator):
    article = make_article(title="On openness")
    parent = make_comment(article, name="Ines", text="What it answers.")
    make_comment(article, name="Jonas", text="Before this.", address="192.0.2.9")
    make_comment(article, name="Other", text="From the same place.", address="192.0.2.9")
    held = make_comment(article, parent=parent, name="JONAS", text=LINK, email="j@example.org", address="192.0.2.9")
    page = text_of(mo.get(page_of(held)))
    for words in ("What it answers.", "First comment with a link", "Before this.", "From the same place.", "j@example.org",
                  "On openness", ">Approve<", ">Reject<", ">Remove<", "Reply as staff"):  # fmt: skip
        assert words in page
    assert "192.0.2.9" not in page
    assert " style=" not in page.partition('class="comment-desk"')[2]
    assert "<script>" not in page


@pytest.mark.parametrize(("do", "state"), [("approve", "visible"), ("reject", "rejected"), ("remove", "removed")])
def test_deciding(mo, moderator, do, state):
    comment = make_comment(make_article(), held=True)
    answer = decide(mo, comment, do, reason="Off the subject")
    assert answer.redirect_chain[-1][0] == page_of(comment)
    assert Comment.objects.get().state == state
    decision = Decision.objects.get()
    assert (decision.by, decision.verb, decision.reason) == (moderator, do, "Off the subject")
    assert f"Mo {decision.done} (Off the subject)" in text_of(answer)


def test_what_was_typed_is_kept_when_somebody_was_faster(mo, editor):
    comment = make_comment(make_article(), held=True)
    moderation.approve(comment, by=editor)
    answer = decide(mo, comment, "remove", reason="Off the subject")
    assert answer.status_code == 409
    assert 'name="reason" maxlength="300" value="Off the subject"' in text_of(answer)
    assert "Editor approved the comment by" in text_of(answer)
    assert Comment.objects.get().state == "visible"


def test_a_reported_comment_leads_to_what_readers_said_of_it(mo):
    comment = make_comment(make_article())
    assert "Readers have reported it" not in text_of(mo.get(page_of(comment)))
    reporting.report(comment, reason="attack", address="192.0.2.1", words="He insults me.")
    page = text_of(mo.get(page_of(comment)))
    assert f'<a href="/admin/comments/comment/queue/?case={comment.pk}">Read why' in page
    assert "He insults me." in text_of(mo.get(f"/admin/comments/comment/queue/?case={comment.pk}"))


def test_why_it_was_held_is_told_as_past_once_it_is_decided(mo, editor):
    comment = make_comment(make_article(), text=LINK)
    assert ">Held because<" in text_of(mo.get(page_of(comment)))
    moderation.approve(comment, by=editor)
    assert ">Why it was held<" in text_of(mo.get(page_of(comment)))


def test_deciding_what_was_decided_meanwhile_is_told(mo, editor):
    comment = make_comment(make_article(), held=True)
    moderation.reject(comment, by=editor)
    page = text_of(decide(mo, comment, "approve"))
    assert "Editor rejected the comment by Reader" in page
    assert Comment.objects.get().state == "rejected"


def test_the_page_of_a_comment_leads_to_the_next_that_waits(mo):
    article = make_article()
    first, second = (make_comment(article, name=name, text=f"{LINK}/{name}") for name in ("Ines", "Jonas"))
    assert f'<a href="{page_of(second)}">Next that waits: Jonas</a>' in text_of(mo.get(page_of(first)))
    decide(mo, second, "approve")
    assert "Next that waits" not in text_of(mo.get(page_of(first)))


def test_the_desk_shows_what_waits_and_why(mo):
    make_comment(make_article(), name="Jonas", text=LINK)
    page = text_of(mo.get("/admin/"))
    for words in ("Jonas", LINK, "First comment with a link", f'href="{LIST}queue/"'):
        assert words in page


def test_picking_and_taking_the_mark_away(mo):
    comment = make_comment(make_article())
    assert "Editor’s pick" in text_of(decide(mo, comment, "pick"))
    assert Comment.objects.get().pick
    decide(mo, comment, "unpick")
    assert not Comment.objects.get().pick


def test_undoing(mo):
    comment = make_comment(make_article(), held=True)
    decide(mo, comment, "reject")
    comment.refresh_from_db()
    page = text_of(decide(mo, comment, "restore"))
    assert "The last decision is undone." in page
    assert re.search(r"undone \d", page)
    assert Comment.objects.get().state == "held"


@pytest.mark.parametrize("do", ["", "delete", "__class__", "decide"])
def test_an_unknown_decision_changes_nothing(mo, do):
    comment = make_comment(make_article(), held=True)
    assert "Nothing was changed." in text_of(decide(mo, comment, do))
    assert Comment.objects.get().state == "held"
    assert not Decision.objects.exists()


def test_replying_approves_and_answers_with_the_badge(mo, moderator):
    article = make_article(title="On openness")
    comment = make_comment(article, held=True)
    answer = mo.post(f"{LIST}{comment.pk}/answer/", {"text": "Thank *you*."}, follow=True)
    assert "Your reply is published." in text_of(answer)
    reply = Comment.objects.get(parent=comment)
    assert (reply.user, reply.name, reply.state) == (moderator, "Mo", "visible")
    page = text_of(Client().get("/on-openness/"))
    assert "Thank <em>you</em>." in page
    assert '<span class="badge">Staff</span>' in page


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 4001])
def test_a_reply_that_cannot_be_posted_is_told_and_kept(mo, text):
    comment = make_comment(make_article(), held=True)
    answer = mo.post(f"{LIST}{comment.pk}/answer/", {"text": text})
    assert answer.status_code == 400
    assert "errorlist" in text_of(answer)
    assert text.strip() in text_of(answer)
    assert Comment.objects.get().state == "held"


def test_decisions_are_only_posted(mo):
    comment = make_comment(make_article(), held=True)
    for where in ("decide", "answer"):
        assert mo.get(f"{LIST}{comment.pk}/{where}/?do=approve").status_code == 405
    assert Comment.objects.get().state == "held"


def test_decisions_need_the_forms_proof(moderator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)
    comment = make_comment(make_article(), held=True)
    assert client.post(f"{LIST}{comment.pk}/decide/", {"do": "approve"}).status_code == 403
    assert Comment.objects.get().state == "held"


def test_what_is_not_there_is_not_found(mo):
    for pk in (10**9, 2**63):
        assert mo.get(f"{LIST}{pk}/change/").status_code == 404
        assert mo.post(f"{LIST}{pk}/decide/", {"do": "approve"}).status_code == 404


def test_the_log_of_decisions_can_be_read(mo, moderator):
    comment = make_comment(make_article())
    moderation.remove(comment, by=moderator, reason="Rule 1")
    page = text_of(mo.get("/admin/comments/decision/"))
    for words in ("Mo", "remove", "Rule 1"):
        assert words in page


def test_writers_of_one_name_are_told_apart_in_the_list(client, editor):
    article = make_article()
    for _ in range(2):
        make_comment(article, name="Ines")
    client.force_login(editor)
    assert "another writer" in text_of(client.get("/admin/comments/comment/"))


def test_it_shows_what_counted_with_weights_and_their_sum(mo, editor):
    article = make_article()
    gone = moderation.remove(make_comment(article, text="Look at https://deals.example/1", name="Seller"), by=editor)
    comment = make_comment(article, text="Look here: https://deals.example/2 and https://bit.ly/x", seconds=1)
    page = text_of(mo.get(page_of(comment)))
    shown = re.findall(r"<dt[^>]*>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", re.search(r'<dl class="signals">.*?</dl>', page, re.S)[0])
    assert ("Written in 1 second", "+3.0") in shown
    assert ("Links to deals.example, as a comment that was removed does", "+1.2") in shown
    assert shown[-1] == ("Together (held from 2.0)", f"+{comment.reasons_sum:.1f}")
    assert f'<a href="{page_of(gone)}">{gone.pk}</a>' in page


def test_small_signals_of_a_visible_comment_are_no_reasons_to_hold_it(mo):
    comment = make_comment(make_article(), text="Soooooooo good")
    page = text_of(mo.get(page_of(comment)))
    assert "Held because" not in page
    assert "What counted" in page
    assert "One letter or mark" not in text_of(mo.get(LIST))
