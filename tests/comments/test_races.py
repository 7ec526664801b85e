"""What happens at once. On PostgreSQL only: SQLite has one writer at a time."""

from collections import Counter

import pytest
from django.db import connection

from articles.models import Article
from comments import bulk, moderation, posting, reporting
from comments.models import Comment, Decision
from site_config.pages import watcher
from tests.factories import make_article, make_user
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with several writers"),
]

CROWD = 6


def post(article, text: str, address: str = "192.0.2.7", **options):
    return lambda: posting.post_comment(article, name="Ines", text=text, address=address, **options)


def kinds(results) -> Counter:
    return Counter(type(result).__name__ for result in results)


def test_the_same_post_twice_at_once_is_one_comment():
    article = make_article()
    results = at_once(*[post(article, "A thought.")] * CROWD)
    assert len({posted.comment.pk for posted in results}) == 1
    assert [posted.created for posted in results].count(True) == 1
    article.refresh_from_db()
    assert (article.comment_count, Comment.objects.count()) == (1, 1)


def test_many_at_once_are_all_counted_and_each_has_its_own_place():
    article = make_article()
    root = post(article, "The first.")().comment
    results = at_once(*[post(article, "Me too.", f"198.51.100.{n}", parent=root) for n in range(CROWD)])
    assert kinds(results) == {"Posted": CROWD}
    replies = Comment.objects.exclude(pk=root.pk)
    assert sorted(replies.values_list("nth", flat=True)) == list(range(1, CROWD + 1))
    assert len({bytes(path) for path in replies.values_list("path", flat=True)}) == CROWD
    assert Article.objects.get().comment_count == CROWD + 1


@pytest.mark.parametrize("places", [1, CROWD])
def test_posts_at_once_do_not_pass_the_rate(settings, places):
    """On one article, and each on its own, where no row is shared."""
    settings.COMMENT_RATE = (2, 60)
    articles = [make_article() for _ in range(places)]
    results = at_once(*[post(articles[n % places], f"Thought {n}.") for n in range(CROWD)])
    assert kinds(results) == {"Posted": 2, "RateLimited": CROWD - 2}
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("verbs", [("approve", "approve"), ("approve", "reject"), ("reject", "remove")])
def test_of_two_moderators_one_decides(verbs):
    comment = post(make_article(), "A thought.", honeypot=True)().comment
    people = [make_user(permissions=("comments.moderate_comment",)) for _ in verbs]

    def act(verb, person):
        return lambda: getattr(moderation, verb)(comment, by=person)

    results = at_once(*map(act, verbs, people))
    assert kinds(results) == {"Comment": 1, "AlreadyDecided": 1}
    loser = next(result for result in results if isinstance(result, Exception))
    decision = Decision.objects.get()
    assert decision.by_name in str(loser)
    article = Article.objects.get()
    assert (article.comment_count, article.comments_held) == (int(decision.verb == "approve"), 0)


def test_a_hundred_pairs_let_go_together_decide_each_comment_once():
    """Each of two moderators decides what both have on their page; the second is told who was first."""
    article = make_article()
    people = [make_user(display_name=name, permissions=("comments.moderate_comment",)) for name in ("Ada", "Mo")]
    comments = [post(article, f"Thought {n}.", f"198.51.100.{n}", honeypot=True)().comment for n in range(100)]
    verbs = [moderation.approve, moderation.reject, moderation.remove]
    told = []
    for number, comment in enumerate(comments):
        pair = [verbs[number % 3], verbs[(number + number // 3) % 3]]
        results = at_once(*[lambda v=verb, c=comment, by=by: v(c, by=by) for verb, by in zip(pair, people, strict=True)])
        assert kinds(results) == {"Comment": 1, "AlreadyDecided": 1}
        winner = next(result for result in results if isinstance(result, Comment))
        told.append(str(next(result for result in results if isinstance(result, Exception))))
        assert told[-1].startswith(f"{winner.decision.by_name} {winner.decision.done} the comment by Ines a moment ago.")
    assert Decision.objects.count() == 100
    article.refresh_from_db()
    assert (article.comment_count, article.comments_held) == (Comment.objects.visible().count(), 0)


def test_two_acts_on_several_that_share_comments_do_not_deadlock():
    articles = [make_article() for _ in range(3)]
    comments = [post(articles[n % 3], f"Thought {n}.", f"198.51.100.{n}", honeypot=True)().comment for n in range(12)]
    people = [make_user(permissions=("comments.moderate_comment",)) for _ in range(2)]
    orders = [comments, comments[::-1]]
    one, two = at_once(*[lambda o=o, by=by: bulk.decide_all(o, "reject", by=by) for o, by in zip(orders, people, strict=True)])
    assert len(one.done) + len(two.done) == 12
    assert Decision.objects.count() == 12
    results = at_once(*[lambda by=by: bulk.undo_all((one if one.done else two).batch, by=by) for by in people])
    assert sorted(kinds(results).items()) == [("AlreadyDecided", 1), ("Several", 1)]


def test_reports_at_once_are_each_counted_and_hold_once():
    comment = post(make_article(), "A thought.")().comment
    results = at_once(
        *[lambda n=n: reporting.report(comment, reason="spam", address=f"203.0.113.{n % 4}") for n in range(2 * CROWD)]
    )
    held = Comment.objects.get()
    assert held.state == "held"
    assert held.reported == held.reports.count() == 3
    assert sum(getattr(result, "is_held", False) for result in results) == 1
    assert Decision.objects.count() == 1


def test_two_answers_to_a_held_comment_approve_it_once():
    comment = post(make_article(), "A thought.", honeypot=True)().comment
    people = [make_user(permissions=("comments.moderate_comment",)) for _ in range(2)]
    results = at_once(*[lambda by=by: moderation.reply_as_staff(comment, by=by, text=f"{by} answers.") for by in people])
    assert kinds(results) == {"Posted": 2}
    assert Decision.objects.count() == 1
    assert Article.objects.get().comment_count == 3


def test_a_reply_and_the_removal_of_what_it_answers_leave_a_whole_thread():
    for round_ in range(4):
        article, editor = make_article(), make_user(is_superuser=True)
        parent = post(article, "A thought.", f"198.51.100.{round_}")().comment
        reply, _ = at_once(post(article, "No.", parent=parent), lambda: moderation.remove(parent, by=editor))
        parent.refresh_from_db()
        assert parent.shown is not isinstance(reply, posting.BadParent)
        article.refresh_from_db()
        assert article.comment_count == Comment.objects.visible().filter(article=article).count()
        with watcher.paused():
            Comment.objects.update(network="")


def test_conversations_on_two_articles_do_not_deadlock():
    articles = [make_article() for _ in range(2)]
    results = at_once(*[post(articles[n % 2], f"Thought {n}.", f"203.0.113.{n}") for n in range(8)])
    assert kinds(results) == {"Posted": 8}
