"""The page before several comments are decided at once."""

import re

import pytest

from comments import bulk, moderation
from comments.models import Comment, Decision, Trace
from tests.comments.making import make_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/comments/comment/queue/several/"


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


@pytest.fixture
def mo(client, db):
    client.force_login(make_user(username="mo", display_name="Mo", permissions=("comments.moderate_comment",)))
    return client


@pytest.fixture
def three(db) -> list[Comment]:
    """Two that wait and one that readers see, of one network."""
    article = make_article()
    held = [make_comment(article, name=f"Held {number}", address="192.0.2.7", held=True) for number in range(2)]
    return [*held, make_comment(article, name="Seen", address="192.0.2.7")]


def taken(page: str) -> list[str]:
    return re.findall(r'name="take" id="take-\d+" value="([^"]*)" checked', page)


def ask(mo, comment, way: str = "network") -> str:
    return text_of(mo.get(SEVERAL, {"like": comment.pk, "by": way}))


def send(mo, comment, do: str, take, **fields):
    return mo.post(SEVERAL, {"like": comment.pk, "by": "network", "do": do, "take": take, **fields})


def test_it_shows_what_it_will_take_and_takes_nothing(mo, three):
    page = ask(mo, three[0])
    assert len(taken(page)) == 3
    assert "3 comments from this network. 2 wait, 1 can be seen by readers." in page
    for words in ("Held 0", "Held 1", "Seen"):
        assert words in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("do", "states"),
    [("approve", ["visible", "visible", "visible"]), ("reject", ["rejected", "rejected", "visible"]),
     ("remove", ["removed", "removed", "removed"])],
)  # fmt: skip
def test_what_waits_is_approved_or_rejected_and_all_is_removed(mo, three, do, states):
    answer = send(mo, three[0], do, taken(ask(mo, three[0])), reason="Advertising", note="No advertising, please.")
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == states
    assert len({(row.batch, row.reason, row.note) for row in Decision.objects.all()}) == 1
    count = Decision.objects.count()
    page = text_of(mo.get(answer.headers["Location"]))
    assert f"{count} comments." in page
    mo.post("/admin/comments/comment/queue/undo/", {"undo": Decision.objects.first().pk})
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["held", "held", "visible"]


def test_only_what_is_ticked(mo, three):
    send(mo, three[0], "remove", taken(ask(mo, three[0]))[:1])
    assert Comment.objects.filter(state="removed").count() == 1


def test_what_was_decided_since_is_left_and_counted(mo, three, ada):
    take = taken(ask(mo, three[0]))
    moderation.approve(Comment.objects.get(pk=three[0].pk), by=ada)
    answer = send(mo, three[0], "reject", take)
    assert Comment.objects.get(pk=three[0].pk).state == "visible"
    assert "1 was left as it was: somebody had decided since." in text_of(mo.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("do", "take", "sentence"),
    [("", None, "Choose what to do with them."), ("approve", [], "Tick at least one comment. Nothing was changed."),
     ("approve", ["x y", "999 held "], "Tick at least one comment. Nothing was changed.")],
)  # fmt: skip
def test_what_is_missing_is_said_and_the_words_stay(mo, three, do, take, sentence):
    answer = send(mo, three[0], do, taken(ask(mo, three[0])) if take is None else take, reason="Why", note="For you.")
    page = text_of(answer)
    assert answer.status_code == 400
    for words in (sentence, 'value="Why"', "For you."):
        assert words in page
    assert not Decision.objects.exists()


def test_what_was_not_ticked_is_not_ticked_after_an_error(mo, three):
    take = taken(ask(mo, three[2]))
    visible = [value for value in take if "visible" in value]
    page = text_of(send(mo, three[2], "approve", visible))
    assert "None of the ticked comments waits. Nothing was changed." in page
    assert taken(page) == visible
    assert taken(text_of(send(mo, three[2], "approve", []))) == []


def test_those_that_were_chosen_are_decided_in_one_act(mo, three):
    page = text_of(mo.get(SEVERAL, {"chosen": [three[0].pk, three[2].pk]}))
    sent = {"chosen": [three[0].pk, three[2].pk], "do": "remove", "take": taken(page), "reason": "Advertising"}
    assert mo.post(SEVERAL, {**sent, "take": []}).status_code == 400
    mo.post(SEVERAL, sent)
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["removed", "held", "removed"]
    assert len(set(Decision.objects.values_list("batch", flat=True))) == 1


@pytest.mark.parametrize("chosen", ["x", "-1", "0", "9" * 30])
def test_what_is_no_number_is_no_choice(mo, three, chosen):
    assert mo.get(SEVERAL, {"chosen": chosen}).status_code in {200, 404}


def test_more_than_the_most_are_said_and_not_taken(mo, three, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    page = ask(mo, three[0])
    assert len(taken(page)) == 2
    assert "These are the newest 2; there are more, which stay as they are." in page
    every = [f"{comment.pk} {'held' if number < 2 else 'visible'} " for number, comment in enumerate(three)]
    answer = send(mo, three[0], "remove", every)
    assert (answer.status_code, Decision.objects.count()) == (400, 0)


def test_by_link(mo, ada):
    one, other = (make_comment(make_article(), name=name, held=True) for name in ("One", "Other"))
    for comment in (one, other):
        Trace.objects.create(comment=comment, kind=Trace.Kind.LINK, value=2**62)
    seen = make_comment(make_article(), name="Seen", text="See https://deals.example/x")
    moderation.approve(seen, by=ada)
    assert len(taken(ask(mo, one, "link"))) == 2
    page = ask(mo, seen, "link")
    assert "1 comment with a link to deals.example. 0 wait, 1 can be seen by readers." in page
    assert taken(page) == []
    assert len(taken(ask(mo, one, "text"))) == 0
    assert "There is nothing to decide here" in ask(mo, one, "text")


def test_no_such_way_or_comment(mo, three):
    assert mo.get(SEVERAL, {"like": three[0].pk, "by": "mood"}).status_code == 404
    assert mo.get(SEVERAL, {"like": "999", "by": "writer"}).status_code == 404


def test_many_cost_as_few_queries_as_three(mo, three, settings, django_assert_max_num_queries):
    settings.COMMENT_RATE = (1000, 60)
    article = make_article()
    for number in range(40):
        make_comment(article, name=f"More {number}", address="192.0.2.7", held=True)
    mo.get(SEVERAL, {"like": three[0].pk, "by": "network"})
    with django_assert_max_num_queries(10):
        assert len(taken(ask(mo, three[0]))) == 43
