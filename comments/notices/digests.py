"""Readers' mails: what has been said since the last one, as it stands when the mail is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from comments.models import Address, Comment, Following, Notice
from comments.notices import letters
from comments.posting import is_seen
from site_config.jobs.backend import enqueue_once

BATCH = 100
MOST_TOLD = 40
"""Comments in one mail; how many more there are is said."""


def wake_if_due() -> None:
    """One indexed query where nothing is due."""
    if Address.objects.filter(due_at__lte=timezone.now()).exists():
        enqueue_once(write_due, key="all")


@task
def write_due() -> None:
    """Writes the mails of BATCH addresses; the rest is another job, so that other jobs have their turn."""
    now = timezone.now()
    due = Address.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    addresses = list(due.values_list("pk", flat=True)[:BATCH])
    for pk in addresses:
        write(pk, now)
    if len(addresses) == BATCH:
        enqueue_once(write_due, key="all")


def write(pk: int, now: datetime) -> None:
    """One address's mail, if there is something to say: the letter and the note that it was told are one transaction.

    A comment that readers do not see now, or that is not followed any more, is left out and forgotten: approved once more,
    it is told then.
    """
    with transaction.atomic():
        address = Address.objects.select_for_update().filter(pk=pk, due_at__lte=now).first()
        if address is None:
            return
        notices = list(untold(address))
        followings = list(Following.objects.active().filter(address=address).select_related("comment"))
        told = {notice.pk: follows for notice in notices if (follows := why(notice.comment, followings))}
        if told:
            tell(address, [notice for notice in notices if notice.pk in told], told)
        address.notices.filter(pk__in=told).update(told_at=now)
        address.notices.filter(told_at=None, pk__in=[notice.pk for notice in notices]).delete()
        Address.objects.filter(pk=pk).update(due_at=None)


def untold(address: Address) -> Iterable[Notice]:
    waiting = address.notices.filter(told_at=None).select_related("comment__article", "comment__parent")
    return waiting.order_by("comment__article", "comment")


def why(comment: Comment, followings: list[Following]) -> list[int]:
    """By which followings somebody is told of the comment; none if they are not to be."""
    if comment.state != Comment.State.VISIBLE or not is_seen(comment.article):
        return []
    return [one.pk for one in followings if one.article_id == comment.article_id and belongs(comment, one.comment)]


def belongs(comment: Comment, to: Comment | None) -> bool:
    """Whether it answers the other, directly or not; anything belongs to the whole conversation."""
    if to is None or comment.parent_id == to.pk:
        return True
    trunk, path = bytes(to.path), bytes(comment.path)
    return comment.root_id == to.root_id and len(path) > len(trunk) and path.startswith(trunk)


def tell(address: Address, notices: list[Notice], followings: dict[int, list[int]]) -> None:
    shown = notices[:MOST_TOLD]
    groups = [
        letters.article_group(comments[0].article, [letters.said(comment) for comment in comments])
        for _, found in groupby((notice.comment for notice in shown), key=lambda comment: comment.article_id)
        if (comments := list(found))
    ]
    about = {pk for notice in notices for pk in followings[notice.pk]}
    key = f"digest:{address.pk}:{max(notice.pk for notice in notices)}"
    letters.digest(address, groups, about, more=len(notices) - len(shown), key=key)
