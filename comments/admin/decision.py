"""The log of decisions: who decided what about which comment, and why. Nobody writes in it by hand."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from comments.admin.looking import ForModerators
from comments.models import Decision
from site_config.lib.moments import in_short
from site_config.lib.text import shorten


@admin.register(Decision)
class DecisionAdmin(ForModerators, admin.ModelAdmin):
    list_display = ["line", "made", "why", "undone"]
    list_filter = ["verb"]
    list_select_related = ["comment"]
    list_per_page = 50
    search_fields = ["by_name", "comment__name", "reason"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        """What there is to say of this one, and no empty line."""
        told = {"reason": "told_reason", "note": "note", "undone_at": "undone"}
        return ["line", "made", "about", *(shown for name, shown in told.items() if getattr(obj, name, ""))]

    @admin.display(description="decision")
    def line(self, decision: Decision) -> str:
        return decision.line

    @admin.display(description="when", ordering="at")
    def made(self, decision: Decision) -> str:
        return in_short(decision.at)

    @admin.display(description="reason")
    def why(self, decision: Decision) -> str:
        return shorten(decision.told_reason, 80)

    @admin.display(description="reason")
    def told_reason(self, decision: Decision) -> str:
        return decision.told_reason

    @admin.display(description="undone", empty_value="")
    def undone(self, decision: Decision) -> str | None:
        return in_short(decision.undone_at) if decision.undone_at else None

    @admin.display(description="comment")
    def about(self, decision: Decision) -> str:
        address = reverse("admin:comments_comment_change", args=[decision.comment_id])
        return format_html('<a href="{}">{}</a>', address, decision.comment.excerpt or decision.comment.name)
