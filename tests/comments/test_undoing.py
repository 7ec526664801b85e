"""A decision is undone for a day, once, and only while it is the last word."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.models import Article
from comments import moderation, reporting
from comments.models import Comment, Decision
from comments.moderation import AlreadyDecided
from site_config import pages
from tests.comments.making import make_comment, some_address
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


@pytest.fixture
def mo(db):
    return make_user(display_name="Mo", permissions=("comments.moderate_comment",))


def counts(comment) -> tuple[int, int]:
    return Article.objects.values_list("comment_count", "comments_held").get(pk=comment.article_id)


@pytest.mark.parametrize(("verb", "held"), [("approve", True), ("reject", True), ("remove", True), ("remove", False)])
def test_a_decision_is_taken_back_with_all_that_it_changed(ada, verb, held):
    comment = make_comment(make_article(), held=held)
    before = counts(comment)
    decision = getattr(moderation, verb)(comment, by=ada).decision
    undone = moderation.undo(decision, by=ada)
    assert (undone.state, undone.decided_at) == ("held" if held else "visible", None)
    assert counts(comment) == before
    row, first = Decision.objects.all()
    assert (row.verb, row.undoes, first.undone_at is not None) == ("restore", first, True)


def test_a_pick_is_taken_back(ada):
    comment = moderation.pick(make_comment(make_article()), by=ada)
    assert not moderation.undo(comment.decision, by=ada).pick


def test_nobody_without_the_permission_undoes(ada):
    decision = moderation.remove(make_comment(make_article()), by=ada).decision
    with pytest.raises(PermissionDenied):
        moderation.undo(decision, by=make_user())
    assert Decision.objects.count() == 1


def test_twice_says_who_was_first(ada, mo):
    decision = moderation.remove(make_comment(make_article()), by=ada).decision
    moderation.undo(decision, by=mo)
    with pytest.raises(AlreadyDecided, match=r"^Mo undid this a moment ago. Nothing was changed.$"):
        moderation.undo(decision, by=ada)
    assert Decision.objects.filter(verb="restore").count() == 1


def test_after_a_day_it_is_too_late(frozen, ada):
    decision = moderation.remove(make_comment(make_article()), by=ada).decision
    frozen.shift(24 * 3600 + 1)
    with pytest.raises(AlreadyDecided, match="more than a day ago"):
        moderation.undo(decision, by=ada)


def test_within_the_day_it_is_not(frozen, ada):
    decision = moderation.remove(make_comment(make_article()), by=ada).decision
    frozen.shift(24 * 3600 - 1)
    assert moderation.undo(decision, by=ada).state == "visible"


def test_after_another_decision_it_says_whose(ada, mo):
    comment = moderation.approve(make_comment(make_article(), held=True, name="Ines"), by=ada)
    moderation.remove(comment, by=mo)
    with pytest.raises(AlreadyDecided, match=r"^Mo removed the comment by Ines a moment ago. Undo that first"):
        moderation.undo(comment.decision, by=ada)
    assert Comment.objects.get().state == "removed"


def test_one_after_the_other_from_the_last_on(ada):
    comment = moderation.approve(make_comment(make_article(), held=True), by=ada)
    removed = moderation.remove(comment, by=ada)
    between = moderation.undo(removed.decision, by=ada)
    assert (between.state, between.decided_at) == ("visible", comment.decision.at)
    assert moderation.undo(comment.decision, by=ada).state == "held"


def test_an_undoing_is_not_undone(ada):
    moderation.undo(moderation.remove(make_comment(make_article()), by=ada).decision, by=ada)
    with pytest.raises(AlreadyDecided, match="An undoing cannot be undone"):
        moderation.undo(Decision.objects.first(), by=ada)


def test_under_a_removed_parent_it_stands_below_a_tombstone(ada):
    article = make_article()
    parent = make_comment(article)
    reply = make_comment(article, parent=parent)
    decision = moderation.remove(reply, by=ada).decision
    assert not moderation.remove(parent, by=ada).shown
    assert moderation.undo(decision, by=ada).shown
    parent.refresh_from_db()
    assert (parent.state, parent.shown) == ("removed", True)


def test_what_its_writer_took_back_stays_taken_back(ada):
    decision = moderation.approve(make_comment(make_article(), held=True, name="Ines"), by=ada).decision
    with pages.changing(f"article:{decision.comment.article_id}"):
        Comment.objects.update(state="withdrawn", shown=False)
    with pytest.raises(AlreadyDecided, match=r"The writer has taken back the comment by Ines. Nothing was changed."):
        moderation.undo(decision, by=ada)


def test_what_reports_have_held_since_is_decided_anew(ada):
    comment = moderation.approve(make_comment(make_article(), held=True), by=ada)
    for _ in range(3):
        reporting.report(comment, reason="attack", address=some_address())
    with pytest.raises(AlreadyDecided, match=r"^Readers’ reports held the comment by"):
        moderation.undo(comment.decision, by=ada)


def test_to_undo_that_a_report_was_settled_opens_it_again(ada):
    comment = make_comment(make_article())
    reporting.report(comment, reason="attack", address=some_address())
    kept = moderation.approve(Comment.objects.get(), by=ada)
    assert (kept.reported, kept.decision.done) == (0, "kept")
    assert moderation.undo(kept.decision, by=ada).reported == 1
    assert comment.reports.get().settled_at is None


def test_the_second_moderator_is_told_who_decided_what_and_when(frozen, ada, mo):
    comment = make_comment(make_article(), held=True, name="Ines")
    seen = Comment.objects.get()
    moderation.approve(comment, by=ada)
    for seconds, when in ((0, "a moment ago"), (600, "at 12:10"), (48 * 3600, "on 15 February 2025, 12:00")):
        frozen.shift(seconds)
        with pytest.raises(AlreadyDecided) as told:
            moderation.reject(seen, by=mo)
        assert (
            str(told.value)
            == f"Ada approved the comment by Ines {when if when != 'at 12:10' else 'at 12:00'}. Nothing was changed."
        )


def test_a_comment_kept_by_one_is_not_removed_by_another_who_saw_it_before(ada, mo):
    """The state is the same as it was; that somebody has decided since is told all the same."""
    comment = make_comment(make_article())
    reporting.report(comment, reason="attack", address=some_address())
    one, two = Comment.objects.get(), Comment.objects.get()
    moderation.approve(one, by=ada)
    with pytest.raises(AlreadyDecided, match=r"^Ada kept the comment by"):
        moderation.remove(two, by=mo)
    with pytest.raises(AlreadyDecided, match=r"^Ada kept the comment by"):
        moderation.approve(two, by=mo)


def test_a_second_pick_says_who_was_first(ada, mo):
    comment = make_comment(make_article(), name="Ines")
    moderation.pick(comment, by=ada)
    with pytest.raises(AlreadyDecided, match="Ada picked the comment by Ines a moment ago"):
        moderation.pick(comment, by=mo)


def test_a_held_comment_with_replies_leaves_a_place_for_them(ada):
    article = make_article()
    comment = moderation.approve(make_comment(article, held=True, text="What was said."), by=ada)
    make_comment(article, parent=comment)
    assert moderation.undo(comment.decision, by=ada).shown
