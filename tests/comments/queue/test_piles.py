"""The piles of the queue, by cursor; counts that stop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import moderation, reporting
from comments.models import Comment
from comments.queue import piles
from tests.comments.making import make_comment, some_address
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def test_the_longest_wait_comes_first_and_a_cursor_goes_on(monkeypatch):
    monkeypatch.setattr(piles, "SIZE", 2)
    article = make_article()
    numbers = [make_comment(article, held=True).pk for _ in range(5)]
    pages, after = [], None
    for _ in range(3):
        page, more = piles.page_of("held", after)
        pages.append((page, more))
        after = page[-1]
    assert pages == [(numbers[:2], True), (numbers[2:4], True), (numbers[4:], False)]


def test_the_cursor_stays_right_while_the_pile_is_decided(ada, monkeypatch):
    monkeypatch.setattr(piles, "SIZE", 2)
    comments = [make_comment(make_article(), held=True) for _ in range(5)]
    page, _ = piles.page_of("held", None)
    for comment in comments[:3]:
        moderation.approve(comment, by=ada)
    assert piles.page_of("held", page[-1])[0] == [comments[3].pk, comments[4].pk]


def test_comments_of_one_moment_are_told_apart(frozen, monkeypatch):
    monkeypatch.setattr(piles, "SIZE", 2)
    numbers = [make_comment(make_article(), held=True).pk for _ in range(3)]
    assert piles.page_of("held", numbers[1])[0] == numbers[2:]
    seen = [make_comment(make_article()).pk for _ in range(3)]
    assert piles.page_of("recent", seen[2])[0] == [seen[1], seen[0]]


def test_reported_are_those_that_readers_still_see(ada):
    one, three = make_comment(make_article()), make_comment(make_article())
    reporting.report(one, reason="spam", address=some_address())
    for _ in range(3):
        reporting.report(three, reason="spam", address=some_address())
    assert piles.page_of("reported", None)[0] == [one.pk]
    assert piles.page_of("held", None)[0] == [three.pk]


def test_recent_are_readers_words_of_a_week_the_newest_first(frozen, ada):
    old = make_comment(make_article())
    frozen.shift(8 * 24 * 3600)
    new, newer = make_comment(make_article()), make_comment(make_article())
    moderation.reply_as_staff(old, by=ada, text="Thanks.")
    assert piles.page_of("recent", None)[0] == [newer.pk, new.pk]


def test_decided_today_begins_at_midnight_here(frozen, ada, monkeypatch):
    moderation.remove(make_comment(make_article(), name="Yesterday"), by=ada)
    frozen.shift(13 * 3600)
    moderation.approve(make_comment(make_article(), held=True, name="Today"), by=ada)
    decided, more = piles.page_of_decisions(None)
    assert ([row.line for row in decided], more) == (["Ada approved the comment by Today"], False)


def test_counts_stop_at_99():
    article = make_article()
    assert piles.standing() == ({"held": "0", "reported": "0", "recent": "0", "decided": "0"}, None)
    for _ in range(100):
        make_comment(article, held=True)
    assert piles.standing().counts["held"] == "99+"
    Comment.objects.filter(pk=Comment.objects.first().pk).update(decided_at=timezone.now())
    assert piles.page_of("held", None)[1]


def test_the_longest_wait_counts_from_when_it_was_held(frozen, ada):
    old = make_comment(make_article())
    frozen.shift(10 * 24 * 3600)
    for _ in range(3):
        reporting.report(old, reason="spam", address=some_address())
    make_comment(make_article(), held=True)
    frozen.shift(3600)
    assert piles.longest_wait() == timedelta(hours=1)
