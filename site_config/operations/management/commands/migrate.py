from django.conf import settings
from django.core.management.commands import migrate

from site_config.lib.sqlite.base import creation_allowed


class Command(migrate.Command):
    """Django's own; it may make the database file, which to everything else is missing."""

    def execute(self, *args, **options) -> str | None:
        settings.DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
        with creation_allowed():  # the system checks look at the database too
            return super().execute(*args, **options)
