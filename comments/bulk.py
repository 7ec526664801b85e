"""Several comments decided in one act, and undone in one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import NamedTuple

from articles.models import Article
from comments import moderation
from comments.models import Comment, Decision
from comments.moderation import AlreadyDecided
from site_config import pages

MOST = 200
"""So many in one act, about half a second: whoever posts waits while it lasts."""
VERBS = ("approve", "reject", "remove")


class TooMany(Exception):
    """The text says how many can be decided at once."""


class Several(NamedTuple):
    """What became of an act on several."""

    batch: str
    done: list[Comment]
    refused: list[str]
    """A sentence for each that was left as it is."""


def decide_all(comments: Iterable[Comment], verb: str, *, by, reason: str = "", tell: str = "") -> Several:
    """Decides the same about each as it was seen, in one transaction; what cannot be decided is left as it is and told.

    Each has its own row in the log, all with one batch. Raises TooMany. About ten queries for each.
    """
    moderation.allow(by)
    wanted = list(comments)
    if len(wanted) > MOST:
        raise TooMany(f"At most {MOST} comments can be decided at once. Decide about some of them first.")
    found = Several(new_batch(), [], [])
    with pages.changing():
        lock_articles(comment.article_id for comment in wanted)
        for comment in wanted:
            try:
                found.done.append(getattr(moderation, verb)(comment, by=by, reason=reason, tell=tell, batch=found.batch))
            except AlreadyDecided as error:
                found.refused.append(str(error))
    return found


def undo_all(batch: str, *, by) -> Several:
    """Undoes what one act decided, where nothing has happened since. Raises AlreadyDecided where nothing is left to undo."""
    moderation.allow(by)
    found = Several(new_batch(), [], [])
    with pages.changing():
        decisions = list(Decision.objects.filter(batch=batch).exclude(batch="").select_related("comment"))
        lock_articles(decision.comment.article_id for decision in decisions)
        for decision in decisions:
            try:
                found.done.append(moderation.undo(decision, by=by, batch=found.batch))
            except AlreadyDecided as error:
                found.refused.append(str(error))
        if not found.done:
            raise AlreadyDecided(found.refused[0] if found.refused else "There is nothing to undo.")
    return found


def approve_and_pick(comment: Comment, *, by, **words: str) -> Comment:
    """Shows a held comment, marked as the editors' pick; one undo takes both back."""
    words["batch"] = new_batch()
    with pages.changing():
        return moderation.pick(moderation.approve(comment, by=by, **words), by=by, batch=words["batch"])


def new_batch() -> str:
    return secrets.token_hex(16)


def lock_articles(numbers: Iterable[int]) -> None:
    """In one order, so that two acts on several never wait for each other in a ring."""
    list(Article.objects.select_for_update().filter(pk__in=set(numbers)).order_by("pk").values_list("pk"))
