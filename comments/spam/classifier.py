"""The classifier over this site's decisions: what it thinks of a text, and how it learns.

A comment is learned from once a moderator has decided about it (that it appeared, unread, says nothing), and its writer can
no longer change it. `Comment.learned` says as what it was counted; an undone decision takes it out again.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.utils import timezone

from comments.models import Clue, Comment, Decision, Lessons
from comments.spam.bayes import SEEN_ENOUGH, SILENT, Opinion, opinion
from comments.spam.features import features
from site_config.lib.prepared import Prepared

SETTLED = timedelta(minutes=16)
"""Its writer may change a comment for a quarter of an hour; counted earlier, other words would be taken out than put in."""
COMMITTED = timedelta(minutes=1)
"""A decision of a lower number may still be on its way for so long."""
BATCH = 25
MOST_BATCHES = 40
ROWS = 300
GOOD, BAD = "good", "bad"
MEANS = {Comment.State.VISIBLE: GOOD, Comment.State.REJECTED: BAD, Comment.State.REMOVED: BAD}

# Written out: Django's upserts replace a column, and never add to it.
COUNT = """INSERT INTO "comments_clue" ("number", "good", "bad") VALUES {} ON CONFLICT ("number") DO UPDATE SET
    "good" = "comments_clue"."good" + excluded."good", "bad" = "comments_clue"."bad" + excluded."bad\""""
COUNTED = 'SELECT "number", "good", "bad" FROM "comments_clue" WHERE "number" IN ({})'
lessons = Prepared(lambda: Lessons.objects.values_list("good", "bad")[:1])


def opinion_of(name: str, source: str) -> Opinion:
    """Two queries, the second by at most 280 keys; one until it has seen enough."""
    good, bad = next(iter(lessons()), (0, 0))
    if min(good, bad) < SEEN_ENOUGH:
        return SILENT
    found = features(f"{name} {source}")
    return opinion(found, counts_of(list(found)), good, bad)


def counts_of(numbers: list[int]) -> dict[int, tuple[int, int]]:
    """The (good, bad) texts that have each feature, without those that none has."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(", ".join(["%s"] * len(numbers))), numbers)
        return {number: (good, bad) for number, good, bad in cursor.fetchall() if good or bad}


def learn() -> int:
    """Brings the counts in line with what moderators decided since the last time; how many decisions it looked at.

    One query where there is nothing to do. Each batch is a transaction of its own, so that writers need not wait long.
    """
    looked_at = 0
    for _ in range(MOST_BATCHES):
        some = learn_some()
        looked_at += some
        if some < BATCH:
            break
    return looked_at


def learn_some() -> int:
    """One batch. A learner at a time, each decision once."""
    if not decisions_after(Lessons.objects.first() or Lessons()):
        return 0
    with transaction.atomic():
        lesson, _ = Lessons.objects.select_for_update().get_or_create(pk=1)
        decisions = decisions_after(lesson)
        if decisions:
            take_in(lesson, {decision.comment_id for decision in decisions})
            lesson.last_decision = decisions[-1].pk
            lesson.save()
    return len(decisions)


def decisions_after(lesson: Lessons) -> list[Decision]:
    """The next decisions to learn from, in order, up to the first that is too young. One query."""
    now = timezone.now()
    following = Decision.objects.filter(pk__gt=lesson.last_decision).select_related("comment").order_by("pk")[:BATCH]
    return list(takewhile(lambda one: one.at < now - COMMITTED and one.comment.created_at < now - SETTLED, following))


def take_in(lesson: Lessons, pks: set[int]) -> None:
    """Counts each comment as what it is now, and takes out what it was counted as before."""
    changes: Counter[tuple[int, str]] = Counter()
    for comment in Comment.objects.select_for_update().filter(pk__in=pks, user=None).order_by("pk"):
        before, after = comment.learned, meaning_of(comment)
        if before == after:
            continue
        for word, much in ((before, -1), (after, 1)):
            if word:
                changes.update({(number, word): much for number in features(f"{comment.name} {comment.source}")})
                setattr(lesson, word, getattr(lesson, word) + much)
        comment.learned = after
        comment.save(update_fields=["learned"])
    store(changes)


def meaning_of(comment: Comment) -> str:
    """As what to count it. What its writer withdrew stays counted: the words are gone, and they were judged."""
    if comment.state == Comment.State.WITHDRAWN:
        return comment.learned
    return MEANS.get(comment.state, "") if comment.decided_at else ""


def store(changes: Counter[tuple[int, str]]) -> None:
    """Adds to the counts; a row whose counts are 0 again goes."""
    rows = [(number, changes[number, GOOD], changes[number, BAD]) for number in sorted({number for number, _ in changes})]
    for chunk in (rows[at : at + ROWS] for at in range(0, len(rows), ROWS)):
        with connection.cursor() as cursor:
            cursor.execute(COUNT.format(", ".join(["(%s, %s, %s)"] * len(chunk))), [part for row in chunk for part in row])
        if emptied := [number for number, good, bad in chunk if good < 0 or bad < 0]:
            Clue.objects.filter(pk__in=emptied, good__lte=0, bad__lte=0).delete()
