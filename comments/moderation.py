"""What moderators decide. Each verb is one transaction with its row in the log of decisions.

`reason` is for the log, `tell` what the writer is told, `batch` the same for all that is decided in one act. The comment
that a verb gives has its row of the log as `decision`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from comments import search
from comments.models import Comment, Decision
from comments.notices import fanning, rounds
from comments.placing import show_line
from comments.posting import Posted, post_comment
from site_config import pages
from site_config.audit.log import record
from site_config.lib.moments import by_the_clock, day_and_time
from site_config.pages.changes import Change

PERMISSION = "comments.moderate_comment"
UNDO_WITHIN = timedelta(days=1)
LONGEST_REASON, LONGEST_NOTE = 300, 1000
State = Comment.State
OF_PICKS = ("pick", "unpick")


class AlreadyDecided(Exception):
    """Somebody has decided since the comment was looked at, or decided the same before; the text says who and what."""


def approve(comment: Comment, *, by, **words: str) -> Comment:
    """Shows a held, rejected or removed comment; what readers reported and still see stays, and the reports are settled."""
    return decide(comment, "approve", State.VISIBLE, by=by, **words)


def reject(comment: Comment, *, by, **words: str) -> Comment:
    """Keeps a held comment from ever being shown."""
    return decide(comment, "reject", State.REJECTED, by=by, **words)


def remove(comment: Comment, *, by, **words: str) -> Comment:
    """Takes a comment down; where it has replies that are shown, a tombstone stays."""
    return decide(comment, "remove", State.REMOVED, by=by, **words)


def pick(comment: Comment, *, by, picked: bool = True, **words: str) -> Comment:
    """Marks a visible comment as the editors' pick, or takes the mark away."""
    allow(by)
    with pages.changing() as change:
        comment = lock(comment, change)
        if comment.state != State.VISIBLE:
            raise AlreadyDecided(f"{already(comment)} Only what readers see can be picked.")
        if comment.pick == picked:
            last = comment.decisions.filter(verb__in=OF_PICKS).first()
            raise AlreadyDecided(f"{already(comment, last)} Nothing was changed.")
        comment.pick = picked
        comment.save(update_fields=["pick"])
        note(comment, "pick" if picked else "unpick", comment.state, by=by, **words)
    return comment


def reply_as_staff(comment: Comment, *, by, text: str, batch: str = "") -> Posted:
    """Answers with the staff badge. A held comment that is answered is approved by that."""
    allow(by)
    with pages.changing() as change:
        comment = lock(comment, change)
        if comment.state == State.HELD:
            approve(comment, by=by, batch=batch)
        return post_comment(comment.article, parent=comment, name=str(by), text=text, user=by)


def decide(comment: Comment, verb: str, state: str, *, by, **words: str) -> Comment:
    """Takes a comment from the state in which `by` saw it into another. Raises AlreadyDecided."""
    allow(by)
    with pages.changing() as change:
        now = lock(comment, change)
        refuse_overtaken(now, comment, state)
        settle(now, verb, state, by=by, **words)
    return now


def settle(comment: Comment, verb: str, state: str, *, by, **words: str) -> Decision:
    """Decides about a comment that is locked, and about what readers reported of it."""
    before = comment.state
    move(comment, state)
    decision = note(comment, verb, before, by=by, **words)
    if comment.reported:
        comment.reports.filter(settled_at=None).update(settled_at=decision.at)
        comment.reported = 0
        comment.save(update_fields=["reported"])
    return decision


def move(comment: Comment, state: str) -> None:
    """Takes a comment into another state, with the article's counts and the tombstones above it. A pick stays marked."""
    before, comment.state = comment.state, state
    comment.decided_at = None if state == State.HELD else timezone.now()
    comment.save(update_fields=["state", "decided_at"])
    if before == state:
        return
    recount(comment.article_id, before, state)
    show_line(comment)
    search.follow(comment)
    if state == State.VISIBLE:
        fanning.published(comment)
    if before == State.VISIBLE:
        pages.hide(f"article:{comment.article_id}", "lists")


# --- undoing ----------------------------------------------------------------------------------------------------------


def restore(comment: Comment, *, by) -> Comment:
    """Undoes the last decision about a comment that still stands, for a day after it; then the one before that."""
    allow(by)
    with pages.changing() as change:
        now = lock(comment, change)
        refuse_overtaken(now, comment)
        last = undoable(now)
        if last is None:
            raise AlreadyDecided("There is no decision of the last day to undo.")
        undo_locked(last, now, by=by)
    return now


def undo(decision: Decision, *, by, batch: str = "") -> Comment:
    """Undoes this decision if it is the last about its comment and of the last day; gives the comment as it is then.

    Raises AlreadyDecided with what stands in the way.
    """
    allow(by)
    with pages.changing() as change:
        comment = lock(decision.comment, change)
        decision = Decision.objects.get(pk=decision.pk)
        refuse_undoing(decision, comment)
        undo_locked(decision, comment, by=by, batch=batch)
    return comment


def undo_locked(decision: Decision, comment: Comment, *, by, batch: str = "") -> None:
    before, decision.undone_at = comment.state, timezone.now()
    decision.save(update_fields=["undone_at"])
    if decision.verb in OF_PICKS:
        comment.pick = decision.verb == "unpick"
        comment.save(update_fields=["pick"])
    else:
        move(comment, decision.before)
        reopen_reports(comment, decision.at)
        if comment.state != State.HELD:
            comment.decided_at = standing(comment).values_list("at", flat=True).first()
            comment.save(update_fields=["decided_at"])
    note(comment, "restore", before, by=by, reason=f"undid: {decision.verb}", batch=batch, undoes=decision)


