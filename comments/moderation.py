"""What moderators decide. Each verb is one transaction with its row in the log of decisions."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, Decision
from comments.posting import Posted, post_comment
from site_config import pages
from site_config.audit.log import record
from site_config.pages.changes import Change

PERMISSION = "comments.moderate_comment"
UNDO_WITHIN = timedelta(days=1)
State = Comment.State


class AlreadyDecided(Exception):
    """Somebody has decided since the comment was looked at, or decided the same before; the text says who and what."""


def approve(comment: Comment, *, by) -> Comment:
    """Shows a held, rejected or removed comment."""
    return decide(comment, "approve", State.VISIBLE, by=by)


def reject(comment: Comment, *, by, reason: str = "") -> Comment:
    """Keeps a held comment from ever being shown."""
    return decide(comment, "reject", State.REJECTED, by=by, reason=reason)


def remove(comment: Comment, *, by, reason: str = "") -> Comment:
    """Takes a comment down; where it has replies that are shown, a tombstone stays."""
    return decide(comment, "remove", State.REMOVED, by=by, reason=reason)


def pick(comment: Comment, *, by, picked: bool = True) -> Comment:
    """Marks a visible comment as the editors' pick, or takes the mark away."""
    allow(by)
    with pages.changing() as change:
        comment = lock(comment, change)
        if comment.state != State.VISIBLE or comment.pick == picked:
            raise AlreadyDecided("Only a comment that readers see can be picked, and only once.")
        comment.pick = picked
        comment.save(update_fields=["pick"])
        note(comment, "pick" if picked else "unpick", comment.state, by=by)
    return comment


def restore(comment: Comment, *, by) -> Comment:
    """Undoes the last decision about a comment that still stands, for a day after it; then the one before that."""
    allow(by)
    with pages.changing() as change:
        now = lock(comment, change)
        refuse_overtaken(now, comment.state)
        last = undoable(now)
        if last is None:
            raise AlreadyDecided("There is no decision of the last day to undo.")
        last.undone_at, before = timezone.now(), now.state
        last.save(update_fields=["undone_at"])
        if last.verb in {"pick", "unpick"}:
            now.pick = last.verb == "unpick"
            now.save(update_fields=["pick"])
        else:
            move(now, last.before)
        note(now, "restore", before, by=by, reason=f"undid: {last.verb}")
    return now


def undoable(comment: Comment) -> Decision | None:
    """The decision that restore() would undo. One query."""
    recent = comment.decisions.filter(undone_at=None, at__gt=timezone.now() - UNDO_WITHIN)
    return recent.exclude(verb="restore").first()


def reply_as_staff(comment: Comment, *, by, text: str) -> Posted:
    """Answers with the staff badge. A held comment that is answered is approved by that."""
    allow(by)
    with pages.changing() as change:
        comment = lock(comment, change)
        if comment.state == State.HELD:
            approve(comment, by=by)
        return post_comment(comment.article, parent=comment, name=str(by), text=text, user=by)


def decide(comment: Comment, verb: str, state: str, *, by, reason: str = "") -> Comment:
    """Takes a comment from the state in which `by` saw it into another. Raises AlreadyDecided."""
    allow(by)
    with pages.changing() as change:
        now = lock(comment, change)
        refuse_overtaken(now, comment.state, state)
        before = now.state
        move(now, state)
        note(now, verb, before, by=by, reason=reason)
    return now


def move(comment: Comment, state: str) -> None:
    """Takes a comment into another state, with the article's counts and the tombstones above it. A pick stays marked."""
    before, comment.state = comment.state, state
    comment.decided_at = None if state == State.HELD else timezone.now()
    comment.save(update_fields=["state", "decided_at"])
    recount(comment.article_id, before, state)
    show_line(comment)
    if before == State.VISIBLE:
        pages.hide(f"article:{comment.article_id}", "lists")


def allow(by) -> None:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Deciding about comments needs the permission to moderate.")


def lock(comment: Comment, change: Change) -> Comment:
    """The comment as it is now; its article is locked first, as everywhere, so that nobody waits in a ring."""
    Article.objects.select_for_update().only("pk").get(pk=comment.article_id)
    change.mark(f"article:{comment.article_id}", "lists")
    return Comment.objects.select_for_update().get(pk=comment.pk)


def refuse_overtaken(comment: Comment, seen: str, wanted: str = "") -> None:
    """Raises AlreadyDecided for a comment that is not any more as it was seen, or that is as it is wanted already."""
    if comment.state != seen or comment.state == wanted:
        raise AlreadyDecided(f"{already(comment)} Nothing was changed.")


def already(comment: Comment) -> str:
    last = comment.decisions.filter(undone_at=None, after=comment.state).exclude(before=comment.state).first()
    who = f": {last.by_name} decided so" if last else ""
    return f"The comment by {comment.name} is {comment.state} already{who}."


def recount(article_id: int, before: str, after: str) -> None:
    """Keeps the article's two columns as a comment goes from one state to another."""
    seen = (after == State.VISIBLE) - (before == State.VISIBLE)
    held = (after == State.HELD) - (before == State.HELD)
    Article.objects.filter(pk=article_id).update(
        comment_count=F("comment_count") + seen, comments_held=F("comments_held") + held
    )


def show_line(comment: Comment | None) -> None:
    """Sets `shown` of a comment and its ancestors: a tombstone stands only while something below it is shown."""
    while comment is not None:
        below = Comment.objects.filter(parent=comment, shown=True)
        shown = comment.state == State.VISIBLE or (comment.state in {State.REMOVED, State.REJECTED} and below.exists())
        if shown == comment.shown:
            return
        comment.shown = shown
        comment.save(update_fields=["shown"])
        comment = comment.parent


def note(comment: Comment, verb: str, before: str, *, by, reason: str = "") -> None:
    Decision.objects.create(
        comment=comment, by=by, by_name=str(by), verb=verb, before=before, after=comment.state, reason=reason[:300]
    )
    record(f"comment {verb}", comment, by=by, before=before, after=comment.state)
