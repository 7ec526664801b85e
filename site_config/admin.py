"""The desk: stock admin, with what waits on its first page."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from articles.models import Article
from comments.models import Comment

MOST_ROWS = 8


class MastheadAdminSite(admin.AdminSite):
    site_header = f"{settings.SITE_NAME} desk"
    site_title = f"{settings.SITE_NAME} desk"
    index_title = "Desk"
    index_template = "admin/desk.html"

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sends people to the throttled sign-in of allauth, and back."""
        return secure_admin_login(super().login)(request, extra_context=extra_context)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {**what_waits(request), **(extra_context or {})})


def what_waits(request: HttpRequest) -> dict:
    """Drafts, scheduled articles, live ones with unpublished changes and comments that wait, newest first.

    Own drafts come first. Four queries, one fewer for who may not see articles or comments.
    """
    context: dict = {}
    user = request.user
    if user.has_perm("articles.view_article") or user.has_perm("articles.change_article"):
        articles = Article.objects.summaries().select_related("created_by", "newest").defer("newest__packed")
        mine = articles.drafts().order_by("-newest__created_at")
        context["drafts"] = sorted(mine[:MOST_ROWS], key=lambda article: article.created_by_id != user.pk)
        context["scheduled"] = articles.scheduled().order_by("published_at")[:MOST_ROWS]
        context["changed"] = articles.with_unpublished_changes().order_by("-newest__created_at")[:MOST_ROWS]
    if user.has_perm("comments.moderate_comment"):
        context["held"] = Comment.objects.waiting().select_related("article")[:MOST_ROWS]
    return context
