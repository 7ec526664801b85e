"""Moderation by week."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, reporting
from comments.models import Comment
from comments.queue.statistics import figures
from tests.comments.making import make_comment, some_address
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def cells(name: str) -> list[str]:
    found = figures()
    return next(line.cells for line in [*found.measures, *found.people] if line.name == name)


def test_nothing_yet_is_said_as_nothing(frozen):
    found = figures()
    assert len(found.weeks) == 12
    assert (str(found.weeks[0]), str(found.weeks[-1])) == ("2024-11-25", "2025-02-10")
    assert [line.said for line in found.measures][3] == "Waited, median: nothing yet"
    assert found.people == []


def test_waiting_time_shares_and_who_decided(frozen, ada):
    mo = make_user(display_name="Mo", permissions=("comments.moderate_comment",))
    article = make_article()
    comments = [make_comment(article, held=True) for _ in range(4)]
    make_comment(article)
    for number, comment in enumerate(comments):
        frozen.shift(3600)
        (moderation.approve if number % 2 else moderation.reject)(comment, by=mo if number == 3 else ada)
    assert cells("Comments")[-2:] == ["0", "5"]
    assert cells("Held when they came")[-1] == "80%"
    assert cells("Decisions")[-1] == "4"
    assert cells("Waited, median")[-1] == "2 h 30 min"
    assert cells("Waited, nine in ten at most")[-1] == "3 h 42 min"
    assert cells("Rejected or removed")[-1] == "50%"
    assert (cells("Ada")[-1], cells("Mo")[-1]) == ("3", "1")


def test_what_was_undone_or_turned_round_was_reversed(frozen, ada):
    first, second, third = (make_comment(make_article(), held=True) for _ in range(3))
    moderation.undo(moderation.reject(first, by=ada).decision, by=ada)
    frozen.shift(60)
    moderation.remove(moderation.approve(second, by=ada), by=ada)
    frozen.shift(60)
    moderation.approve(third, by=ada)
    assert cells("Reversed later")[-1] == "50%"


def test_what_was_held_again_waits_from_then(frozen, ada):
    old = make_comment(make_article())
    frozen.shift(5 * 24 * 3600)
    for _ in range(3):
        reporting.report(old, reason="spam", address=some_address())
    frozen.shift(1800)
    moderation.approve(Comment.objects.get(), by=ada)
    assert cells("Waited, median")[-1] == "30 min"


def test_weeks_are_told_apart_and_older_ones_left_out(frozen, ada):
    article = make_article()
    make_comment(article)
    frozen.shift(7 * 24 * 3600)
    for _ in range(2):
        make_comment(article)
    assert cells("Comments")[-3:] == ["0", "1", "2"]
    frozen.shift(12 * 7 * 24 * 3600)
    assert set(cells("Comments")) == {"0"}


def test_it_costs_two_queries(ada):
    for _ in range(5):
        moderation.approve(make_comment(make_article(), held=True), by=ada)
    with CaptureQueriesContext(connection) as captured:
        figures()
    assert len(captured) == 2


def test_lines_have_a_corner_for_each_known_week(frozen, ada):
    make_comment(make_article())
    points = figures().measures[0].points.split()
    assert (len(points), points[0], points[-1]) == (12, "0.0,22.0", "120.0,2.0")
