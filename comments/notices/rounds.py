"""Moderators' mails: what came to wait, or was reported, since they were told last."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from comments.models import Comment, Decision, Report, Rounds
from comments.notices import letters, tokens
from comments.notices.pace import morning
from site_config.mail.smtp import is_on

MAY = "comments.moderate_comment"
MOST_TOLD = 20
SETTLED = timedelta(minutes=1)
"""What is younger may be of a transaction that nobody else sees yet; it is told the next time."""


def tell_moderators() -> None:
    """Writes the mails that are due. One query where nobody has a mail address, and two for each moderator who is due."""
    if not is_on():
        return
    until = timezone.now() - SETTLED
    for user in moderators():
        own = rounds_of(user)
        if is_due(own, timezone.now()):
            tell(own, until)


def moderators() -> QuerySet:
    return get_user_model().objects.with_perm(MAY).exclude(email="").select_related("rounds")


def rounds_of(user) -> Rounds:
    """Those who never chose are told once a day."""
    try:
        return user.rounds
    except Rounds.DoesNotExist:
        return Rounds.objects.get_or_create(user=user)[0]


def is_due(own: Rounds, now: datetime) -> bool:
    here = timezone.localtime(now)
    begins = {
        Rounds.Pace.EACH: here,
        Rounds.Pace.HOUR: here.replace(minute=0, second=0, microsecond=0),
        Rounds.Pace.DAY: morning(here),
    }.get(own.pace)
    return begins is not None and own.told_until + SETTLED < begins <= now


def tell(own: Rounds, until: datetime) -> None:
    """The letter, and up to where it tells, are one transaction: nothing is told twice or left out."""
    with transaction.atomic():
        own = Rounds.objects.select_for_update().select_related("user").get(pk=own.pk)
        if own.told_until >= until:
            return
        found = came_between(own.told_until, until)
        comments = list(found.select_related("article", "parent").order_by("created_at")[:MOST_TOLD])
        if not comments and own.pace == Rounds.Pace.EACH:
            return
        if comments:
            more = found.count() - len(comments) if len(comments) == MOST_TOLD else 0
            waiting = [as_told(comment, own.user) for comment in comments]
            letters.rounds(own.user, waiting, more=more, key=f"rounds:{own.pk}:{until.timestamp():.6f}")
        Rounds.objects.filter(pk=own.pk).update(told_until=until)


def came_between(after: datetime, until: datetime) -> QuerySet:
    """Comments that wait and were written or changed then, or about which a report of then is open."""
    held = Q(state=Comment.State.HELD) & (
        Q(created_at__gt=after, created_at__lte=until) | Q(edited_at__gt=after, edited_at__lte=until)
    )
    open_reports = Q(reports__settled_at=None, reports__at__gt=after, reports__at__lte=until)
    reported = Q(reported__gt=0) & ~Q(state__in=Comment.GONE) & open_reports
    return Comment.objects.filter(pk__in=Comment.objects.filter(held | reported).values("pk"))


def as_told(comment: Comment, user) -> letters.Said:
    reports = comment.reports.filter(settled_at=None)[:5] if comment.reported else []
    reasons = [reason["text"] for reason in comment.held_because] if comment.state == Comment.State.HELD else []
    reasons += [f"Reported: {in_words(report)}" for report in reports]
    decide = letters.link("comment_decide", tokens.decide_token(comment.pk, comment.state, user))
    return letters.said(comment, on=comment.article.title, reasons=reasons, decide=decide)


def in_words(report: Report) -> str:
    reason = report.get_reason_display().lower()
    return f"{reason}, “{report.words}”" if report.words else reason


def noted(decision: Decision) -> None:
    """Mails a moderator's note to the writer, if they have proven that the address is theirs. In the deciding transaction."""
    comment = decision.comment
    if decision.note and comment.proven and comment.email:
        letters.note(comment, decision)
