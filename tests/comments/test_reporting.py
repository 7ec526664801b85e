"""Readers report; several together hold, a moderator's word stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, reporting
from comments.models import Comment, Decision, Report
from comments.reporting import NotThere, TooManyReports
from tests.comments.making import generation, make_comment, some_address
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def report(comment, address: str = "", **options):
    return reporting.report(comment, **{"reason": "attack", "address": address or some_address(), **options})


def now(comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_report_is_noted_and_changes_no_page():
    comment = make_comment(make_article())
    before = generation(f"article:{comment.article_id}"), generation("lists")
    done = report(comment, words="He insults me.")
    assert (done.created, done.is_held, done.report.words) == (True, False, "He insults me.")
    assert (now(comment).reported, now(comment).state) == (1, "visible")
    assert (generation(f"article:{comment.article_id}"), generation("lists")) == before


def test_a_network_reports_a_comment_once():
    comment = make_comment(make_article())
    assert report(comment, "192.0.2.7").created
    assert not report(comment, "192.0.2.7", reason="spam").created
    assert (Report.objects.count(), now(comment).reported) == (1, 1)


def test_the_same_network_in_the_next_month_is_the_same(frozen):
    frozen.move_to("2025-02-28T23:00:00+00:00")
    comment = make_comment(make_article())
    report(comment, "192.0.2.7")
    frozen.move_to("2025-03-01T01:00:00+00:00")
    assert not report(comment, "192.0.2.7").created


def test_who_comes_from_nowhere_is_one_network():
    comment = make_comment(make_article())
    assert [reporting.report(comment, reason="spam", address="").created for _ in range(4)] == [True, False, False, False]
    assert now(comment).state == "visible"


def test_three_networks_hold_it_once():
    comment = make_comment(make_article())
    assert [report(comment).is_held for _ in range(3)] == [False, False, True]
    held = now(comment)
    assert (held.state, held.shown, held.reported) == ("held", False, 3)
    assert held.reasons == [{"code": "reports", "text": "Reported by 3 readers"}]
    decision = Decision.objects.get()
    assert (decision.verb, decision.by, decision.by_name) == ("hold", None, "Readers’ reports")
    assert (held.article.comment_count, held.article.comments_held) == (0, 1)
    assert generation(f"article:{comment.article_id}") > 0


def test_a_storm_holds_it_once_and_costs_the_page_nothing_more():
    comment = make_comment(make_article())
    for _ in range(3):
        report(comment)
    before = generation(f"article:{comment.article_id}")
    for _ in range(20):
        with pytest.raises(NotThere):
            report(comment)
    assert (Decision.objects.count(), Report.objects.count()) == (1, 3)
    assert generation(f"article:{comment.article_id}") == before


def test_a_report_costs_the_same_after_many():
    one, many = make_comment(make_article()), make_comment(make_article())
    with CaptureQueriesContext(connection) as first:
        report(one)
    report(many)
    moderation.approve(now(many), by=make_user(is_superuser=True))
    for _ in range(15):
        report(many)
    with CaptureQueriesContext(connection) as later:
        report(many)
    assert len(later) <= len(first) + 1


def test_reports_of_another_week_do_not_count(frozen):
    comment = make_comment(make_article())
    report(comment)
    frozen.shift(8 * 24 * 3600)
    assert not any(report(comment).is_held for _ in range(2))
    assert report(comment).is_held


def test_what_staff_wrote_is_listed_and_never_held(ada):
    reply = moderation.reply_as_staff(make_comment(make_article()), by=ada, text="We will see.").comment
    assert not any(report(reply).is_held for _ in range(5))
    assert (now(reply).state, now(reply).reported) == ("visible", 5)


def test_a_moderators_word_stands(ada):
    comment = make_comment(make_article())
    for _ in range(2):
        report(comment)
    kept = moderation.approve(now(comment), by=ada)
    assert (kept.state, kept.reported) == ("visible", 0)
    assert not any(report(comment).is_held for _ in range(5))
    assert (now(comment).state, now(comment).reported) == ("visible", 5)


def test_one_approved_before_any_report_can_be_held(ada):
    comment = moderation.approve(make_comment(make_article(), held=True), by=ada)
    assert [report(comment).is_held for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("verb", ["approve", "reject", "remove"])
def test_the_next_decision_settles_the_reports(ada, verb):
    comment = make_comment(make_article())
    for _ in range(3):
        report(comment)
    decided = getattr(moderation, verb)(now(comment), by=ada)
    assert decided.reported == 0
    assert set(Report.objects.values_list("settled_at", flat=True)) == {decided.decision.at}


def test_a_pick_settles_nothing(ada):
    comment = make_comment(make_article())
    report(comment)
    assert moderation.pick(comment, by=ada).reported == 1


@pytest.mark.parametrize("verb", ["held", "reject", "remove"])
def test_what_readers_do_not_see_is_not_reported(ada, verb):
    comment = make_comment(make_article(), held=verb != "remove")
    if verb != "held":
        getattr(moderation, verb)(comment, by=ada)
    with pytest.raises(NotThere):
        report(comment)


def test_one_network_may_report_ten_an_hour(frozen):
    comments = [make_comment(make_article()) for _ in range(12)]
    for comment in comments[:10]:
        report(comment, "192.0.2.7")
    with pytest.raises(TooManyReports, match="within the last hour"):
        report(comments[10], "192.0.2.7")
    assert report(comments[10], "192.0.2.8").created
    frozen.shift(3601)
    assert report(comments[11], "192.0.2.7").created
