"""What readers report. A report is heard at once; several networks together hold a comment until a moderator has looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment, Report
from comments.posting import networks_of, queue_up
from site_config import pages
from site_config.audit.log import record

ENOUGH = 3
"""So many networks, within WITHIN, hold a comment."""
WITHIN = timedelta(days=7)
MOST, PER = 10, timedelta(hours=1)
"""So many reports one network may send, and within which time."""
LONGEST_WORDS = 300


class TooManyReports(Exception):
    """The network has reported too much lately; the text says so."""


class NotThere(Exception):
    """Readers do not see the comment, so there is nothing to report."""


class Reported(NamedTuple):
    report: Report
    created: bool
    """False: this network had reported the comment before, and that stands."""
    is_held: bool
    """Whether this report was the one that holds the comment."""


def report(comment: Comment, *, reason: str, words: str = "", address: str = "") -> Reported:
    """Notes that a reader finds a comment wrong. Raises NotThere and TooManyReports.

    No page changes by it, unless the comment is held. About eight queries.
    """
    now = timezone.now()
    networks = networks_of(address, now)
    with pages.changing() as change:
        if networks:
            queue_up(networks[0])
        comment = locked(comment)
        known = comment.reports.filter(network__in=networks or [""]).first()
        if known:
            return Reported(known, created=False, is_held=False)
        if comment.state != Comment.State.VISIBLE:
            raise NotThere
        refuse_storm(networks, now)
        network = networks[0] if networks else ""
        made = Report.objects.create(comment=comment, reason=reason, words=words[:LONGEST_WORDS], network=network, at=now)
        comment.reported += 1
        comment.save(update_fields=["reported"])
        record("comment reported", comment, by=None, reason=reason)
        holds = should_hold(comment, now)
        if holds:
            change.mark(f"article:{comment.article_id}", "lists")
            hold(comment)
    return Reported(made, created=True, is_held=holds)


def locked(comment: Comment) -> Comment:
    """The comment as it is now. Unlike what moderators lock, it is not announced as changed."""
    Article.objects.select_for_update().only("pk").get(pk=comment.article_id)
    return Comment.objects.select_for_update().get(pk=comment.pk)


def refuse_storm(networks: tuple[str, ...], now: datetime) -> None:
    if networks and Report.objects.filter(network__in=networks, at__gt=now - PER).count() >= MOST:
        raise TooManyReports(
            "Many reports came from your network within the last hour, and this one was not added. "
            "The moderators see those that came before. Try again later."
        )


def should_hold(comment: Comment, now: datetime) -> bool:
    """Whether enough networks reported it lately. Never what staff wrote, nor what a moderator kept after a report."""
    if comment.is_staff or comment.reported < ENOUGH or comment.reports.exclude(settled_at=None).exists():
        return False
    lately = comment.reports.filter(settled_at=None, at__gt=now - WITHIN)
    return lately.order_by().values("network").distinct().count() >= ENOUGH


def hold(comment: Comment) -> None:
    """Takes a reported comment from the page until a moderator decides. Its reports stay open."""
    before = comment.state
    comment.reasons = [*comment.reasons, {"code": "reports", "text": f"Reported by {comment.reported} readers"}]
    comment.save(update_fields=["reasons"])
    moderation.move(comment, Comment.State.HELD)
    moderation.note(comment, "hold", before, by=None, reason=f"{comment.reported} reports")
