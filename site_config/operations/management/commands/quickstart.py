import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError

from site_config.bootstrap import Problem
from site_config.operations import premises, preparing, server, signin


class Command(BaseCommand):
    help = "Prepares whatever this site still lacks (database, static files, article, editor's account) and serves it."
    requires_system_checks = ()

    def handle(self, **options) -> None:
        try:
            claim = premises.claim(settings.DATA_DIR)
            premises.check_port(settings.SITE_HOST, settings.SITE_PORT)
            premises.announce(claim, settings.SITE_URL)
            self.prepare()
        except Problem as problem:
            sys.exit(str(problem))
        except OperationalError as error:
            sys.exit(f"The database cannot be used ({error}); look at DATABASE_URL and MASTHEAD_DATA".replace("\n", " "))
        server.start()

    def prepare(self) -> None:
        for step in (preparing.prepare_database, preparing.collect_static_files, preparing.load_content):
            step(self.stdout.write)
        if editor := preparing.make_editor():
            self.stdout.write(f"Set the password of '{editor.username}' here, once, then sign in with it:")
            self.stdout.write(signin.one_time_link(editor))
        elif waiting := preparing.administrator_without_password():
            self.stdout.write(f"Nobody has set a password yet. A new link: python3 manage.py signin_link {waiting.username}")
