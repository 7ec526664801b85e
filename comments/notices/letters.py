"""The mails themselves: what stands in them, in text and in HTML. Nothing in them tells whether they were opened."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.models import Article
from comments.excerpts import html_excerpt, html_of_passage, text_excerpt, text_of_passage
from comments.models import Address, Comment, Decision, Following
from comments.notices import tokens
from site_config.lib.addresses import absolute, path_to
from site_config.lib.moments import day_and_time
from site_config.lib.text import shorten
from site_config.mail.queueing import post

logger = logging.getLogger(__name__)
LONGEST_SUBJECT = 150
LONGEST_TITLE = 80


class Said(NamedTuple):
    """A comment as a mail tells of it."""

    name: str
    is_staff: bool
    when: str
    to: str
    words: str
    """Markdown, by lines."""
    html: SafeString
    url: str
    on: str = ""
    reasons: tuple[str, ...] = ()
    decide: str = ""


class Group(NamedTuple):
    title: str
    url: str
    comments: list[Said]


def ask_to_confirm(following: Following, now: datetime) -> None:
    """Nothing that the asker typed stands in it: else anybody could send their words to anybody through us."""
    address, article = following.address, following.article
    context = {
        "title": article.title,
        "article": absolute(article.get_absolute_url()),
        "is_reply": following.comment_id is not None,
        "is_writer": following.written_id is not None,
        "confirm": link("follow_confirm", tokens.confirm_token(following.pk)),
        "manage": link("follow_manage", tokens.stop_token(address.pk)),
    }
    subject = f"Confirm that you want to follow “{short(article.title)}”"
    send("confirm", to=address.email, subject=subject, context=context, key=f"confirm:{following.pk}:{now.timestamp():.0f}")


def digest(address: Address, groups: list[Group], followings: Iterable[int], *, more: int, key: str) -> None:
    """What was said, by article. One click in the mail program ends the followings it is about, and no others."""
    stop = link("follow_manage", tokens.stop_token(address.pk, followings))
    context = {"groups": groups, "more": more, "manage": stop, "pace": address.get_pace_display()}
    send("digest", to=address.email, subject=subject_of(groups), context=context, key=key, headers=can_be_stopped(stop))


def rounds(user, waiting: list[Said], *, more: int, key: str) -> None:
    count = len(waiting) + more
    subject = f"{count} comment{' waits' if count == 1 else 's wait'} for a decision"
    own_page = absolute(path_to("admin:comments_rounds_changelist"))
    queue = absolute(path_to("admin:comments_comment_queue"))
    context = {"waiting": waiting, "more": more, "manage": own_page, "queue": queue}
    send("rounds", to=user.email, subject=subject, context=context, key=key)


def note(comment: Comment, decision: Decision) -> None:
    """A moderator's words to the writer."""
    article = comment.article
    context = {
        "title": article.title,
        "article": absolute(article.get_absolute_url()) if article.is_live else "",
        "said": said(comment),
        "note": decision.note,
        "is_shown": decision.after == Comment.State.VISIBLE,
    }
    subject = f"About your comment on “{short(article.title)}”"
    send("note", to=comment.email, subject=subject, context=context, key=f"note:{decision.pk}")


def said(comment: Comment, *, on: str = "", reasons: Iterable[str] = (), decide: str = "") -> Said:
    """`comment.parent` is read if there is one. The words of the passage that it is about stand before its own."""
    return Said(
        name=comment.name,
        is_staff=comment.is_staff,
        when=day_and_time(comment.created_at),
        to=comment.parent.name if comment.parent else "",
        words=text_of_passage(comment.passage) + text_excerpt(comment.source),
        html=html_of_passage(comment.passage) + html_excerpt(comment.html),
        url=absolute(comment.get_absolute_url()),
        on=on,
        reasons=tuple(reasons),
        decide=decide,
    )


def subject_of(groups: list[Group]) -> str:
    comments = [comment for group in groups for comment in group.comments]
    if len(comments) == 1:
        return f"{comments[0].name} on “{short(groups[0].title)}”"
    if len(groups) == 1:
        return f"{len(comments)} comments on “{short(groups[0].title)}”"
    return f"{len(comments)} comments on {len(groups)} articles"


def can_be_stopped(url: str) -> dict[str, str]:
    """RFC 2369, and RFC 8058 where the site has https, as it asks for."""
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{url}>", **one_click}


def link(name: str, token: str) -> str:
    return absolute(path_to(name, token))


def short(title: str) -> str:
    return shorten(title, LONGEST_TITLE)


def article_group(article: Article, comments: list[Said]) -> Group:
    return Group(article.title, absolute(article.get_absolute_url()), comments)


def send(name: str, *, to: str, subject: str, context: dict, key: str, headers: dict[str, str] | None = None) -> None:
    whole = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "subject": subject, **context}
    text = render_to_string(f"emails/{name}.txt", whole)
    html = render_to_string(f"emails/{name}.html", whole)
    try:
        post(to=to, subject=shorten(subject, LONGEST_SUBJECT), text=text, html=html, headers=headers, key=key)
    except ValueError:
        logger.warning("A mail was not written: its address cannot be used.")
