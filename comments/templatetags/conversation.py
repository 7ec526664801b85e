"""`{% conversation article %}`: the comments of an article, and the form to add one."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles import parts
from articles.models import Article
from comments import editing, joining, passages, render, threads, tokens
from comments.forms import CommentForm
from comments.models import Comment
from comments.posting import closed_because, closes_at, has_conversation
from site_config import pages
from site_config.lib import feeds
from site_config.lib.addresses import path_to
from site_config.lib.moments import by_the_clock
from site_config.lib.network import client_address
from site_config.mail.smtp import is_on

register = template.Library()
ACTION, TOKEN = "__action__", "__token__"
WAYS = {
    "oldest": ("← First comments", "← Earlier comments", "Later comments →"),
    "newest": ("← Newest comments", "← Newer comments", "Older comments →"),
    "picks": ("← First picks", "← Earlier picks", "Later picks →"),
}


class Way(NamedTuple):
    """A link to another page of the same comments."""

    address: str
    words: str
    rel: str


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: Context, article: Article) -> dict:
    """One query for the first page, three for a later one, five for a thread's own; nothing at all where comments are off."""
    if not has_conversation(article):
        return {"off": True}
    request = context["request"]
    asked = {name: request.GET.get(name) for name in ("thread", "after")}
    own = own_comment(article, request.GET.get("c"))
    found = threads.page(article, sort=request.GET.get("sort", "oldest"), own=own, **asked)
    closed = closed_because(article)
    marked = passages.of_page(request, article, own=own)
    vars(request)["shown_comments"] = {row.id for row in found.rows}
    rows = passages.linked([*found.above, *found.rows], marked)
    staff, closes = getattr(request, "staff", None), closes_at(article)
    told = render.Own(own.pk, told_to(own, request, staff)) if own else None
    pages.until(request, closes)
    if found.where.sort == "oldest" and own is None:
        parts.tell(request, joining.facts(article, found.rows), max((row.created_at for row in found.rows), default=None))
    return {
        "article": article,
        "closed": closed,
        "closes": closes,
        "moderation": settings.COMMENT_MODERATION,
        "form": "" if closed else staff_form(article, request) if staff else blank_form(article.pk, get_language() or ""),
        "staff": staff,
        "choose": path_to("comment_passages", article.pk),
        "can_follow": is_on(),
        "feed": joining.feed_address(article, feeds.ATOM),
        "thread": parts.later(request, render.thread(rows, can_reply=not closed, own=told, folded=found.folded)),
        "found": found,
        "sort": found.where.sort,
        "ways": ways(found, article.get_absolute_url()),
    }


def ways(found: threads.ThreadPage, home: str) -> list[Way]:
    first, earlier, later = WAYS[found.where.sort]
    known: list[Way] = []
    if found.earlier:
        start = found.earlier._replace(after=None)
        known.append(Way(start.query() or home, first, "" if found.earlier.after else "prev"))
        if found.earlier.after:
            known.append(Way(found.earlier.query(), earlier, "prev"))
    return [*known, Way(found.later.query(), later, "next")] if found.later else known


def own_comment(article: Article, token: str | None) -> Comment | None:
    """The comment of this article that the holder of the token may see: theirs, unless they have taken it back."""
    pk = tokens.owned(token) if token else None
    if pk is None:
        return None
    own = Comment.objects.filter(pk=pk, article=article).exclude(state=Comment.State.WITHDRAWN).first()
    if own:
        own.article = article
    return own


def told_to(own: Comment, request, staff) -> str:
    """What the writer reads above it: how it stands, and what they can do."""
    return render.status_of(own.state, own.reasons, note_to(own)) + what_they_can_do(own, request, staff)


def what_they_can_do(own: Comment, request, staff) -> str:
    """The links to change or delete it, for the writer alone. One query at most."""
    can = editing.rights(own, address=client_address(request), user=staff)
    if can is None:
        return ""
    return render.rights_of(own.pk, request.GET.get("c", ""), by_the_clock(can.until), can_edit=can.can_edit)


def note_to(own: Comment) -> str:
    """What the moderator who turned the comment down tells its writer. One query, where it was."""
    if own.state not in {Comment.State.REJECTED, Comment.State.REMOVED}:
        return ""
    decided = own.decisions.filter(undone_at=None, after=own.state).exclude(note="")
    return decided.values_list("note", flat=True).first() or ""


@lru_cache(maxsize=256)
def blank_form(article: int, language: str) -> str:
    """The form of any reader: drawn once, then only its address and token are put in. Neither ever changes."""
    filled = drawn_form(language).replace(ACTION, path_to("comment_on", article))
    return render.safe(filled.replace(TOKEN, tokens.form_token(article, None)))


@cache
def drawn_form(language: str) -> str:
    form = CommentForm(action=ACTION, initial={"token": TOKEN})
    return render_to_string("comments/_form.html", {"form": form})


def staff_form(article: Article, request) -> str:
    initial = {"token": tokens.form_token(article.pk, None)}
    form = CommentForm(action=path_to("comment_on", article.pk), staff=request.staff, initial=initial)
    return render_to_string("comments/_form.html", {"form": form}, request=request)
