"""Whether a site's rows agree with each other."""

from __future__ import annotations

import json
from collections import Counter

from tests.server import Site

CODE = "from tests.e2e.races.auditing import audit; audit()"


def audited(site: Site) -> dict[str, list[str]]:
    """What is wrong with the rows of a site, by kind; asked in its own shell."""
    return json.loads(site.query(CODE).splitlines()[-1])


def audit() -> None:
    """Prints as JSON what does not agree. Runs in the site's shell."""
    from django.db import connection

    from articles.models import Article

    wrong: dict[str, list[str]] = {}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            wrong["integrity"] = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            wrong["foreign keys"] = [str(row) for row in cursor.fetchall()]
    for article in Article.objects.filter(comments__isnull=False).distinct():
        for kind, sentence in disagreements(article):
            wrong.setdefault(kind, []).append(f"{article.slug}: {sentence}")
    print(json.dumps({kind: found for kind, found in wrong.items() if found}))


def disagreements(article):
    from comments.models import Comment

    comments = list(Comment.objects.filter(article=article))
    visible = sum(comment.state == Comment.State.VISIBLE for comment in comments)
    held = sum(comment.state == Comment.State.HELD for comment in comments)
    if (article.comment_count, article.comments_held) != (visible, held):
        yield "counts", f"says {article.comment_count} and {article.comments_held} held, has {visible} and {held}"
    places = Counter((comment.root_id, comment.nth) for comment in comments)
    yield from (("places", f"{place} is taken {times} times") for place, times in places.items() if times > 1)
    texts = Counter((comment.parent_id, comment.name, comment.source) for comment in comments)
    yield from (("doubled", f"{text} is there {times} times") for text, times in texts.items() if times > 1)
    for comment in comments:
        if comment.root_id is None or (comment.parent_id is None) != (comment.root_id == comment.pk):
            yield "threads", f"comment {comment.pk} has root {comment.root_id}"
        if comment.parent_id and not bytes(comment.path).startswith(bytes(comment.parent.path)):
            yield "threads", f"comment {comment.pk} does not stand under its parent"
    yield from misplaced(comments)


def misplaced(comments):
    """What the columns say by which pages of threads are read, against a count of the rows themselves."""
    from comments.placing import FOLD

    for comment in comments:
        own = comment.nth.to_bytes(4, "big") if comment.parent_id else b""
        if not bytes(comment.path).endswith(own) or bool(comment.path) != bool(own):
            yield "threads", f"comment {comment.pk} has not its place {comment.nth} in its path"
        if comment.tucked != (comment.nth > FOLD):
            yield "threads", f"comment {comment.pk} is the {comment.nth}th, and tucked is {comment.tucked}"
    places, answers = Counter(comment.root_id for comment in comments), Counter()
    answers.update(comment.root_id for comment in comments if comment.shown and comment.parent_id)
    for comment in comments:
        if comment.parent_id is None and comment.answers != answers[comment.pk]:
            yield "answers", f"comment {comment.pk} says {comment.answers}, has {answers[comment.pk]}"
        if comment.parent_id and comment.nth >= places[comment.root_id]:
            yield "places", f"the thread {comment.root_id} has a gap before {comment.nth}"
