"""The desk: stock admin, with what waits on its first page."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from comments.queue import piles
from site_config.lib.moments import how_long
from site_config.lib.network import proxy_trouble
from site_config.mail.models import Letter

MOST_ROWS = 8


class MastheadAdminSite(admin.AdminSite):
    site_header = f"{settings.SITE_NAME} desk"
    site_title = f"{settings.SITE_NAME} desk"
    index_title = "Desk"
    index_template = "admin/desk.html"

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Sends people to the throttled sign-in of allauth, and back."""
        return secure_admin_login(super().login)(request, extra_context=extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """The menu leads to the queue, from where all comments are a link away."""
        apps = super().get_app_list(request, app_label)
        for model in (model for app in apps for model in app["models"] if model["model"] is Comment):
            model["admin_url"] = reverse("admin:comments_comment_queue")
        return apps

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {**what_waits(request), **(extra_context or {})})


def what_waits(request: HttpRequest) -> dict:
    """Drafts, scheduled articles, live ones with unpublished changes and comments that wait, newest first; and
    what has to be set right.

    Own drafts come first. Eleven queries, fewer for who may not see articles or comments.
    """
    user = request.user
    context: dict = {"trouble": proxy_trouble() if user.is_superuser or user.has_perm("comments.moderate_comment") else ""}
    if user.has_perm("articles.view_article") or user.has_perm("articles.change_article"):
        articles = Article.objects.of_desk(user).summaries().select_related("created_by", "newest").defer("newest__packed")
        is_mine = Case(When(created_by=user.pk, then=0), default=1)
        context["drafts"] = articles.drafts().order_by(is_mine, "-newest__created_at")[:MOST_ROWS]
        context["scheduled"] = articles.scheduled().order_by("published_at")[:MOST_ROWS]
        context["due"] = articles.exclude(due_at=None, due_trouble="").order_by("due_at")[:MOST_ROWS]
        context["changed"] = articles.with_unpublished_changes().order_by("-newest__created_at")[:MOST_ROWS]
    if user.has_perm("comments.moderate_comment"):
        context["held"] = Comment.objects.waiting().select_related("article")[:MOST_ROWS]
        context["queue"] = piles.standing()
        context["longest"] = how_long(context["queue"].longest) if context["queue"].longest else ""
    if user.has_perm("mail.view_letter"):
        context["given_up"] = Letter.objects.filter(state=Letter.State.DEAD).count()
    return context
