from django.contrib import admin

from comments.admin.looking import ForModerators
from comments.models import Decision


@admin.register(Decision)
class DecisionAdmin(ForModerators, admin.ModelAdmin):
    """The log of decisions: read only for everyone."""

    list_display = ["at", "by_name", "verb", "comment", "before", "after", "reason", "undone_at"]
    list_filter = ["verb"]
    list_select_related = ["comment"]
    search_fields = ["by_name", "comment__name", "reason"]