def reopen_reports(comment: Comment, settled_at: datetime) -> None:
    count = comment.reports.filter(settled_at=settled_at).update(settled_at=None)
    if count:
        comment.reported = count
        comment.save(update_fields=["reported"])


def refuse_undoing(decision: Decision, comment: Comment) -> None:
    """Raises AlreadyDecided with the sentence for whoever wants to undo the decision. Three queries at most."""
    if decision.undone_at:
        who = Decision.objects.filter(undoes=decision).values_list("by_name", flat=True).first() or "Somebody"
        raise AlreadyDecided(f"{who} undid this {when(decision.undone_at)}. Nothing was changed.")
    if decision.verb == "restore":
        raise AlreadyDecided("An undoing cannot be undone. Decide about the comment anew.")
    if decision.at < timezone.now() - UNDO_WITHIN:
        raise AlreadyDecided("This was decided more than a day ago and cannot be undone. Decide about the comment anew.")
    if comment.state == State.WITHDRAWN:
        raise AlreadyDecided(f"{already(comment)} Nothing was changed.")
    later = comment.decisions.filter(pk__gt=decision.pk, undone_at=None).exclude(verb="restore").first()
    if later or (comment.state != decision.after):
        raise AlreadyDecided(f"{already(comment, later)} Undo that first, or decide about the comment anew.")


def standing(comment: Comment):
    """The decisions about a comment's state that nobody has undone, the newest first."""
    return comment.decisions.filter(undone_at=None).exclude(verb__in=(*OF_PICKS, "restore", "hold"))


def undoable(comment: Comment) -> Decision | None:
    """The decision that restore() would undo. One query."""
    recent = comment.decisions.filter(undone_at=None, at__gt=timezone.now() - UNDO_WITHIN)
    return recent.exclude(verb__in=("restore", "hold")).first()


# --- what all verbs do ------------------------------------------------------------------------------------------------


def allow(by) -> None:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Deciding about comments needs the permission to moderate.")


def lock(comment: Comment, change: Change) -> Comment:
    """The comment as it is now; its article is locked first, as everywhere, so that nobody waits in a ring."""
    Article.objects.select_for_update().only("pk").get(pk=comment.article_id)
    change.mark(f"article:{comment.article_id}", "lists")
    return Comment.objects.select_for_update().get(pk=comment.pk)


def refuse_overtaken(now: Comment, seen: Comment, wanted: str = "") -> None:
    """Raises AlreadyDecided for a comment that is not any more as it was seen, or that is as it is wanted already.

    To approve what readers see is a decision only where they reported it.
    """
    overtaken = (now.state, now.decided_at) != (seen.state, seen.decided_at)
    if overtaken or (now.state == wanted and not (wanted == State.VISIBLE and now.reported)) or now.state == State.WITHDRAWN:
        raise AlreadyDecided(f"{already(now)} Nothing was changed.")


def already(comment: Comment, last: Decision | None = None) -> str:
    """Who did last what to the comment, as a sentence. One query."""
    if comment.state == State.WITHDRAWN:
        return f"The writer has taken back the comment by {comment.name}."
    last = last or last_decision(comment)
    if last is None:
        return f"The comment by {comment.name} is {comment.state} already."
    return f"{last.by_name} {last.done} the comment by {comment.name} {when(last.at)}."


def last_decision(comment: Comment) -> Decision | None:
    """The newest about its state; None for one that its writer took back, or that nobody decided about. One query."""
    return None if comment.state == State.WITHDRAWN else comment.decisions.exclude(verb__in=OF_PICKS).first()


def when(moment: datetime) -> str:
    """How long ago, for the end of a sentence."""
    passed = timezone.now() - moment
    if passed < timedelta(minutes=2):
        return "a moment ago"
    is_today = timezone.localtime(moment).date() == timezone.localdate()
    return f"at {by_the_clock(moment)}" if is_today else f"on {day_and_time(moment)}"


def recount(article_id: int, before: str, after: str) -> None:
    """Keeps the article's two columns as a comment goes from one state to another."""
    seen = (after == State.VISIBLE) - (before == State.VISIBLE)
    held = (after == State.HELD) - (before == State.HELD)
    Article.objects.filter(pk=article_id).update(
        comment_count=F("comment_count") + seen, comments_held=F("comments_held") + held
    )


def note(
    comment: Comment, verb: str, before: str, *, by, reason: str = "", tell: str = "", batch: str = "", undoes=None
) -> Decision:
    """Writes the act into the log of decisions and into that of the site. `by` None is the readers' reports."""
    comment.decision = Decision.objects.create(
        comment=comment,
        by=by,
        by_name=str(by) if by else "Readers’ reports",
        verb=verb,
        before=before,
        after=comment.state,
        reason=reason[:LONGEST_REASON],
        note=tell[:LONGEST_NOTE],
        batch=batch,
        undoes=undoes,
    )
    rounds.noted(comment.decision)
    record(f"comment {verb}", comment, by=by, before=before, after=comment.state)
    return comment.decision
