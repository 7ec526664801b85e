import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from site_config.bootstrap import Problem
from site_config.operations import premises, server


class Command(BaseCommand):
    help = "Serves the site: web workers and the job runner, kept running. Prepares nothing; see quickstart."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        try:
            claim = premises.claim(settings.DATA_DIR)
            premises.check_port(settings.SITE_HOST, settings.SITE_PORT)
            premises.announce(claim, settings.SITE_URL)
        except Problem as problem:
            sys.exit(str(problem))
        if not settings.SECRET_KEY_IS_KEPT:
            sys.exit("There is no secret key; run quickstart once, or set SECRET_KEY or SECRET_KEY_FILE")
        server.start()
