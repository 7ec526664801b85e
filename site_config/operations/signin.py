"""One-time links, by which a member of staff sets a password without having one."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse


def one_time_link(user, site: str = "") -> str:
    """The absolute address of allauth's page for a new password, on `site` (SITE_URL if empty).

    It ends when the password is set, at the next sign-in, or after PASSWORD_RESET_TIMEOUT seconds.
    """
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return (site or settings.SITE_URL) + reverse("account_reset_password_from_key", kwargs=key)
