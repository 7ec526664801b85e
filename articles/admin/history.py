"""The versions of an article on the desk: what was saved when and by whom, what differs, and how to go back."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles import revisions
from articles.admin import publication
from articles.comparison import differences
from articles.models import Article, Revision
from articles.richtext.references import is_number
from site_config.audit.models import Entry
from site_config.lib.moments import day_and_time

PER_PAGE = 50
ACTS = 100


def history_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The saved versions, newest first, and what was done with the article. The number of queries is constant."""
    article = article_for(model_admin, request, pk)
    found = Revision.objects.filter(article=article).defer("packed").select_related("author")
    versions = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    acts = Entry.objects.filter(object_type=Article._meta.label_lower, object_id=str(article.pk))[:ACTS]
    context = {"title": f"History of “{article}”", "versions": versions, "acts": acts}
    return page(model_admin, request, article, "admin/articles/history.html", context)


def compare_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions, the older one first, whichever way round they were asked for."""
    article = article_for(model_admin, request, pk)
    asked = [number for name in ("one", "other") if is_number(number := request.GET.get(name))]
    found = list(Revision.objects.filter(article=article, pk__in=asked).select_related("author").order_by("pk"))
    if len(found) != 2:
        messages.error(request, "Choose two versions that differ, one in each column.")
        return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
    older, newer = found
    context = {
        "title": f"Two versions of “{article}”",
        "older": older,
        "newer": newer,
        "differences": differences(older.data, newer.data),
        "is_side_by_side": request.GET.get("view") == "side",
    }
    return page(model_admin, request, article, "admin/articles/compare.html", context)


def bring_back_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Asks, then saves what an older version holds as the newest one. Readers see nothing of it before it is published."""
    article = article_for(model_admin, request, pk)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied("Bringing a version back needs the permission to change the article.")
    revision = get_object_or_404(Revision, pk=version, article=article)
    if request.method == "POST":
        brought, lost = revisions.bring_back(revision, by=request.user)
        if brought.pk == article.newest_id:
            messages.info(request, "The newest version says the same already: nothing was changed.")
        else:
            messages.success(request, " ".join(["Brought back, as the newest version.", *lost, seen_by_readers(article)]))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    when = day_and_time(revision.created_at)
    context = {
        "title": f"Bring back the version of {when}?",
        "readers": seen_by_readers(article),
        "differences": differences(revisions.newest_data(article), revision.data),
    }
    return page(model_admin, request, article, "admin/articles/bring_back.html", context)


def seen_by_readers(article: Article) -> str:
    return "Readers see what was published until you publish it." if article.is_live else ""


def article_for(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> Article:
    article = get_object_or_404(Article.objects.summaries(), pk=pk)
    if not model_admin.has_view_or_change_permission(request, article):
        raise PermissionDenied("The history of an article is for those who may see it on the desk.")
    return article


def page(model_admin, request: HttpRequest, article: Article, template: str, context: dict) -> HttpResponse:
    may_change = model_admin.has_change_permission(request, article)
    return publication.page(request, article, template, {**context, "may_change": may_change})
