"""Who has an article open on the desk, as the forms themselves say every few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from articles.models import Article, Presence, Revision

GONE_AFTER = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(days=1)


class Other(NamedTuple):
    """Somebody else (or the same person in another window) at the same article."""

    name: str
    since: datetime
    is_self: bool


def here(article: Article, *, user, session: str, based_on: int | None = None) -> None:
    """Notes that the form is still open, and the version that it shows. One query, three the first time."""
    now = timezone.now()
    own = {"article": article, "user": user, "session": session}
    if not Presence.objects.filter(**own).update(seen_at=now, based_on=based_on):
        Presence.objects.get_or_create(**own, defaults={"based_on": based_on})
        Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def gone(article: Article, *, user, session: str) -> None:
    """Notes that the form was left."""
    Presence.objects.filter(article=article, user=user, session=session).delete()


def others(article: Article, *, user, session: str = "") -> list[Other]:
    """Who else has it open now, who came first first. One query."""
    found = Presence.objects.filter(article=article, seen_at__gt=timezone.now() - GONE_AFTER).select_related("user")
    rows = [row for row in found.order_by("since", "pk") if not (row.user_id == user.pk and row.session == session)]
    return [Other(str(row.user), row.since, row.user_id == user.pk) for row in rows]


def is_shown_elsewhere(revision: Revision, *, session: str) -> bool:
    """Whether another form that is open began with this version. One query."""
    recent = Presence.objects.filter(article=revision.article_id, seen_at__gt=timezone.now() - GONE_AFTER)
    return recent.filter(based_on=revision.pk).exclude(session=session).exists()
