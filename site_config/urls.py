"""The addresses of the site. They never change again; see `articles.slugs.reserved` for what they reserve."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("site_config.accounts.urls")),
    path("health/", include("site_config.operations.urls")),
    path("comments/", include("comments.urls")),
    path("feed/", include("comments.feed_urls")),
    path("", include("articles.urls")),
]

handler400 = "site_config.errors.bad_request"
handler403 = "site_config.errors.permission_denied"
handler404 = "site_config.errors.not_found"
handler500 = "site_config.errors.server_error"
