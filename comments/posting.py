"""Posting a comment: one transaction in which it is refused, found to be there already, held or shown."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from articles.models import Article
from articles.reading import article_without_text
from comments import markup, names, search, twins
from comments.models import Comment
from comments.notices import fanning
from comments.placing import place, run
from comments.spam import traces
from comments.spam.draft import APPEARS, Draft, Verdict
from comments.spam.verdict import verdict_on
from site_config import pages
from site_config.audit.log import record
from site_config.lib.network import keyed_hash
from site_config.lib.prepared import Prepared
from site_config.lib.text import fold, is_blank, shorten

LONGEST_NAME = 60
FOLDED = 120
"""Folding lengthens some letters; the column does not."""


# Written out: Django takes half a millisecond to write it anew, with the write lock held.
COUNTED = """
    UPDATE "articles_article" SET "comment_count" = "comment_count" + %s, "comments_held" = "comments_held" + %s
    WHERE "id" = %s
"""
by_fingerprint = Prepared(lambda fingerprint: Comment.objects.filter(fingerprint=fingerprint).values_list("pk"))


class Refused(Exception):
    """The comment cannot be posted; the text says why and what to do. `field` is where to say it, '' for the whole form."""

    field = ""
    status = 400


class Closed(Refused):
    status = 403


class RateLimited(Refused):
    status = 429


class BadParent(Refused):
    status = 409


class TurnedDown(Refused):
    status = 409


class ReservedName(Refused):
    field = "name"


class BadText(Refused):
    field = "text"


class Posted(NamedTuple):
    comment: Comment
    created: bool
    """False: the same comment of the same writer was there already."""


def post_comment(
    article: Article,
    *,
    name: str,
    text: str,
    parent: Comment | None = None,
    email: str = "",
    address: str = "",
    user=None,
    seconds: float | None = None,
    honeypot: bool = False,
    anchor: dict[str, str] | None = None,
) -> Posted:
    """Posts a comment, as a reader or, with `user`, as a signed-in member of staff.

    `address` is the client's network address (only its keyed hash is kept), `seconds` the time since the fresh
    token was made, `anchor` the passage that it is about, as passages.take() gives it. The same again gives the
    comment that is there. Raises Refused. About fourteen queries.
    """
    now = timezone.now()
    source = markup.tidy(text)
    refuse_bad_text(source)
    name = shown_name(name, user)
    networks = () if user else networks_of(address, now)
    draft = Draft(fold(name)[:FOLDED], source, networks, honeypot, seconds, now, name, email, article.language)
    left = traces.traces(source)
    with pages.changing() as change:
        article = the_article(article.pk)
        if same := posted_before(article, parent, draft, anchor):
            return Posted(same, created=False)
        refuse_closed(article)
        parent = refuse_bad_parent(article, parent)
        if not user:
            refuse_flood(networks, now)
        comment = Comment(article=article, parent=parent, name=name, email=email, user=user, anchor=anchor)
        fill(comment, draft, APPEARS if user else verdict_on(draft))
        twins.tell_apart(comment, networks)
        place(comment)
        traces.leave(comment, left)
        count(article, comment)
        record("comment posted", comment, by=user, state=comment.state)
        if comment.shown:
            change.mark(f"article:{article.pk}", "lists")
            fanning.published(comment)
            search.follow(comment)
    return Posted(comment, created=True)


def shown_name(name: str, user) -> str:
    """The name under which it will stand: a member of staff's own, or what a reader gave. Raises ReservedName."""
    if user:
        return shorten(str(user), LONGEST_NAME)
    if trouble := names.trouble(name):
        raise ReservedName(trouble)
    return name


def the_article(pk: int) -> Article:
    """Locked, so that comments on it are placed and counted one after the other. Raises Closed where it is gone."""
    found = article_without_text(pk, lock=True)
    if found is None:
        raise Closed("This article is not there any more. What you wrote is below: copy it if you want to keep it.")
    return found


def fill(comment: Comment, draft: Draft, verdict: Verdict) -> None:
    """The columns that follow from the draft and the verdict."""
    comment.source, comment.html, comment.folded = draft.source, markup.to_html(draft.source), draft.folded
    comment.network, comment.created_at = draft.networks[0] if draft.networks else "", draft.now
    comment.fingerprint = fingerprint_of(comment.article, comment.parent, draft, comment.network, comment.anchor)
    comment.reasons = verdict.as_stored()
    comment.state = Comment.State.HELD if verdict.held else Comment.State.VISIBLE
    comment.shown = not verdict.held


def networks_of(address: str, now: datetime) -> tuple[str, ...]:
    """The hashes of the client's network under the keys of the last 30 days, this month's first; none if unknown."""
    hashes = [keyed_hash(address, now - timedelta(days=days)) for days in (0, 15, 30)]
    return tuple(dict.fromkeys(filter(None, hashes)))


