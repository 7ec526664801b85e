from datetime import timedelta

import pytest
from django.core.signing import dumps

from comments import reporting, retention
from comments.models import Comment, Report
from site_config.jobs import periodic
from tests.comments.making import generation, make_comment
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_the_network_is_kept_for_thirty_days_and_no_longer(frozen):
    comment = make_comment(make_article(), email="ines@example.org")
    assert comment.network
    frozen.shift(timedelta(days=30))
    assert retention.forget_networks() == 0
    frozen.shift(timedelta(seconds=1))
    assert retention.forget_networks() == 1
    comment.refresh_from_db()
    assert (comment.network, comment.fingerprint) == ("", None)
    assert comment.name.startswith("Reader")


def test_it_forgets_once(frozen):
    make_comment(make_article())
    frozen.shift(timedelta(days=31))
    assert [retention.forget_networks(), retention.forget_networks()] == [1, 0]


def test_held_comments_and_those_of_staff_are_forgotten_too(frozen, editor):
    article = make_article()
    make_comment(article, held=True)
    make_comment(article, user=editor)
    frozen.shift(timedelta(days=31))
    assert retention.forget_networks() == 2
    assert not Comment.objects.exclude(fingerprint=None).exists()


def test_forgetting_changes_nothing_that_readers_see(frozen):
    article = make_article()
    make_comment(article)
    before = generation(f"article:{article.pk}"), generation("lists"), generation("site")
    frozen.shift(timedelta(days=31))
    retention.forget_networks()
    assert (generation(f"article:{article.pk}"), generation("lists"), generation("site")) == before


def test_the_network_of_a_report_is_forgotten_as_well(frozen):
    report = reporting.report(make_comment(make_article()), reason="spam", address="192.0.2.7").report
    frozen.shift(timedelta(days=30))
    retention.forget_networks()
    assert Report.objects.get().network == report.network
    frozen.shift(timedelta(seconds=1))
    retention.forget_networks()
    assert Report.objects.get().network == ""


def test_no_address_is_stored_anywhere():
    comment = make_comment(make_article(), address="203.0.113.99")
    row = Comment.objects.filter(pk=comment.pk).values().get()
    assert "203.0.113" not in dumps({name: str(value) for name, value in row.items()}) + str(row)
    assert len(comment.network) == 32


def test_the_housekeeping_does_it():
    assert retention.forget_networks in periodic._tasks
