"""`{% conversation article %}`: the comments of an article, and the form to add one."""

from __future__ import annotations

from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles import parts
from articles.models import Article
from comments import render, threads, tokens
from comments.forms import CommentForm
from comments.models import Comment
from comments.posting import closed_because, closes_at, has_conversation
from site_config import pages
from site_config.lib.addresses import path_to

register = template.Library()
ACTION, TOKEN = "__action__", "__token__"


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: Context, article: Article) -> dict:
    """One query for the first page of a thread, three for a later one; nothing at all where comments are off."""
    if not has_conversation(article):
        return {"off": True}
    request = context["request"]
    sort = request.GET.get("sort", "oldest")
    own = own_comment(article, request.GET.get("c"))
    found = threads.page(article, sort=sort, after=request.GET.get("after"), own=own)
    closed = closed_because(article)
    told = render.Own(own.pk, render.status_of(own.state, own.reasons)) if own else None
    staff, closes = getattr(request, "staff", None), closes_at(article)
    pages.until(request, closes)
    return {
        "article": article,
        "closed": closed,
        "closes": closes,
        "first_held": settings.COMMENT_MODERATION != "open",
        "all_held": settings.COMMENT_MODERATION == "all",
        "form": "" if closed else staff_form(article, request) if staff else blank_form(article.pk, get_language() or ""),
        "staff": staff,
        "thread": parts.later(request, render.thread(found.rows, can_reply=not closed, own=told)),
        "found": found,
        "sort": sort,
    }


def own_comment(article: Article, token: str | None) -> Comment | None:
    """The comment of this article that the holder of the token may see: theirs, visible or held."""
    pk = tokens.owned(token) if token else None
    if pk is None:
        return None
    states = [Comment.State.VISIBLE, Comment.State.HELD]
    return Comment.objects.filter(pk=pk, article=article, state__in=states).first()


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
