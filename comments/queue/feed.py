"""What waits, for a feed reader: an address of each moderator's own, which they can revoke."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from articles.authority import authority, tag_uri
from comments.excerpts import html_excerpt, html_of_passage
from comments.models import Comment, FeedKey
from comments.moderation import PERMISSION, allow
from comments.queue import cases, piles
from site_config.audit.log import record
from site_config.lib import feeds
from site_config.lib.addresses import absolute

MOST = 50


def address_for(user) -> str:
    """The address of this person's feed; '' where they have none yet. One query."""
    key = FeedKey.objects.filter(user=user).first()
    return absolute(reverse("comment_queue_feed", args=[token_of(key)])) if key else ""


def make_address(user) -> str:
    """A new address, which revokes the one before. Raises PermissionDenied."""
    allow(user)
    key, _ = FeedKey.objects.update_or_create(user=user, defaults={"number": secrets.token_hex(16), "made_at": timezone.now()})
    record("feed address made", user, by=user)
    return absolute(reverse("comment_queue_feed", args=[token_of(key)]))


def token_of(key: FeedKey) -> str:
    """Signed with the site's key: who reads the database cannot read the feed."""
    message = f"queue feed:{settings.SECRET_KEY}".encode()
    signature = hmac.new(message, f"{key.user_id}:{key.number}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"{key.user_id}-{signature}"


def reader_of(token: str):
    """Whose token it is, as long as they may moderate; None for any other. One query, four with their permissions."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    key = FeedKey.objects.filter(user=int(number)).select_related("user").first()
    if key is None or not hmac.compare_digest(token_of(key).encode(), token.encode()):
        return None
    user = key.user
    return user if user.is_active and user.is_staff and user.has_perm(PERMISSION) else None


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Held and reported comments, those that wait longest first. Never kept, never indexed."""
    if reader_of(token) is None:
        raise Http404("No such feed, or its address was replaced.")
    text, content_type = feeds.write(what_waits(absolute(request.path)), feeds.ATOM)
    response = HttpResponse(text, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def what_waits(address: str) -> feeds.Feed:
    """The feed at `address`; an empty queue is of now. Ten queries at most."""
    by = authority()
    held, reported = (list(piles.comments_of(name).values_list("pk", flat=True)[:MOST]) for name in ("held", "reported"))
    return feeds.Feed(
        id=tag_uri(by, "queue"),
        title=f"Comments that wait · {settings.SITE_NAME}",
        url=absolute(reverse("admin:comments_comment_queue")),
        address=address,
        language=settings.LANGUAGE_CODE,
        entries=[entry(found, by) for found in cases.cases((held + reported)[:MOST])],
        as_of=timezone.now(),
    )


def entry(found: cases.Case, by: str) -> feeds.Entry:
    comment = found.comment
    why = [reason["text"] for reason in found.reasons] + [f"reported as {kind}" for kind in found.reports]
    words = html_of_passage(comment.passage) + html_excerpt(comment.html)
    state = "Held" if comment.state == Comment.State.HELD else "Reported"
    return feeds.Entry(
        id=tag_uri(by, f"queue/{comment.pk}"),
        url=absolute(reverse("admin:comments_comment_queue") + f"?case={comment.pk}"),
        title=f"{state}: {comment.name} on {comment.article.title}",
        html=words + format_html_join("", "<p>{}</p>", ((reason,) for reason in why)),
        published=comment.created_at,
        updated=comment.created_at,
        authors=(feeds.Person(comment.name),),
    )
