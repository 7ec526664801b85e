"""The post on the desk: what waits, what was sent, what was given up and why. No text: it may hold a secret link."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from site_config.audit.log import record
from site_config.lib.moments import in_short
from site_config.mail.delivery import wake_if_due
from site_config.mail.models import Letter, the_end
from site_config.mail.smtp import is_on

NO_SERVER = "There is no mail server: set EMAIL_HOST, and restart. Until then no mail is written and readers are offered none."


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    list_display = ["subject", "to", "state", "written", "tries", "last_error"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    actions = ["try_again", "drop"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("raw")

    @admin.display(description="written", ordering="created_at")
    def written(self, letter: Letter) -> str:
        return in_short(letter.created_at)

    @admin.display(description="tries", ordering="attempts")
    def tries(self, letter: Letter) -> str:
        waits = letter.state == Letter.State.WAITING and letter.next_at > timezone.now()
        return f"{letter.attempts}, next {in_short(letter.next_at)}" if waits else str(letter.attempts)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        if request.method == "GET" and not is_on():
            messages.warning(request, NO_SERVER)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Letter | None = None) -> list[str]:
        return ["subject", "to", "sender", "state", "attempts", "created_at", "next_at", "sent_at", "message_id", "last_error"]

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        """Letters are dropped from the list, never those that are being handed over."""
        return False

    @admin.action(description="Try again now", permissions=["change"])
    def try_again(self, request: HttpRequest, queryset) -> None:
        """What was sent is not sent again, whatever is chosen."""
        waits = queryset.filter(state__in=[Letter.State.DEAD, Letter.State.WAITING]).exclude(raw=b"")
        count = 0
        for letter in waits:
            again = {"state": Letter.State.WAITING, "attempts": 0, "doubts": 0, "next_at": timezone.now()}
            count += waits.filter(pk=letter.pk).update(given_up_at=the_end(), **again)
            record("mail tried again", letter, by=request.user)
        wake_if_due()
        self.message_user(request, f"{count} letter{'' if count == 1 else 's'} will be tried again.")

    @admin.action(description="Drop", permissions=["change"])
    def drop(self, request: HttpRequest, queryset) -> None:
        still = queryset.exclude(state=Letter.State.SENDING)
        count = 0
        for letter in still.defer("raw"):
            record("mail dropped", letter, by=request.user, state=letter.state)
            count += still.filter(pk=letter.pk).delete()[0]
        self.message_user(request, f"{count} letter{'' if count == 1 else 's'} dropped.")
