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
