"""The sign-in addresses that a site without readers' accounts needs, and no others of allauth's."""

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.generic import RedirectView

from site_config.lib.policy import framed


def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which the desk shows in a frame to who was signed out while writing."""
    return framed(views.login(request))


urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # allauth's own pages reverse this name; there is nothing to sign up for.
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
]
