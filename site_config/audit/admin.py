from django.contrib import admin

from site_config.audit.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Read only: the log is append-only for everyone."""

    list_display = ["at", "actor_name", "verb", "object_name"]
    list_filter = ["verb"]
    search_fields = ["actor_name", "object_name"]
    date_hierarchy = "at"

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
