"""Rows of the conversation on the desk: moderators see them; what is done to them are acts of their own."""

from __future__ import annotations

from django.http import HttpRequest

from comments import moderation


class ForModerators:
    """Put before ModelAdmin: whoever may moderate may look, and nobody adds, changes or deletes a row by a form."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(moderation.PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return request.user.has_perm(moderation.PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
