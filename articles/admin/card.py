"""The card of an article's newest version on the desk, drawn when it is looked at."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified
from django.shortcuts import get_object_or_404

from articles import revisions
from articles.cards import keeping
from articles.models import Article
from site_config.media import TYPES


def card_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The picture; nothing is kept of it. The browser asks again each time, and gets it only if it is another."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    article = get_object_or_404(Article.objects.summaries(), pk=pk)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied("The card of a draft is for those who may change the article.")
    asked = keeping.wanted_of_draft(article, revisions.newest_data(article))
    told = {"ETag": f'"{asked.key}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == told["ETag"]:
        return HttpResponseNotModified(headers=told)
    data, extension = drawn(asked)
    return HttpResponse(data, content_type=TYPES[extension], headers=told)


def drawn(asked: keeping.Wanted) -> tuple[bytes, str]:
    """Without the lead image where its file is missing: the library says so."""
    try:
        return asked.draw()
    except OSError:
        return asked._replace(picture=None).draw()
