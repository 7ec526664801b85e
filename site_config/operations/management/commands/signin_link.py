import os
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from site_config.operations import premises
from site_config.operations.signin import one_time_link


class Command(BaseCommand):
    help = "Prints a link on which a member of staff sets a new password, once."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *, name: str, **options) -> None:
        staff = get_user_model().objects.filter(is_staff=True, is_active=True)
        user = staff.filter(username=name).first()
        if user is None:
            known = ", ".join(staff.order_by("username").values_list("username", flat=True)) or "nobody yet"
            sys.exit(f"No member of staff is named {name!r}; there are: {known}")
        self.stdout.write(one_time_link(user, address_of_the_site()))


def address_of_the_site() -> str:
    """Where the running site answers, unless this shell's own environment says where; '' for SITE_URL."""
    if {"SITE_URL", "HOST", "PORT"} & set(os.environ):
        return ""
    return premises.running_at(settings.DATA_DIR) or ""
