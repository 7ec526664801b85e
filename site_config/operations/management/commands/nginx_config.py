from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from site_config.operations.proxy import names


class Command(BaseCommand):
    help = (
        "Prints a server block for nginx that answers kept pages by itself, for this site's settings. "
        "Set MASTHEAD_PAGE_FACADE to a folder that nginx may read, for the site too."
    )
    requires_system_checks = ()

    def handle(self, **options) -> None:
        self.stdout.write(render_to_string("operations/nginx.conf", names()).strip())
