"""Whom a comment is to be told to: a row for each address, written by a job once readers see the comment."""

from __future__ import annotations

import contextlib
import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.encoding import punycode
from django_tasks import task

from comments.models import Address, Comment, Following, Notice, Pace
from comments.notices.pace import next_mail
from site_config.lib.prepared import Prepared
from site_config.mail.smtp import is_on

BATCH = 1000

any_follower = Prepared(
    lambda article: Following.objects.filter(article=article, confirmed_at__isnull=False).values_list("pk")[:1]
)


def published(comment: Comment) -> None:
    """To be called in the transaction in which readers come to see a comment, however often.

    Costs nothing without a mail server, one indexed SELECT with one, and an INSERT where somebody follows the article.
    """
    if is_on() and any_follower(comment.article_id):
        fan_out.enqueue(comment.pk)


@task
def fan_out(comment_id: int, after: int = 0) -> None:
    """Notes a comment for BATCH of those who follow it, by number of their address; the rest is another job. Safe to repeat."""
    comment = Comment.objects.visible().filter(pk=comment_id).first()
    if comment is None:
        return
    with transaction.atomic():
        addresses = followers(comment, after)
        notices = [Notice(address_id=pk, comment=comment) for pk in addresses]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        make_due(addresses)
        if len(addresses) == BATCH:
            fan_out.enqueue(comment_id, addresses[-1])


def followers(comment: Comment, after: int) -> list[int]:
    """Addresses that follow what the comment belongs to, but its writer's own. One query, two for a reply."""
    wanted = Q(comment=None) | Q(comment__in=above(comment)) if comment.parent_id else Q(comment=None)
    found = Following.objects.active().filter(wanted, article=comment.article_id, address__gt=after)
    if comment.email:
        found = found.exclude(address__digest=digest_of(comment.email))
    return list(found.order_by("address").values_list("address", flat=True).distinct()[:BATCH])


def above(comment: Comment) -> list[int]:
    """The comments that this one answers, directly or not. One query. Below DEEPEST the direct one and the trunk's."""
    path = bytes(comment.path)
    trunk = [path[:end] for end in range(0, len(path), 4)]
    found = Comment.objects.filter(Q(path__in=trunk) | Q(pk=comment.parent_id), root=comment.root_id)
    return list(found.values_list("pk", flat=True))


def make_due(addresses: list[int]) -> None:
    """Their next mail is due at their pace, if none was. Each row is written, so that this and the writing of a mail wait
    for each other: no notice is left behind."""
    now = timezone.now()
    for pace in Pace.values:
        rows = Address.objects.filter(pk__in=addresses, pace=pace)
        rows.update(due_at=Coalesce("due_at", next_mail(pace, now)))


def digest_of(email: str) -> str:
    """The keyed hash by which an address is known again, however its letters and its domain are written."""
    local, _, domain = email.strip().casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = punycode(domain)
    message = f"{local}@{domain}".encode("utf-8", "replace")
    return hmac.new(f"address:{settings.SECRET_KEY}".encode(), message, hashlib.sha256).hexdigest()
