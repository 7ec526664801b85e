"""What the open form tells the desk every few seconds: what was typed, and that it is still open. All in JSON.

Whatever cannot be done is said in words that the form shows beside its buttons; the text stays in the browser.
"""

from __future__ import annotations

import re
import zlib

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse

from articles import presence, revisions
from articles.admin.forms import ArticleForm, NewArticleForm
from articles.models import Article, Revision
from articles.richtext.references import is_number
from site_config.lib.moments import by_the_clock
from site_config.lib.policy import framed

PACKED = "application/gzip"
MOST_BYTES = 10_000_000
SESSION = re.compile(r"[0-9a-f]{32}")

SIGNED_OUT = "You have been signed out. Sign in again: what you wrote is still here."
DELETED = "This article has been deleted. What you wrote is still here: copy it, or save it as a new article."
NOT_YOURS = "You may not change this article any more. What you wrote is still here: copy it before you leave."


class Unreadable(ValueError):
    """The body of the request is not what a form packs."""


def alive(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Whether somebody is signed in, and the token with which they may send forms."""
    if not model_admin.admin_site.has_permission(request):
        return trouble(401, SIGNED_OUT)
    return JsonResponse({"csrf": get_token(request), "user": request.user.pk, "name": str(request.user)})


def signed_in(request: HttpRequest) -> HttpResponse:
    """Where signing in again, in a frame of the form's page, ends."""
    return framed(render(request, "admin/articles/signed_in.html"))


def autosave_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Keeps what is in the form as an autosave, as far as it is valid; says the rest by field."""
    try:
        fields = unpacked(request)
    except Unreadable:
        return trouble(400, "The text did not arrive whole. It is sent again in a moment.")
    session = fields.get("session", "") if SESSION.fullmatch(fields.get("session", "")) else ""
    article = Article.objects.summaries().filter(pk=pk).first() if pk else begun(request, session)
    if refused := refusal(model_admin, request, article, is_new=not pk):
        return refused
    form = form_for(article, fields)
    form.is_valid()
    try:
        revision = revisions.save(
            article,
            form.valid_data(),
            by=request.user,
            based_on=form.base() if article else None,
            kind=Revision.Kind.AUTOSAVE,
            article_kind=form.cleaned_data.get("kind") or Article.Kind.ARTICLE,
            session=session,
            source_id=source_of(request, session) if article is None and session else None,
        )
    except revisions.StaleRevision as stale:
        return trouble(409, f"{said_of(stale.newest, request.user)} Yours is kept in this browser and not sent.")
    return JsonResponse(answer(request, revision, session, form))


def presence_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Notes that the form is open, or was left; who else is there, and which version is the newest."""
    article = Article.objects.summaries().select_related("newest__author").defer("newest__packed").filter(pk=pk).first()
    if refused := refusal(model_admin, request, article, is_new=False):
        return refused
    session = request.POST.get("session", "")[:40]
    if "leaving" in request.POST:
        presence.gone(article, user=request.user, session=session)
        return JsonResponse({})
    given = request.POST.get("based_on", "")
    based_on = int(given) if is_number(given) else None
    presence.here(article, user=request.user, session=session, based_on=based_on)
    newest = article.newest
    is_other = newest is not None and newest.session != session and newest.pk != based_on
    words = f"{said_of(newest, request.user)} When you save, you are shown both." if is_other else ""
    others = company(presence.others(article, user=request.user, session=session))
    return JsonResponse({"said": words, "others": others})


def unpacked(request: HttpRequest) -> QueryDict:
    """The form's fields, which come packed by gzip where the browser can."""
    if request.content_type != PACKED:
        return request.POST
    try:
        inflater = zlib.decompressobj(wbits=31)
        text = inflater.decompress(request.body, MOST_BYTES)
        if inflater.unconsumed_tail or not inflater.eof:
            raise Unreadable
        return QueryDict(text.decode())
    except (zlib.error, UnicodeDecodeError) as error:
        raise Unreadable from error


def begun(request: HttpRequest, session: str) -> Article | None:
    """The draft that this form has begun already, if the answer that said so was lost."""
    return Article.objects.summaries().filter(source_id=source_of(request, session)).first() if session else None


def source_of(request: HttpRequest, session: str) -> str:
    """By which a draft is found again; nobody finds another's."""
    return f"desk:{request.user.pk}:{session}"


def refusal(model_admin, request: HttpRequest, article: Article | None, *, is_new: bool) -> HttpResponse | None:
    if request.method != "POST":
        return trouble(405, "This address takes what the form sends, and shows nothing.")
    if not model_admin.admin_site.has_permission(request):
        return trouble(401, SIGNED_OUT)
    if article is None and not is_new:
        return trouble(410, DELETED)
    may = model_admin.has_change_permission(request, article) if article else model_admin.has_add_permission(request)
    return None if may else trouble(403, NOT_YOURS)


def form_for(article: Article | None, fields: QueryDict) -> ArticleForm:
    form = ArticleForm(fields, instance=article) if article else NewArticleForm(fields, instance=Article())
    form.is_autosave = True
    form.fields["title"].required = bool(article and article.working_title)
    return form


def answer(request: HttpRequest, revision: Revision, session: str, form: ArticleForm) -> dict:
    """What the form takes over from a save that worked."""
    article = revision.article
    presence.here(article, user=request.user, session=session, based_on=revision.pk)
    return {
        "article": article.pk,
        "revision": revision.pk,
        "at": by_the_clock(revision.created_at, "H:i:s"),
        "change": reverse("admin:articles_article_change", args=[article.pk]),
        "autosave": reverse("admin:articles_article_autosave", args=[article.pk]),
        "presence": reverse("admin:articles_article_presence", args=[article.pk]),
        "problems": {str(form[name].label): " ".join(map(str, errors)) for name, errors in form.errors.items()},
        "others": company(presence.others(article, user=request.user, session=session)),
    }


def company(others: list[presence.Other]) -> str:
    """A sentence about who else is at the article; '' for nobody."""
    if not others:
        return ""
    said = "; ".join(
        f"{'you, in another window,' if other.is_self else other.name} since {by_the_clock(other.since)}" for other in others
    )
    return f"Open here too: {said}. Whoever saves second is shown both versions."


def said_of(revision: Revision, user) -> str:
    return f"{revision.told_to(user)} saved another version at {by_the_clock(revision.created_at)}."


def trouble(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
