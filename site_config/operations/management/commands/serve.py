from django.core.management.base import BaseCommand

from site_config.operations import server


class Command(BaseCommand):
    help = "Serves the site: web workers and the job runner, kept running. Prepares nothing; see quickstart."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        server.serve()