def posted_before(article: Article, parent: Comment | None, draft: Draft, anchor: dict | None) -> Comment | None:
    """The same comment of the same writer, if it is there already."""
    fingerprints = [fingerprint_of(article, parent, draft, network, anchor) for network in draft.networks or ("",)]
    found = [pk for fingerprint in fingerprints for (pk,) in by_fingerprint(fingerprint)]
    same = Comment.objects.get(pk=found[0]) if found else None
    if same and same.state in {Comment.State.REJECTED, Comment.State.REMOVED}:
        raise TurnedDown("You have sent this before, and a moderator decided not to show it. Sending it again changes nothing.")
    return same


def refuse_bad_text(source: str) -> None:
    if is_blank(source):
        raise BadText("Write something: there is nothing here that a reader could see.")
    if trouble := markup.problem(source):
        raise BadText(trouble)


def has_conversation(article: Article) -> bool:
    """Whether readers see comments under it at all. Plain pages have none."""
    return article.kind == Article.Kind.ARTICLE and article.comment_policy != Article.CommentPolicy.OFF


def is_seen(article: Article) -> bool:
    """Whether readers see the conversation on it now: nothing of it is shown, mailed or reported otherwise. No query."""
    return article.is_live and has_conversation(article)


def closed_because(article: Article) -> str:
    """Why nobody can comment on this article now, as a sentence; '' if anybody can. No query."""
    if not article.is_live:
        return "This article is not public, so it cannot be commented on."
    if not settings.COMMENTS_OPEN:
        return "Comments are closed on the whole site at the moment."
    if article.comment_policy != Article.CommentPolicy.OPEN or not has_conversation(article):
        return "The conversation on this article is closed."
    if (closes := closes_at(article)) and closes <= timezone.now():
        return f"The conversation closed on {timezone.localtime(closes):%-d %B %Y}."
    return ""


def closes_at(article: Article) -> datetime | None:
    """When the conversation closes by its age, or None."""
    if not settings.COMMENT_CLOSE_DAYS or not article.published_at:
        return None
    return article.published_at + timedelta(days=settings.COMMENT_CLOSE_DAYS)


def refuse_closed(article: Article) -> None:
    """Raises Closed. No query."""
    if sentence := closed_because(article):
        raise Closed(f"{sentence} What you wrote is below: copy it if you want to keep it.")


def refuse_bad_parent(article: Article, parent: Comment | None) -> Comment | None:
    """The parent as it is now, if it can be answered."""
    if parent is None:
        return None
    parent = Comment.objects.filter(pk=parent.pk, article=article).first()
    if parent is None or parent.state != Comment.State.VISIBLE:
        raise BadParent("The comment that you are answering is no longer there.")
    return parent


def refuse_flood(networks: tuple[str, ...], now: datetime) -> None:
    """Counts the network's comments in the window, in the posting transaction, so that no race slips through."""
    most, seconds = settings.COMMENT_RATE
    if not networks:
        return
    queue_up(networks[0])
    if is_flood(networks, now, most=most, window=timedelta(seconds=seconds)):
        wait = "in a minute" if seconds <= 60 else "later"
        raise RateLimited(f"Too many comments came from your network just now. Nothing is lost: try again {wait}.")


def is_flood(networks: tuple[str, ...], now: datetime, *, most: int, window: timedelta) -> bool:
    """Whether `most` comments came within the window. One query."""
    since = now - window
    if not most or (since.year, since.month) != (now.year, now.month):  # hashes of another month are others
        return Comment.objects.filter(network__in=networks, created_at__gt=since).count() >= most
    found = nth_newest(most)(networks[0])
    return bool(found) and found[0][0] > since


@cache
def nth_newest(n: int) -> Prepared:
    """When the n-th newest comment of a network was posted."""
    newest_first = Comment.objects.order_by("-created_at").values_list("created_at")
    return Prepared(lambda network: newest_first.filter(network=network)[n - 1 : n])


def queue_up(network: str) -> None:
    """Lets a network post once at a time, whatever the articles, until the transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(network[:15], 16)])


def fingerprint_of(article: Article, parent: Comment | None, draft: Draft, network: str, anchor: dict | None = None) -> str:
    """A keyed digest that is the same only for the same words of the same writer at the same place."""
    parts = [str(article.pk), str(parent.pk if parent else 0), draft.folded, draft.source, network]
    parts += [anchor["exact"], anchor["prefix"]] if anchor else []
    message = "\x1f".join(parts).encode("utf-8", "replace")
    return hmac.new(f"fingerprint:{settings.SECRET_KEY}".encode(), message, hashlib.sha256).hexdigest()


def count(article: Article, comment: Comment) -> None:
    """Keeps the two columns that lists show."""
    seen = comment.state == Comment.State.VISIBLE
    run(COUNTED, int(seen), int(not seen), article.pk)
