"""The articles that a link in the body can lead to, found by words of their title."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse

from articles.models import Article
from articles.richtext.references import is_number

MOST = 10
LONGEST = 100


def find_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The articles whose title or slug has all words of `q`, changed last first, or the one of `id`. One query."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied("Finding articles needs the permission to see them.")
    rows = model_admin.get_queryset(request).order_by("-changed_at", "-pk")
    found = rows.filter(asked_for(request.GET.get("q", ""), request.GET.get("id", "")))[:MOST]
    return JsonResponse({"articles": [row(article) for article in found]})


def asked_for(words: str, number: str) -> Q:
    if number:
        return Q(pk=int(number)) if is_number(number) else Q(pk=None)
    wanted = Q()
    for word in words[:LONGEST].split():
        wanted &= Q(working_title__icontains=word) | Q(title__icontains=word) | Q(slug__icontains=word)
    return wanted


def row(article: Article) -> dict:
    return {"id": article.pk, "title": str(article), "address": article.get_absolute_url(), "state": article.state}
