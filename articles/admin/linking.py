"""The articles that a link in the body can lead to, found by words of their title."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse

from articles.models import Article
from articles.richtext.references import is_number

MOST = 10
LONGEST = 100


def find_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The articles whose title or slug has all words of `q`, changed last first, or the one of `id`: those that this person
    works on, and of the others' what readers see, by what readers see of it. One query; `hidden`, one more, is whether
    there is such an article of somebody else.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied("Finding articles needs the permission to see them.")
    words, number = request.GET.get("q", ""), request.GET.get("id", "")
    own = model_admin.get_queryset(request).order_by()
    found = Article.objects.summaries().annotate(is_own=Exists(own.filter(pk=OuterRef("pk"))))
    if number:
        pk = int(number) if is_number(number) else None
        rows = list(found.filter(Q(is_own=True) | Q(pk__in=Article.objects.live().values("pk")), pk=pk))
        return JsonResponse({"articles": list(map(row, rows)), "hidden": not rows and Article.objects.filter(pk=pk).exists()})
    public = Article.objects.live().filter(visibility=Article.Visibility.PUBLIC)
    wanted = Q(having(words, "working_title", "title", "slug"), is_own=True)
    wanted |= Q(having(words, "title", "slug"), pk__in=public.values("pk"))
    return JsonResponse({"articles": list(map(row, found.filter(wanted).order_by("-changed_at", "-pk")[:MOST]))})


def having(words: str, *columns: str) -> Q:
    wanted = Q()
    for word in words[:LONGEST].split():
        wanted &= reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns))
    return wanted


def row(article: Article) -> dict:
    title = str(article) if article.is_own else article.title
    return {"id": article.pk, "title": title, "address": article.get_absolute_url(), "state": article.state}
