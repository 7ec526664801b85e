import pytest
from django.core.exceptions import PermissionDenied

from articles.models import Article
from comments import moderation
from comments.models import Comment, Decision
from comments.posting import Refused
from site_config.audit.models import Entry
from tests.comments.making import generation, make_comment
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

VERBS = {
    "approve": lambda comment, by: moderation.approve(comment, by=by),
    "reject": lambda comment, by: moderation.reject(comment, by=by),
    "remove": lambda comment, by: moderation.remove(comment, by=by),
    "pick": lambda comment, by: moderation.pick(comment, by=by),
    "reply": lambda comment, by: moderation.reply_as_staff(comment, by=by, text="An answer."),
}


@pytest.fixture
def moderator(db):
    return make_user(display_name="Moderator Mo", permissions=("comments.moderate_comment",))


def counts(comment) -> tuple[int, int]:
    return Article.objects.values_list("comment_count", "comments_held").get(pk=comment.article_id)


def a_comment(verb: str) -> Comment:
    return make_comment(make_article(), held=verb in {"approve", "reject"})


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_moderate_does(moderator, verb):
    comment = a_comment(verb)
    VERBS[verb](comment, moderator)
    assert Decision.objects.filter(verb=verb).count() == (verb != "reply")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("permissions", [(), ("comments.change_comment", "articles.publish_article")])
def test_who_may_not_does_not(verb, permissions):
    comment = a_comment(verb)
    with pytest.raises(PermissionDenied, match="permission to moderate"):
        VERBS[verb](comment, make_user(permissions=permissions))
    after = Comment.objects.get()
    assert (after.state, after.pick) == (comment.state, False)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("held", "verb", "state", "count"),
    [
        (True, "approve", "visible", (1, 0)),
        (True, "reject", "rejected", (0, 0)),
        (False, "remove", "removed", (0, 0)),
        (True, "remove", "removed", (0, 0)),
    ],
)
def test_a_decision_moves_state_and_counts(moderator, held, verb, state, count):
    comment = make_comment(make_article(), held=held)
    decided = VERBS[verb](comment, moderator)
    assert (decided.state, decided.shown, decided.decided_at is not None) == (state, state == "visible", True)
    assert counts(comment) == count


@pytest.mark.parametrize("verb", ["approve", "reject", "remove", "pick"])
def test_decisions_mark_the_article_and_the_lists(moderator, verb):
    comment = a_comment(verb)
    names = (f"article:{comment.article_id}", "lists", "site")
    before = [generation(name) for name in names]
    VERBS[verb](comment, moderator)
    assert [generation(name) - was for name, was in zip(names, before, strict=True)] == [1, 1, 0]


def test_a_refused_decision_marks_nothing(moderator):
    comment = make_comment(make_article())
    before = generation(f"article:{comment.article_id}")
    with pytest.raises(moderation.AlreadyDecided):
        moderation.approve(comment, by=moderator)
    assert generation(f"article:{comment.article_id}") == before


def test_every_decision_is_logged_twice_with_who_and_why(moderator):
    comment = make_comment(make_article())
    moderation.remove(comment, by=moderator, reason="Rude" * 100)
    decision = Decision.objects.get()
    assert (decision.verb, decision.by, decision.by_name) == ("remove", moderator, "Moderator Mo")
    assert (decision.before, decision.after, len(decision.reason)) == ("visible", "removed", 300)
    entry = Entry.objects.get(verb="comment remove")
    assert (entry.actor, entry.object_id, entry.details) == (
        moderator,
        str(comment.pk),
        {"before": "visible", "after": "removed"},
    )


@pytest.mark.parametrize("verb", ["approve", "reject", "remove"])
def test_the_same_again_says_who_was_first(moderator, verb):
    comment = a_comment(verb)
    VERBS[verb](comment, moderator)
    with pytest.raises(moderation.AlreadyDecided, match="Moderator Mo"):
        VERBS[verb](comment, make_user(permissions=("comments.moderate_comment",)))
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(("first", "second"), [("approve", "reject"), ("reject", "approve"), ("approve", "remove")])
def test_the_opposite_of_what_was_decided_meanwhile_is_refused(moderator, first, second):
    """Both looked at the comment while it waited; the second must not undo the first without knowing."""
    one = make_comment(make_article(), held=True)
    two = Comment.objects.get(pk=one.pk)
    decided = VERBS[first](one, moderator)
    with pytest.raises(moderation.AlreadyDecided, match="Moderator Mo"):
        VERBS[second](two, moderator)
    assert Comment.objects.get().state == decided.state


