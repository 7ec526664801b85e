"""Articles on the desk. The form edits the newest revision; publishing is a page of its own."""

from __future__ import annotations

from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from articles import revisions
from articles.admin import bulk, history, preview, publication
from articles.admin.forms import ArticleForm, NewArticleForm
from articles.comparison import differences
from articles.models import Article
from articles.publishing import PERMISSION
from site_config.lib.refusing import RefusingAdmin
from site_config.pages.admin import ChangingAdmin

TEXT = ["title", "subtitle", "body", "summary"]
ABOUT = ["tags", "image", "bylines", "comment_policy"]
ADDRESS = ["slug", "language", "canonical_url", "based_on"]
STATES = ["draft", "scheduled", "live", "unlisted", "withdrawn"]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*((state, state.capitalize()) for state in STATES), ("changed", "With unpublished changes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        choices = {
            "draft": queryset.drafts(),
            "scheduled": queryset.scheduled(),
            "live": queryset.live().filter(visibility="public"),
            "unlisted": queryset.live().filter(visibility="unlisted"),
            "withdrawn": queryset.exclude(withdrawn_at=None),
            "changed": queryset.with_unpublished_changes(),
        }
        return choices.get(self.value() or "", queryset)


@admin.register(Article)
class ArticleAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = None
    list_display = ["working_title_", "state_", "written_by", "published_at", "comments_", "waiting"]
    list_filter = [StateFilter, "kind"]
    search_fields = ["working_title", "slug"]
    list_per_page = 50
    ordering = ["-created_at", "-pk"]
    change_form_template = "admin/articles/change_article.html"
    actions = [bulk.publish, bulk.withdraw, bulk.add_tags, bulk.close_comments, bulk.open_comments]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.defer("body", "html", "plain_text", "contents").select_related("created_by")

    @admin.display(description="title", ordering="working_title")
    def working_title_(self, article: Article) -> str:
        return str(article)

    @admin.display(description="state")
    def state_(self, article: Article) -> str:
        words = article.state.capitalize()
        note = " with unpublished changes" if article.has_unpublished_changes else ""
        return format_html('<span class="state state-{}">{}</span>{}', article.state, words, note)

    @admin.display(description="started by", ordering="created_by__display_name")
    def written_by(self, article: Article) -> str:
        return str(article.created_by or "")

    @admin.display(description="comments", ordering="comment_count")
    def comments_(self, article: Article) -> int:
        return article.comment_count

    @admin.display(description="waiting", ordering="comments_held")
    def waiting(self, article: Article) -> int:
        return article.comments_held

    # --- the form ----------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Article | None = None, **kwargs):
        return ArticleForm if obj else NewArticleForm

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list:
        return [
            (None, {"fields": ["overwrite" if obj else "kind", *TEXT]}),
            ("About it", {"fields": ABOUT}),
            ("Address and language", {"fields": ADDRESS if obj else ADDRESS[:-1]}),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"language": "en", "comment_policy": "open", "bylines": [request.user.pk]}

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        kind = form.cleaned_data.get("kind", Article.Kind.ARTICLE)
        article = obj if change else None
        based_on = form.base() if change else None
        revision = revisions.save(article, form.data_to_save(), by=request.user, based_on=based_on, article_kind=kind)
        obj.pk = revision.article_id
        obj.refresh_from_db()

    def save_related(self, request, form, formsets, change) -> None:
        """Nothing: tags and bylines are in the revision until it is published."""

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        if request.method == "POST" and "_preview" in request.POST:
            return preview.show(self, request, object_id)
        article = self.get_object(request, object_id) if object_id else None
        context = {"article": article, "may_publish": request.user.has_perm(PERMISSION), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except revisions.StaleRevision:
            # Saved by somebody between the form's check and the verb's: the form now sees it and says so.
            return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        form = context["adminform"].form
        if "overwrite" in form.errors:
            theirs = revisions.newest_data(form.instance)
            mine = {**theirs, **form.data_to_save()}
            context["differences"] = differences(theirs, revisions.tidy(mine))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue=None) -> HttpResponse:
        return self.after_saving(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self.after_saving(request, obj)

    def after_saving(self, request: HttpRequest, article: Article) -> HttpResponse:
        if "_publish" in request.POST and request.user.has_perm(PERMISSION):
            return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[article.pk]))
        if article.is_live:
            text = "Saved. Readers still see the published version until you publish the changes."
        else:
            text = "Saved as a draft." if article.state == "draft" else "Saved."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    # --- pages beside the form ---------------------------------------------------------------------------------

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view

        def own(view):
            return wrap(partial(view, self))

        return [
            path("<int:pk>/publish/", wrap(publication.publish_view), name="articles_article_publish"),
            path("<int:pk>/withdraw/", wrap(publication.withdraw_view), name="articles_article_withdraw"),
            path("<int:pk>/restore/", wrap(publication.restore_view), name="articles_article_restore"),
            path("<int:pk>/history/", own(history.history_view), name="articles_article_history"),
            path("<int:pk>/history/compare/", own(history.compare_view), name="articles_article_compare"),
            path("<int:pk>/history/<int:version>/", own(history.bring_back_view), name="articles_article_bring_back"),
            *super().get_urls(),
        ]

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_live else None

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Only what no reader has seen can be deleted; the rest is withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and obj.state == "draft" and not obj.first_published_at
