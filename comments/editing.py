"""What writers can do with a comment of theirs for a quarter of an hour: change its words, or take it back.

Theirs it is to the network that posted it, by the keyed hash of that, or to the member of staff who wrote it, signed in. An
address that is passed on gives nobody the right, and where no network is known nobody has it. Each verb is one transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from comments import markup, search
from comments.models import Comment, Following
from comments.moderation import recount
from comments.placing import show_line
from comments.posting import (
    BadParent,
    RateLimited,
    Refused,
    closed_because,
    networks_of,
    refuse_bad_text,
    refuse_closed,
    the_article,
)
from comments.spam import traces
from comments.spam.draft import APPEARS, Draft
from comments.spam.verdict import verdict_on
from site_config import pages
from site_config.audit.log import record
from site_config.lib.moments import by_the_clock

EDITABLE_FOR = timedelta(minutes=15)
PAUSE = timedelta(seconds=5)
"""Between two changes of a comment: each has pages drawn anew and a row in the log."""
State = Comment.State


class NotYours(Refused):
    status = 403


class TooLate(Refused):
    status = 403


class Decided(Refused):
    status = 409


class Rights(NamedTuple):
    until: datetime
    can_edit: bool
    """False: a moderator has decided about it, or the conversation is closed, so it can only be deleted."""


def rights(comment: Comment, *, address: str = "", user=None) -> Rights | None:
    """What may be done with a comment from there now, if anything. One query at most."""
    if why_not(comment, address=address, user=user, to_edit=False):
        return None
    return Rights(ends_at(comment), not closed_because(comment.article) and not is_decided(comment))


def why_not(comment: Comment, *, address: str = "", user=None, to_edit: bool) -> str:
    """Why it cannot be changed, or deleted, from there now, as a sentence; '' if it can. One query at most."""
    try:
        refuse(comment, timezone.now(), address=address, user=user)
        if to_edit:
            refuse_decided(comment)
    except Refused as refusal:
        return str(refusal)
    return closed_because(comment.article) if to_edit else ""


def edit(comment: Comment, *, text: str, address: str = "", user=None) -> Comment:
    """Changes the words, as the writer of `address` or the signed-in `user`. The verdict is found anew and may hold it;
    what is held stays so. Its fingerprint stays that of the words posted first, so that a resent form makes no second one.

    Raises Refused.
    """
    now, source = timezone.now(), markup.tidy(text)
    refuse_bad_text(source)
    with pages.changing() as change:
        article = the_article(comment.article_id)
        comment = locked(comment)
        refuse(comment, now, address=address, user=user)
        refuse_decided(comment)
        refuse_closed(article)
        if source == comment.source:
            return comment
        refuse_haste(comment, now)
        before = comment.state
        rewrite(comment, draft_of(comment, source, article.language, networks_of(address, now), now))
        settle(comment, before)
        record("comment edited", comment, by=user, before=before, after=comment.state)
        if before == State.VISIBLE:
            change.hide(f"article:{article.pk}", "lists")
    return comment


def withdraw(comment: Comment, *, address: str = "", user=None) -> Comment:
    """Takes a comment back: words, name and e-mail address are erased, and the same may be posted again. Where it has replies
    that are shown, a tombstone stays. Nobody is told of answers to it any more. (Its network's hash stays until it is 30 days
    old: the rate limit counts it.)

    Raises Refused. Withdrawn again, it stays withdrawn.
    """
    now = timezone.now()
    with pages.changing() as change:
        article = the_article(comment.article_id)
        comment = locked(comment)
        before = comment.state
        if before == State.WITHDRAWN:
            return comment
        refuse(comment, now, address=address, user=user)
        erase(comment)
        settle(comment, before)
        record("comment withdrawn", comment, by=user, before=before, after=comment.state)
        if before == State.VISIBLE:
            change.hide(f"article:{article.pk}", "lists")
    return comment


def ends_at(comment: Comment) -> datetime:
    return comment.created_at + EDITABLE_FOR


def is_writer(comment: Comment, now: datetime, *, address: str, user) -> bool:
    if comment.user_id is not None:
        return user is not None and user.pk == comment.user_id
    return comment.network != "" and comment.network in networks_of(address, now)


def is_decided(comment: Comment) -> bool:
    return comment.decided_at is not None or comment.decisions.exists()


def locked(comment: Comment) -> Comment:
    """As it is now. Its article is locked already, as everywhere, so that nobody waits in a ring."""
    found = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if found is None:
        raise BadParent("This comment is not there any more.")
    return found


def refuse(comment: Comment, now: datetime, *, address: str, user) -> None:
    """Raises Refused for whoever did not write it, for one that is not shown any more, and when the time is over."""
    if not is_writer(comment, now, address=address, user=user):
        raise NotYours(
            "You are signed in as somebody else, or not at all. Only who wrote this can change it."
            if comment.user_id
            else "A comment can be changed only from the network that it was posted from, and this seems to be another."
        )
    if comment.state not in {State.VISIBLE, State.HELD}:
        raise Decided("This comment is not shown any more, so there is nothing to change.")
    if now >= ends_at(comment):
        raise TooLate(
            f"A comment can be changed for 15 minutes. For this one they ended at {by_the_clock(ends_at(comment))}, "
            "so it stays as it is."
        )


def refuse_decided(comment: Comment) -> None:
    if is_decided(comment):
        raise Decided("A moderator has read this, so it stays as it is. You can still delete it.")


def refuse_haste(comment: Comment, now: datetime) -> None:
    if comment.edited_at and now < comment.edited_at + PAUSE:
        raise RateLimited("You changed this only a moment ago. Nothing is lost: save it again in a few seconds.")


def draft_of(comment: Comment, source: str, language: str, networks: tuple[str, ...], now: datetime) -> Draft:
    """The comment with other words, as the verdict wants it."""
    name, email = comment.name, comment.email
    return Draft(comment.folded, source, networks, False, None, now, name, email, language, comment.pk, comment.proven)


def rewrite(comment: Comment, draft: Draft) -> None:
    """The columns that follow from new words and the verdict on them."""
    comment.source, comment.html, comment.edited_at = draft.source, markup.to_html(draft.source), draft.now
    verdict = APPEARS if comment.user_id else verdict_on(draft)
    if verdict.held or comment.state == State.VISIBLE:
        comment.reasons = verdict.as_stored()
    if verdict.held:
        comment.state = State.HELD
    comment.save(update_fields=["source", "html", "edited_at", "reasons", "state"])
    traces.rewrite(comment)


def erase(comment: Comment) -> None:
    for words in ("source", "html", "name", "folded", "skeleton", "email"):
        setattr(comment, words, "")
    comment.fingerprint, comment.anchor, comment.reasons, comment.pick, comment.proven = None, None, [], False, False
    comment.state, comment.reported = State.WITHDRAWN, 0
    comment.save()
    comment.traces.all().delete()
    Following.objects.filter(Q(comment=comment) | Q(written=comment, confirmed_at=None)).delete()


def settle(comment: Comment, before: str) -> None:
    """The search index, the article's counts, and the tombstones above."""
    search.follow(comment)
    if comment.state != before:
        recount(comment.article_id, before, comment.state)
        show_line(comment)
