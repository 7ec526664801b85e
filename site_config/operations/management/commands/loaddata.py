from django.core.management.commands import loaddata

from site_config import pages


class Command(loaddata.Command):
    """Django's own, as one change of everything that readers see."""

    def handle(self, *args, **options) -> None:
        with pages.changing("site", using=options["database"]):
            super().handle(*args, **options)
