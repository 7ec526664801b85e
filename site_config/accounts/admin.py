from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin

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
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("What readers see", {"fields": ["display_name", "slug", "biography"]}),
        ("Reached by", {"fields": ["email"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def view_on_site(self, user: User) -> str | None:
        """The page of this person's articles, if there is one."""
        return user.get_absolute_url() if user.bylines.exists() else None

    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (
            None,
            {"classes": ["wide"], "fields": ["username", "display_name", "email", "usable_password", "password1", "password2"]},
        ),
    ]
