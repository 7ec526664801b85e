"""What a moderator is shown of a case, in a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, reporting
from comments.models import Comment, Report, Trace
from comments.queue.cases import as_seen, cases, seen
from tests.comments.making import make_comment, some_address
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def test_the_history_of_the_writer_and_of_the_network(frozen, ada):
    article = make_article()
    moderation.approve(make_comment(article, name="Ines", address="192.0.2.7", held=True), by=ada)
    moderation.remove(make_comment(article, name="INES", text="Two.", address="192.0.2.7"), by=ada)
    moderation.reject(make_comment(article, name="Jonas", address="192.0.2.7", held=True), by=ada)
    make_comment(article, name="Ines", text="Elsewhere.", address="192.0.2.99")
    frozen.shift(3600)
    (case,) = cases([make_comment(article, name="Ines", text="Three.", address="192.0.2.7", held=True).pk])
    assert (case.writer.approved, case.writer.removed, case.writer.waiting, case.writer.visible) == (1, 1, 1, 1)
    assert (case.network.approved, case.network.removed, case.network.waiting) == (1, 2, 1)
    assert case.writer.first.hour == 12
    assert [(way.way, way.words) for way in case.alike] == [
        ("writer", "1 more by this writer"),
        ("network", "1 more from this network"),
    ]


def test_an_address_joins_what_networks_keep_apart():
    article = make_article()
    make_comment(article, name="Ines", email="i@example.org", address="192.0.2.7")
    (case,) = cases([make_comment(article, name="Ines D.", email="i@example.org", address="192.0.2.8").pk])
    assert (case.writer.visible, case.network.visible) == (2, 1)


def test_traces_shared_with_others_that_can_be_decided_about(ada):
    one, same, gone = (make_comment(make_article(), held=True) for _ in range(3))
    for comment in (one, same, gone):
        Trace.objects.create(comment=comment, kind=Trace.Kind.LINK, value=7)
        Trace.objects.create(comment=comment, kind=Trace.Kind.LINK, value=8)
    moderation.reject(gone, by=ada)
    assert ("link", "1 more with a link to the same site") in cases([one.pk])[0].alike


def test_what_counted_if_the_verdict_said_how_much():
    comment = make_comment(make_article(), held=True)
    reasons = [
        {"code": "a", "text": "A link", "weight": 1.6},
        {"code": "b", "text": "Known", "weight": -0.25},
        {"code": "c", "text": "Plain"},
    ]
    Comment.objects.update(reasons=reasons)
    (case,) = cases([comment.pk])
    assert [reason["text"] for reason in case.reasons] == [
        "Plain",
        "A link",
    ]  # the heaviest first; one without a weight was enough to hold
    assert case.signals == [("A link", "+1.6"), ("Known", "−0.2"), ("Plain", "+2.0")]
    assert case.together == "+3.4"


def test_reports_are_told_by_their_kind_and_words():
    comment = make_comment(make_article())
    for reason, words in (("spam", ""), ("spam", "Three times today."), ("attack", "")):
        reporting.report(comment, reason=reason, words=words, address=some_address())
    (case,) = cases([comment.pk])
    assert sorted(case.reports) == ["advertising or spam: 2", "attacks a person: 1"]
    assert (case.words_of_reports, case.more_words) == (["Three times today."], 0)


def test_of_a_storm_of_reports_the_newest_words_are_told_and_how_many_more_there_are():
    comment = make_comment(make_article())
    for number in range(25):
        Report.objects.create(comment=comment, reason="spam", words=f"No. {number}", network=str(number))
    (case,) = cases([comment.pk])
    assert case.words_of_reports == [f"No. {number}" for number in range(24, 4, -1)]
    assert case.more_words == 5
    assert case.reports == ["advertising or spam: 25"]


@pytest.mark.parametrize(
    ("state", "verbs"),
    [("held", ["approve", "reject", "remove", "pick"]), ("visible", ["remove", "pick"]), ("picked", ["remove", "unpick"]),
     ("reported", ["approve", "remove", "pick"]), ("removed", ["approve"])],
)  # fmt: skip
def test_the_verbs_that_fit(ada, state, verbs):
    comment = make_comment(make_article(), held=state == "held")
    if state == "picked":
        moderation.pick(comment, by=ada)
    elif state == "reported":
        reporting.report(comment, reason="spam", address=some_address())
    elif state == "removed":
        moderation.remove(comment, by=ada)
    assert [verb for verb, _, _ in cases([comment.pk])[0].acts] == verbs


def test_thirty_cost_as_many_queries_as_one(ada):
    article = make_article()
    parent = make_comment(article)

    def rich(number: int) -> int:
        made = make_comment(article, parent=parent, held=True, email=f"r{number}@example.org")
        Trace.objects.create(comment=made, kind=Trace.Kind.TEXT, value=number % 3)
        moderation.undo(moderation.reject(made, by=ada).decision, by=ada)
        return made.pk

    def count(numbers) -> int:
        with CaptureQueriesContext(connection) as captured:
            for case in cases(numbers):
                _ = (
                    case.comment.article.get_absolute_url(),
                    case.comment.article.title,
                    case.comment.parent.excerpt,
                    case.seen,
                )
        return len(captured)

    one = count([rich(0)])
    assert count([rich(number) for number in range(1, 31)]) == one
    assert one <= 8


def test_what_a_page_showed_is_compared(ada):
    comment = moderation.approve(make_comment(make_article(), held=True), by=ada)
    shown = seen(Comment.objects.get())
    again = as_seen(Comment(), shown)
    assert (again.state, again.decided_at) == ("visible", comment.decided_at)
    for forged in ("", "visible", "visible x", "held 2025-02-15T12:00:00+00:00"):
        with pytest.raises(moderation.AlreadyDecided):
            moderation.remove(as_seen(Comment.objects.get(), forged), by=ada)


def test_the_next_on_the_page_is_known():
    numbers = [make_comment(make_article(), held=True).pk for _ in range(2)]
    assert [case.following for case in cases(numbers)] == [numbers[1], None]
