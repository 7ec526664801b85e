"""The article as a reader would see it, made of what is in the form and not of what is stored."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import revisions
from articles.models import Article, Image, Revision
from articles.publishing import copy
from articles.reading import Subject
from articles.views import render_article


def show(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: str | None) -> HttpResponse:
    """The preview, or what keeps it from being drawn. Writes nothing."""
    article = model_admin.get_object(request, object_id) if object_id else Article(kind=request.POST.get("kind", "article"))
    if article is None or not may_see(model_admin, request, article):
        raise PermissionDenied("This article is not yours to preview.")
    form = model_admin.get_form(request, article if object_id else None)(request.POST, instance=article)
    if not form.is_valid() and set(form.errors) - {"overwrite"}:
        return render(request, "admin/articles/no_preview.html", {"form": form}, status=400)
    data = revisions.tidy(form.data_to_save())
    draft = unsaved(article, data)
    people = get_user_model().objects.in_bulk(data["bylines"])
    tags = [Subject(name, "") for name in data["tags"]]
    response = render_article(
        request, draft, tags=tags, authors=[people[pk] for pk in data["bylines"] if pk in people], preview=True
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def may_see(model_admin: admin.ModelAdmin, request: HttpRequest, article: Article) -> bool:
    if article.pk:
        return model_admin.has_change_permission(request, article)
    return model_admin.has_add_permission(request)


def unsaved(article: Article, data: dict) -> Article:
    """A copy of the article, in memory, as publishing `data` would make it."""
    draft = Article(pk=article.pk, kind=article.kind, slug=article.slug or "preview")
    draft.published_at = article.published_at or timezone.now()
    draft.revised_at, draft.comment_count = article.revised_at, article.comment_count
    revision = Revision(article=draft)
    revision.data = {**data, "slug": data["slug"] or draft.slug}
    draft.image = Image.objects.filter(pk=data["image"]).first()
    copy(draft, revision, revision.data["slug"])
    return draft