def test_what_was_decided_can_be_decided_otherwise_by_who_knows(moderator):
    comment = make_comment(make_article(), held=True)
    for verb, state in (("reject", "rejected"), ("approve", "visible"), ("remove", "removed"), ("approve", "visible")):
        assert VERBS[verb](Comment.objects.get(pk=comment.pk), moderator).state == state
    assert counts(comment) == (1, 0)


def test_a_removed_comment_with_replies_leaves_a_tombstone(moderator):
    article = make_article()
    parent = make_comment(article)
    reply = make_comment(article, parent=parent)
    assert moderation.remove(parent, by=moderator).shown
    assert counts(parent) == (1, 0)
    moderation.remove(reply, by=moderator)
    assert not Comment.objects.filter(shown=True).exists()
    moderation.approve(Comment.objects.get(pk=reply.pk), by=moderator)
    assert Comment.objects.filter(shown=True).count() == 2


def test_a_held_reply_holds_no_tombstone_up(moderator):
    article = make_article()
    parent = make_comment(article)
    reply = make_comment(article, parent=parent, held=True)
    assert not moderation.remove(parent, by=moderator).shown
    moderation.approve(reply, by=moderator)
    assert Comment.objects.get(pk=parent.pk).shown


@pytest.mark.parametrize("state", ["held", "removed", "rejected"])
def test_only_what_readers_see_can_be_picked(moderator, state):
    comment = make_comment(make_article(), held=state != "removed")
    if state != "held":
        VERBS[{"removed": "remove", "rejected": "reject"}[state]](comment, moderator)
    with pytest.raises(moderation.AlreadyDecided):
        moderation.pick(Comment.objects.get(), by=moderator)


def test_a_pick_can_be_taken_back_once(moderator):
    comment = make_comment(make_article())
    assert moderation.pick(comment, by=moderator).pick
    with pytest.raises(moderation.AlreadyDecided):
        moderation.pick(Comment.objects.get(), by=moderator)
    assert not moderation.pick(Comment.objects.get(), by=moderator, picked=False).pick
    assert list(Decision.objects.values_list("verb", flat=True)) == ["unpick", "pick"]


def test_a_reply_is_staffs_and_stands_below(moderator):
    comment = make_comment(make_article())
    reply = moderation.reply_as_staff(comment, by=moderator, text="An *answer*.").comment
    assert (reply.parent, reply.user, reply.name, reply.state) == (comment, moderator, "Moderator Mo", "visible")
    assert counts(comment) == (2, 0)


def test_a_reply_to_a_held_comment_approves_it(moderator):
    comment = make_comment(make_article(), held=True)
    moderation.reply_as_staff(comment, by=moderator, text="Thank you.")
    assert Comment.objects.get(pk=comment.pk).state == "visible"
    assert counts(comment) == (2, 0)


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 5000])
def test_a_reply_that_is_refused_approves_nothing(moderator, text):
    comment = make_comment(make_article(), held=True)
    with pytest.raises(Refused):
        moderation.reply_as_staff(comment, by=moderator, text=text)
    assert Comment.objects.get().state == "held"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("verb", ["reject", "remove"])
def test_what_was_turned_down_cannot_be_answered(moderator, verb):
    comment = make_comment(make_article(), held=verb == "reject")
    VERBS[verb](comment, moderator)
    with pytest.raises((Refused, moderation.AlreadyDecided)):
        moderation.reply_as_staff(comment, by=moderator, text="An answer.")


def test_a_decision_outlives_the_account_that_made_it(moderator):
    moderation.remove(make_comment(make_article()), by=moderator)
    Decision.objects.update(by=None)
    assert str(Decision.objects.get()) == "Moderator Mo: remove"
