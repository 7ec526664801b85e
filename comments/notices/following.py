"""Beginning to follow a conversation by mail, confirming it, and ending it. Each verb is one transaction.

What a page says after `follow()` is the same whatever is known of the address: nobody learns from it who reads here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Address, Comment, Following
from comments.notices import letters
from comments.notices.fanning import digest_of
from comments.notices.pace import next_mail
from comments.posting import RateLimited, networks_of, queue_up
from comments.spam import verdict
from site_config import pages
from site_config.audit.log import record

ASK_AGAIN_AFTER = timedelta(days=1)
MOST_REQUESTS = 3
"""Mails that ask to confirm, to one address in a day, whoever wants them sent."""
MOST_FROM_NETWORK = 10
WINDOW = timedelta(hours=1)


def follow(
    article: Article,
    *,
    email: str,
    pace: str = "",
    comment: Comment | None = None,
    written: Comment | None = None,
    address: str,
) -> None:
    """Asks the owner of `email` by mail whether they want to follow the article's conversation, or the answers to `comment`.

    `written` is the comment in whose form it was asked for, `address` the client's network address. Nothing is mailed for
    what is confirmed or was asked within a day, nor to who wants no mail from here. Raises RateLimited.
    """
    now = timezone.now()
    networks = networks_of(address, now)
    with transaction.atomic():
        refuse_flood(networks, now)
        known, _ = Address.objects.select_for_update().get_or_create(
            digest=digest_of(email), defaults={"email": email, **({"pace": pace} if pace else {})}
        )
        wanted = {"pace": pace, "written": written, "network": networks[0] if networks else "", "asked_at": now}
        following, is_new = Following.objects.get_or_create(address=known, article=article, comment=comment, defaults=wanted)
        if may_ask(following, known, now, is_new=is_new):
            if not is_new:
                Following.objects.filter(pk=following.pk).update(**wanted)
            letters.ask_to_confirm(following, now)


def begin(comment: Comment, ticked: Mapping[str, object], *, address: str) -> None:
    """Follows as the boxes of the form of this comment say; everything that is said contains the replies. Never raises: the
    comment is posted already."""
    if not ticked.get("email") or not (ticked.get("tell_all") or ticked.get("tell_replies")):
        return
    only = None if ticked.get("tell_all") else comment
    with suppress(RateLimited):
        follow(comment.article, email=str(ticked["email"]), comment=only, written=comment, address=address)


def refuse_flood(networks: tuple[str, ...], now: datetime) -> None:
    if not networks:
        return
    queue_up(networks[0])
    if Following.objects.filter(network__in=networks, asked_at__gt=now - WINDOW).count() >= MOST_FROM_NETWORK:
        raise RateLimited("Too many requests to follow came from your network just now. Try again in an hour.")


def may_ask(following: Following, address: Address, now: datetime, *, is_new: bool) -> bool:
    if address.stopped_at or following.confirmed_at:
        return False
    if not is_new and following.asked_at > now - ASK_AGAIN_AFTER:
        return False
    others = address.followings.filter(confirmed_at=None, asked_at__gt=now - ASK_AGAIN_AFTER).exclude(pk=following.pk)
    return others.count() < MOST_REQUESTS


def confirm(following: Following) -> None:
    """Begins the following, for who read the mail that asked. Again it changes nothing. Proves the comment it came with."""
    now = timezone.now()
    with pages.changing():
        address = Address.objects.select_for_update().get(pk=following.address_id)
        address.confirmed_at = address.confirmed_at or now
        address.pace = following.pace or address.pace
        address.save(update_fields=["confirmed_at", "pace"])
        Following.objects.filter(pk=following.pk, confirmed_at=None).update(confirmed_at=now)
        if following.written and digest_of(following.written.email) == address.digest:
            prove(following.written)


def prove(comment: Comment) -> None:
    """Notes that its writer reads the address they gave. If it waits for the trust alone that comes of this, it appears."""
    if not Comment.objects.filter(pk=comment.pk, proven=False).update(proven=True):
        return
    again = getattr(verdict, "again", None)
    if again is None or comment.state != Comment.State.HELD:
        return
    with pages.changing() as change:
        now = moderation.lock(comment, change)
        if now.state != Comment.State.HELD or now.reported or now.decisions.exists():
            return
        judged = again(now)
        if not judged.held:
            moderation.move(now, Comment.State.VISIBLE)
            stored = {"reasons": judged.as_stored(), "decided_at": None}  # nobody decided: trust is of what people decide
            Comment.objects.filter(pk=now.pk).update(**stored)
            record("comment appears", now, by=None, because="the address was confirmed")


def set_pace(address: Address, *, pace: str) -> None:
    """What waits for its mail already is mailed at the new pace too."""
    with transaction.atomic():
        Address.objects.filter(pk=address.pk).update(pace=pace)
        waiting = Address.objects.filter(pk=address.pk, due_at__isnull=False)
        waiting.update(due_at=next_mail(pace, timezone.now()))


def stop(address: Address, followings: tuple[int, ...] = ()) -> None:
    """Ends these followings of the address, or all of them. With the last one the address is forgotten."""
    with transaction.atomic():
        own = Following.objects.filter(address=address)
        (own.filter(pk__in=followings) if followings else own).delete()
        if not own.exists():
            Address.objects.filter(pk=address.pk, stopped_at=None).delete()


def never_again(address: Address) -> None:
    """Ends everything, and keeps of the address only the hash by which a new request for it is known and not mailed."""
    with transaction.atomic():
        Following.objects.filter(address=address).delete()
        address.notices.all().delete()
        now = timezone.now()
        Address.objects.filter(pk=address.pk).update(email="", stopped_at=now, confirmed_at=None, due_at=None)


def allow_again(address: Address) -> None:
    """Forgets that there was to be no mail. It begins again only when somebody asks to follow, and confirms."""
    Address.objects.filter(pk=address.pk).exclude(stopped_at=None).delete()
