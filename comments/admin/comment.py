"""Comments on the desk: what waits first, each with why; decisions by button, alone or several at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html

from articles.models.article import LONG_OF_ARTICLE
from comments import bulk, moderation
from comments.admin.looking import ForModerators
from comments.admin.queue import QueuePages
from comments.admin.several import SeveralPages
from comments.models import Comment
from comments.posting import Refused
from comments.spam.draft import HELD_FROM, counted, signed
from site_config.lib.moments import in_short
from site_config.lib.text import shorten

VERBS = {
    "approve": ("Approve", "Readers see it now."),
    "reject": ("Reject", "It will not appear."),
    "remove": ("Remove", "Readers do not see it any more."),
    "pick": ("Mark as pick", "It is marked as an editor’s pick."),
    "unpick": ("Take the mark away", "It is no pick any more."),
    "restore": ("Undo the last decision", "The last decision is undone."),
}


class ReplyForm(forms.Form):
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        label="Reply as staff",
        error_messages={"required": "Write something: the reply is empty."},
    )


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("held", "Waiting"),
            ("visible", "Visible"),
            ("pick", "Picks"),
            ("rejected", "Rejected"),
            ("removed", "Removed"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "pick":
            return queryset.filter(pick=True)
        return queryset.filter(state=self.value()) if self.value() else queryset


@admin.register(Comment)
class CommentAdmin(QueuePages, SeveralPages, ForModerators, admin.ModelAdmin):
    list_display = ["writer", "excerpt", "state_", "why", "article_", "written"]
    list_filter = [StateFilter]
    list_select_related = ["article"]
    list_per_page = 50
    search_fields = ["name", "source"]
    show_full_result_count = False
    actions = ["decide_together"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """What waits first, then the newest."""
        waits = Case(When(state=Comment.State.HELD, then=Value(0)), default=Value(1), output_field=IntegerField())
        comments = super().get_queryset(request).defer(*LONG_OF_ARTICLE)
        return comments.order_by(waits, "-created_at", "-pk")

    @admin.display(description="name", ordering="name")
    def writer(self, comment: Comment) -> str:
        return comment.shown_name

    def excerpt(self, comment: Comment) -> str:
        return comment.excerpt

    @admin.display(description="state", ordering="state")
    def state_(self, comment: Comment) -> str:
        return format_html('<span class="state state-{}">{}</span>', comment.state, comment.get_state_display())

    @admin.display(description="written", ordering="created_at")
    def written(self, comment: Comment) -> str:
        return in_short(comment.created_at)

    @admin.display(description="article")
    def article_(self, comment: Comment) -> str:
        """Not the column itself, which stock admin never breaks: the state would be off the page."""
        return shorten(str(comment.article), 40)

    @admin.display(description="held because")
    def why(self, comment: Comment) -> str:
        return "; ".join(reason["text"] for reason in comment.held_because)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # --- several at once ----------------------------------------------------------------------------------------

    @admin.action(description="Decide about them together…", permissions=["moderate"])
    def decide_together(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Leads to a page that shows them before anything happens to them."""
        numbers = list(queryset.order_by().values_list("pk", flat=True)[: bulk.MOST + 1])
        if len(numbers) > bulk.MOST:
            self.message_user(request, f"Choose {bulk.MOST} comments at most. Nothing was changed.", messages.WARNING)
            return None
        return HttpResponseRedirect(
            f"{reverse('admin:comments_comment_several')}?{urlencode([('chosen', pk) for pk in numbers])}"
        )

    # --- one comment --------------------------------------------------------------------------------------------

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            *self.queue_urls(),
            *self.several_urls(),
            path("<int:pk>/change/", wrap(self.read), name="comments_comment_change"),
            path("<int:pk>/decide/", wrap(self.decide), name="comments_comment_decide"),
            path("<int:pk>/answer/", wrap(self.answer), name="comments_comment_answer"),
            *super().get_urls(),
        ]

    def comment_for(self, request: HttpRequest, pk: int) -> Comment:
        if not self.has_moderate_permission(request):
            raise PermissionDenied("Reading the queue needs the permission to moderate.")
        return get_object_or_404(Comment.objects.select_related("article", "parent"), pk=pk)

    def read(self, request: HttpRequest, pk: int, form: forms.Form | None = None, trouble: str = "") -> HttpResponse:
        """The comment with what it answers, why it was held, and what else came from the same writer and network.

        After `trouble` the reason that was typed stands where it was.
        """
        comment = self.comment_for(request, pk)
        others = Comment.objects.exclude(pk=pk).order_by("-pk")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Comment by {comment.name}",
            "comment": comment,
            "verbs": [(name, VERBS[name][0]) for name in verbs_for(comment)],
            "next": Comment.objects.waiting().exclude(pk=pk).first(),
            "decisions": comment.decisions.all(),
            "counted": counted(comment.reasons),
            "counted_together": signed(comment.reasons_sum),
            "held_from": HELD_FROM,
            "form": form or ReplyForm(label_suffix=""),
            "by_name": others.filter(folded=comment.folded)[:5],
            "by_network": others.filter(network=comment.network)[:5] if comment.network else [],
            "trouble": trouble,
            "reason": request.POST.get("reason", ""),
            "opts": Comment._meta,
        }
        return render(request, "admin/comments/comment.html", context, status=409 if trouble else 400 if form else 200)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        comment = self.comment_for(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        name, reason = request.POST.get("do", ""), request.POST.get("reason", "")
        comment.state = request.POST.get("seen", comment.state)
        try:
            act(comment, name, by=request.user, reason=reason)
        except moderation.AlreadyDecided as error:
            return self.read(request, pk, trouble=str(error))
        messages.success(request, VERBS[name][1] if name in VERBS else "Nothing was changed.")
        return self.after(comment)

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        comment = self.comment_for(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = ReplyForm(request.POST, label_suffix="")
        if form.is_valid():
            try:
                moderation.reply_as_staff(comment, by=request.user, text=form.cleaned_data["text"])
            except Refused as refusal:
                form.add_error("text", str(refusal))
            else:
                messages.success(request, "Your reply is published.")
                return self.after(comment)
        return self.read(request, pk, form)

    def after(self, comment: Comment) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[comment.pk]))


def verbs_for(comment: Comment) -> list[str]:
    """What can be decided about a comment in its state. One query."""
    fitting = {
        Comment.State.HELD: ["approve", "reject", "remove"],
        Comment.State.VISIBLE: ["unpick" if comment.pick else "pick", "remove"],
    }.get(comment.state, ["approve"])
    return [*fitting, "restore"] if moderation.undoable(comment) else fitting


def act(comment: Comment, name: str, *, by, reason: str) -> None:
    if name in {"pick", "unpick"}:
        moderation.pick(comment, by=by, picked=name == "pick", reason=reason)
    elif name == "restore":
        moderation.restore(comment, by=by)
    elif name == "approve":
        moderation.approve(comment, by=by, reason=reason)
    elif name in {"reject", "remove"}:
        getattr(moderation, name)(comment, by=by, reason=reason)
