"""What people do with their mail."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from comments.models import Address, Following
from comments.notices import digests, fanning, following, rounds
from site_config.jobs.runner import run_due
from site_config.mail import delivery
from tests.postbox import part


def deliver() -> None:
    """Does what the runner does until nothing is left to do now."""
    digests.wake_if_due()
    rounds.tell_moderators()
    delivery.wake_if_due()
    while run_due():
        pass


def link(message, name: str) -> str:
    """The path of the first link of the kind ('follow', 'mail', 'decide') in the text of a mail."""
    return urlsplit(re.search(rf"http\S+/comments/{name}/\S+", part(message, "plain"))[0]).path


def confirmed(article, email: str = "ines@example.org", *, pace: str = "each", comment=None) -> Address:
    """An address that follows, without the mails of it."""
    address, _ = Address.objects.get_or_create(
        digest=fanning.digest_of(email), defaults={"email": email, "pace": pace, "confirmed_at": timezone.now()}
    )
    Following.objects.create(address=address, article=article, comment=comment, confirmed_at=timezone.now())
    return address


def ask(article, email: str = "ines@example.org", **options) -> None:
    following.follow(article, **{"email": email, "address": "192.0.2.7", **options})


SOON = timedelta(minutes=4)
