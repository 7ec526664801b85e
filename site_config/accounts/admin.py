"""People on the desk."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.http import HttpRequest, HttpResponse

from site_config.accounts import log
from site_config.accounts.models import User
from site_config.lib.refusing import RefusingAdmin
from site_config.pages.admin import ChangingAdmin

admin.site.unregister(EmailAddress)  # an account's address is on its own page


@admin.register(User)
class UserAdmin(RefusingAdmin, ChangingAdmin, StockUserAdmin):
    page_subject = None  # User.save() marks what readers see of a person
    list_display = ["username", "display_name", "email", "is_staff", "is_active"]
    search_fields = ["username", "display_name", "email"]
    prepopulated_fields = {"slug": ["display_name"]}
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("What readers see", {"fields": ["display_name", "slug", "biography"]}),
        ("Reached by", {"fields": ["email"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Stock admin opens a transaction of its own here, before that of the form's view."""
        return self._changing(super().add_view, request, form_url, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only a superuser makes one, and hands out permissions beside those of the roles."""
        kept = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), *kept]

    def get_prepopulated_fields(self, request: HttpRequest, obj: User | None = None) -> dict:
        """A new account has no field for the slug yet: it is made from the name."""
        return super().get_prepopulated_fields(request, obj) if obj else {}

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and within_reach(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:
        request.standing = log.standing(User.objects.get(pk=obj.pk)) if change else {}  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = form.instance
        log.role_changed(user, by=request.user, before=request.standing, after=log.standing(user))  # type: ignore[attr-defined]

    def view_on_site(self, user: User) -> str | None:
        """The page of this person's articles, if there is one."""
        return user.get_absolute_url() if user.bylines.exists() else None

    add_fieldsets = [
        (
            None,
            {"classes": ["wide"], "fields": ["username", "display_name", "email", "usable_password", "password1", "password2"]},
        ),
    ]


def within_reach(request: HttpRequest, user: User | None) -> bool:
    """Nobody but a superuser changes a superuser: who could set the password would be one."""
    return user is None or request.user.is_superuser or not user.is_superuser
