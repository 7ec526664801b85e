from django.contrib import admin

from comments import moderation
from comments.models import Decision


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    """The log of decisions: read only for everyone."""

    list_display = ["at", "by_name", "verb", "comment", "before", "after", "reason", "undone_at"]
    list_filter = ["verb"]
    list_select_related = ["comment"]
    search_fields = ["by_name", "comment__name", "reason"]

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(moderation.PERMISSION)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
