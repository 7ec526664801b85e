from django.core.management.commands import migrate

from site_config.lib.sqlite.base import creation_allowed


class Command(migrate.Command):
    """Django's own; it may make the database file, which to everything else is missing."""

    def handle(self, *args, **options) -> None:
        with creation_allowed():
            super().handle(*args, **options)
