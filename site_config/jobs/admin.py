from django.contrib import admin
from django.utils import timezone

from site_config.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """What waits, what runs and what was given up; a dead job can be tried again or dropped."""

    list_display = ["task", "state", "priority", "run_at", "attempts", "last_error"]
    list_filter = ["state"]
    actions = ["try_again"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.action(description="Try the selected jobs again now", permissions=["change"])
    def try_again(self, request, queryset) -> None:
        waiting = queryset.filter(state=Job.State.DEAD)
        count = waiting.update(state=Job.State.WAITING, attempts=0, run_at=timezone.now())
        self.message_user(request, f"{count} jobs will be tried again.")
