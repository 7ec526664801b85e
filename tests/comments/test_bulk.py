"""Several comments decided in one act."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.models import Article
from comments import bulk, moderation
from comments.models import Comment, Decision, Trace
from comments.moderation import AlreadyDecided
from comments.resemblance import like
from tests.comments.making import make_comment
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def some_held(count: int = 3) -> list[Comment]:
    articles = [make_article() for _ in range(2)]
    return [make_comment(articles[number % 2], held=True) for number in range(count)]


def test_each_has_its_row_and_all_have_one_batch(ada):
    done = bulk.decide_all(some_held(), "reject", by=ada, reason="Advertising", tell="No advertising, please.")
    assert {comment.state for comment in Comment.objects.all()} == {"rejected"}
    rows = list(Decision.objects.values_list("batch", "reason", "note"))
    assert rows == [(done.batch, "Advertising", "No advertising, please.")] * 3
    assert sorted(Article.objects.values_list("comments_held", flat=True)) == [0, 0]


def test_one_undo_takes_all_back(ada):
    comments = some_held()
    done = bulk.decide_all(comments, "approve", by=ada)
    undone = bulk.undo_all(done.batch, by=ada)
    assert (len(undone.done), undone.refused) == (3, [])
    assert {comment.state for comment in Comment.objects.all()} == {"held"}
    assert Decision.objects.exclude(undoes=None).count() == 3
    with pytest.raises(AlreadyDecided, match="Ada undid this a moment ago"):
        bulk.undo_all(done.batch, by=ada)


def test_what_was_decided_meanwhile_is_left_and_told(ada):
    comments = some_held()
    moderation.approve(Comment.objects.get(pk=comments[1].pk), by=ada)
    done = bulk.decide_all(comments, "reject", by=ada)
    assert [comment.pk for comment in done.done] == [comments[0].pk, comments[2].pk]
    assert len(done.refused) == 1
    assert done.refused[0].startswith("Ada approved the comment by")
    assert Comment.objects.get(pk=comments[1].pk).state == "visible"


def test_what_was_decided_after_the_act_is_left_by_its_undoing(ada):
    comments = some_held()
    done = bulk.decide_all(comments, "reject", by=ada)
    moderation.approve(done.done[0], by=ada)
    undone = bulk.undo_all(done.batch, by=ada)
    assert (len(undone.done), len(undone.refused)) == (2, 1)
    assert Comment.objects.get(pk=comments[0].pk).state == "visible"


def test_too_many_are_refused_as_a_whole(ada, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    with pytest.raises(bulk.TooMany, match="At most 2 comments"):
        bulk.decide_all(some_held(), "reject", by=ada)
    assert not Decision.objects.exists()


def test_it_needs_the_permission():
    comments = some_held()
    with pytest.raises(PermissionDenied):
        bulk.decide_all(comments, "approve", by=make_user())
    with pytest.raises(PermissionDenied):
        bulk.undo_all("anything", by=make_user())


def test_an_empty_batch_undoes_nothing(ada):
    moderation.remove(make_comment(make_article()), by=ada)
    with pytest.raises(AlreadyDecided, match="There is nothing to undo"):
        bulk.undo_all("", by=ada)
    assert Comment.objects.get().state == "removed"


def test_a_held_comment_is_shown_and_picked_in_one_act(ada):
    now = bulk.approve_and_pick(make_comment(make_article(), held=True), by=ada)
    assert (now.state, now.pick) == ("visible", True)
    bulk.undo_all(now.decision.batch, by=ada)
    now.refresh_from_db()
    assert (now.state, now.pick) == ("held", False)


def names(comment: Comment, way: str) -> set[str]:
    return set(like(comment, way).values_list("name", flat=True))


def test_a_writer_is_a_name_with_its_network_or_an_address_never_a_name_alone(ada):
    article = make_article()
    one = make_comment(article, name="Ines", address="192.0.2.7", email="i@example.org")
    make_comment(article, name="INES", text="From the same place.", address="192.0.2.7")
    make_comment(article, name="Otherwise", address="192.0.2.9", email="i@example.org")
    elsewhere = make_comment(article, name="Ines", text="Somebody else.", address="192.0.2.99")
    assert names(one, "writer") == {"Ines", "INES", "Otherwise"}
    assert list(like(elsewhere, "writer")) == [elsewhere]


def test_a_network_and_nothing_where_it_is_forgotten():
    article = make_article()
    one = make_comment(article, name="One", address="192.0.2.7")
    make_comment(article, name="Two", address="192.0.2.7")
    far = make_comment(article, name="Far")
    assert names(one, "network") == {"One", "Two"}
    Comment.objects.update(network="", fingerprint=None)
    far.refresh_from_db()
    assert names(far, "network") == {"Far"}


@pytest.mark.parametrize(("way", "kind", "other"), [("link", 1, 2), ("text", 2, 1)])
def test_traces_of_their_kind(way, kind, other):
    one, same, else_ = (make_comment(make_article(), name=name) for name in ("One", "Same", "Else"))
    for comment, of, value in ((one, kind, 7), (same, kind, 7), (else_, kind, 8), (else_, other, 7)):
        Trace.objects.create(comment=comment, kind=of, value=value)
    assert names(one, way) == {"One", "Same"}


def test_neither_staff_nor_what_is_gone_is_taken(ada):
    article = make_article()
    one = make_comment(article, name="One", address="192.0.2.7")
    gone = make_comment(article, name="Gone", address="192.0.2.7")
    moderation.remove(gone, by=ada)
    moderation.reply_as_staff(one, by=ada, text="Thanks.")
    assert names(one, "network") == {"One"}
