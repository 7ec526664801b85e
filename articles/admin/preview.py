"""The article as a reader would see it, made of what is in the form and not of what is stored."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import revisions
from articles.draft_views import drawn
from articles.models import Article


def show(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: str | None) -> HttpResponse:
    """The preview, or what keeps it from being drawn. Writes nothing."""
    article = model_admin.get_object(request, object_id) if object_id else Article(kind=request.POST.get("kind", "article"))
    if article is None or not may_see(model_admin, request, article):
        raise PermissionDenied("This article is not yours to preview.")
    form = model_admin.get_form(request, article if object_id else None)(request.POST, instance=article)
    if not form.is_valid() and set(form.errors) - {NON_FIELD_ERRORS}:
        return render(request, "admin/articles/no_preview.html", {"form": form}, status=400)
    response = drawn(request, article, revisions.tidy(form.data_to_save()))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def may_see(model_admin: admin.ModelAdmin, request: HttpRequest, article: Article) -> bool:
    if article.pk:
        return model_admin.has_change_permission(request, article)
    return model_admin.has_add_permission(request)
