"""Articles on the desk. The form edits the newest revision; publishing is a page of its own."""

from __future__ import annotations

from copy import copy
from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from articles import presence, revisions
from articles.admin import autosave, bulk, card, correction, deleting, drafts, featuring, history, linking, preview, publication
from articles.admin.forms import ArticleForm, NewArticleForm
from articles.comparison import differences
from articles.merging import base_of, merge_data
from articles.models import Article
from articles.models.article import CHANGE_ANY
from articles.publishing import PERMISSION
from site_config.lib.moments import in_short
from site_config.lib.policy import allow
from site_config.lib.refusing import RefusingAdmin
from site_config.pages.admin import ChangingAdmin

TEXT = ["title", "subtitle", "body", "summary"]
ABOUT = ["tags", "image", "bylines", "comment_policy"]
ADDRESS = ["slug", "language", "canonical_url", "session", "based_on"]
TAKE_THEIRS, MERGE = "_theirs", "_merge"
STATES = ["draft", "scheduled", "live", "unlisted", "withdrawn"]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            *((state, state.capitalize()) for state in STATES),
            ("changed", "With unpublished changes"),
            ("due", "With a change that waits"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        choices = {
            "draft": queryset.drafts(),
            "scheduled": queryset.scheduled(),
            "live": queryset.live().filter(visibility="public"),
            "unlisted": queryset.live().filter(visibility="unlisted"),
            "withdrawn": queryset.exclude(withdrawn_at=None),
            "changed": queryset.with_unpublished_changes(),
            "due": queryset.exclude(due_at=None),
        }
        return choices.get(self.value() or "", queryset)


class StartedBy(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.empty_value_display = "who started it", "nobody"


class ConversationFilter(admin.SimpleListFilter):
    title = "conversation"
    parameter_name = "conversation"

    def lookups(self, request, model_admin):
        return [("waiting", "With comments that wait"), *Article.CommentPolicy.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() == "waiting":
            return queryset.filter(comments_held__gt=0)
        return queryset.filter(comment_policy=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(RefusingAdmin, ChangingAdmin, admin.ModelAdmin):
    page_subject = None
    list_display = ["working_title_", "state_", "written_by", "comments_"]
    list_filter = [StateFilter, ConversationFilter, ("created_by", StartedBy), "kind"]
    search_fields = ["working_title", "title", "slug", "created_by__display_name"]
    list_per_page = 50
    ordering = ["-created_at", "-pk"]
    change_form_template = "admin/articles/change_article.html"
    delete_confirmation_template = "admin/articles/delete_article.html"
    actions = [bulk.publish, bulk.withdraw, bulk.add_tags, bulk.close_comments, bulk.open_comments]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).of_desk(request.user).summaries().select_related("created_by")

    @admin.display(description="title", ordering="working_title")
    def working_title_(self, article: Article) -> str:
        return str(article)

    @admin.display(description="state", ordering="published_at")
    def state_(self, article: Article) -> str:
        """Since when (or from when on), and what waits."""
        moment = article.withdrawn_at or article.published_at
        facts = [in_short(moment)] if moment else []
        if article.due_at:
            facts.append(f"a change at {in_short(article.due_at)}")
        elif article.has_unpublished_changes:
            facts.append("with unpublished changes")
        span = '<span class="state state-{}">{}</span> <span class="quiet">{}</span>'
        return format_html(span, article.state, article.state.capitalize(), ", ".join(facts))

    @admin.display(description="started by", ordering="created_by__display_name")
    def written_by(self, article: Article) -> str:
        return str(article.created_by or "–")

    @admin.display(description="comments", ordering="comment_count")
    def comments_(self, article: Article) -> str:
        waiting = f", {article.comments_held} wait{'s' if article.comments_held == 1 else ''}" if article.comments_held else ""
        return f"{article.comment_count}{waiting}"

    class Media:
        js = [Script("articles/desk/autosave.js", type="module"), Script("articles/desk/notes.js", type="module")]

    # --- the form ----------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Article | None = None, **kwargs):
        known = {"viewer": request.user, "merged": getattr(request, "merged", None)}
        return type("DeskForm", (ArticleForm if obj else NewArticleForm,), known)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list:
        return [
            (None, {"fields": TEXT if obj else ["kind", *TEXT]}),
            ("About it", {"fields": ABOUT}),
            ("Address and language", {"fields": ADDRESS if obj else ADDRESS[:-1]}),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"language": "en", "comment_policy": "open", "bylines": [request.user.pk]}

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        session = form.cleaned_data.get("session", "")
        begun = None if change else autosave.begun(request, session)
        revision = revisions.save(
            obj if change else begun,
            form.data_to_save(),
            by=request.user,
            based_on=form.base() if change or begun else None,
            article_kind=form.cleaned_data.get("kind", Article.Kind.ARTICLE),
            session=session,
            source_id=autosave.source_of(request, session) if session and not change else None,
        )
        obj.pk = revision.article_id
        obj.refresh_from_db()

    def save_related(self, request, form, formsets, change) -> None:
        """Nothing: tags and bylines are in the revision until it is published."""

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        if request.method == "POST" and "_preview" in request.POST:
            return preview.show(self, request, object_id)
        article = self.get_object(request, object_id) if object_id else None
        context = {"article": article, "may_publish": request.user.has_perm(PERMISSION), **(extra_context or {})}
        if article and request.method == "POST" and {TAKE_THEIRS, MERGE} & set(request.POST):
            settled = self.settle(request, article)
            if settled is not None:
                return settled
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except revisions.StaleRevision:
            # Saved by somebody between the form's check and the verb's: the form now sees it and says so.
            return super().changeform_view(request, object_id, form_url, context)

    def settle(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Takes the version that was saved meanwhile, or merges the two in the form. None if the form has other errors."""
        form = ArticleForm(request.POST, instance=article)
        form.is_valid()
        if not self.has_change_permission(request, article) or set(form.errors) - {NON_FIELD_ERRORS}:
            return None
        mine = revisions.tidy(form.valid_data())
        if TAKE_THEIRS in request.POST:
            revisions.set_aside(article, mine, by=request.user)
            self.message_user(request, "This is their version. Yours is in the history, set aside.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        base = base_of(article, form.cleaned_data.get("based_on"))
        merged, lost = merge_data(base, mine, revisions.newest_data(article))
        shown = copy(request)
        shown.method, shown.merged = "GET", merged
        return self.changeform_view(shown, str(article.pk), extra_context={"merged": True, "lost": lost})

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        form, article = context["adminform"].form, context.get("article")
        stale = getattr(form, "stale", None)
        if stale:
            mine = revisions.tidy({**stale.data, **form.data_to_save()})
            context |= {"stale": stale, "differences": differences(stale.data, mine)}
        if article:
            others = presence.others(article, user=request.user)
            context["others"] = autosave.company([other for other in others if not other.is_self])
            context["notes"] = article.notes.filter(closed_at=None).select_related("link")
        return allow(super().render_change_form(request, context, *args, **kwargs), frame_src=["'self'"])

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

        def told(view):
            """In JSON: nobody is led away to sign in, the view itself says who may."""
            return never_cache(partial(view, self))

        return [
            path("autosave/", told(autosave.autosave_view), name="articles_article_begin"),
            path("<int:pk>/autosave/", told(autosave.autosave_view), name="articles_article_autosave"),
            path("<int:pk>/presence/", told(autosave.presence_view), name="articles_article_presence"),
            path("alive/", told(autosave.alive), name="articles_article_alive"),
            path("signed-in/", wrap(autosave.signed_in), name="articles_article_signed_in"),
            path("find/", own(linking.find_view), name="articles_article_find"),
            path("<int:pk>/publish/", wrap(publication.publish_view), name="articles_article_publish"),
            path("<int:pk>/withdraw/", wrap(publication.withdraw_view), name="articles_article_withdraw"),
            path("<int:pk>/unschedule/", wrap(publication.unschedule_view), name="articles_article_unschedule"),
            path("<int:pk>/restore/", wrap(publication.restore_view), name="articles_article_restore"),
            path("<int:pk>/correct/", wrap(correction.correct_view), name="articles_article_correct"),
            path("<int:pk>/feature/", wrap(featuring.feature_view), name="articles_article_feature"),
            path("<int:pk>/unfeature/", wrap(featuring.unfeature_view), name="articles_article_unfeature"),
            path("<int:pk>/card/", wrap(partial(card.card_view, self), cacheable=True), name="articles_article_card"),
            path("<int:pk>/drafts/", own(drafts.drafts_view), name="articles_article_drafts"),
            path("<int:pk>/drafts/<int:link>/revoke/", own(drafts.revoke_view), name="articles_article_draft_revoke"),
            path("<int:pk>/notes/", own(drafts.notes_view), name="articles_article_notes"),
            path("<int:pk>/notes/<int:note>/", own(drafts.settle_view), name="articles_article_note"),
            path("<int:pk>/history/", own(history.history_view), name="articles_article_history"),
            path("<int:pk>/history/compare/", own(history.compare_view), name="articles_article_compare"),
            path("<int:pk>/history/<int:version>/", own(history.bring_back_view), name="articles_article_bring_back"),
            *super().get_urls(),
        ]

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_live else None

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj) and is_ones_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Authors change what is theirs, public or not: no reader sees it before an editor publishes."""
        return super().has_change_permission(request, obj) and is_ones_own(request, obj)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Only what no reader has seen can be deleted; the rest is withdrawn."""
        allowed = super().has_delete_permission(request, obj) and obj is not None and is_ones_own(request, obj)
        return allowed and deleting.may_go(obj)

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        return deleting.asked(objs, request)

    def render_delete_form(self, request: HttpRequest, context: dict) -> HttpResponse:
        context["open_elsewhere"] = deleting.open_elsewhere(context["object"], request.user)
        answer = super().render_delete_form(request, context)
        if request.method == "POST":
            answer.status_code = 409
        return answer


def is_ones_own(request: HttpRequest, article: Article | None) -> bool:
    return article is None or request.user.has_perm(CHANGE_ANY) or article.is_of(request.user)
