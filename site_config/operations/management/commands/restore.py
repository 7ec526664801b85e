import contextlib
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from site_config.operations.backup_archive import KEY
from site_config.operations.restore import restore
from site_config.operations.trouble import told


class Command(BaseCommand):
    help = "Brings back what `backup` wrote, while the site does not run. Nothing that is there is deleted."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help="the backup; - for standard input")
        parser.add_argument("--replace", action="store_true", help="keep the site that is there aside, and take its place")

    def handle(self, *, file: str, replace: bool, **options) -> None:
        with told(), contextlib.nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb") as source:
            manifest, aside = restore(source, replace=replace, say=self.stderr.write)
        self.stdout.write(f"The backup of {manifest.made_at} is in {settings.DATA_DIR}.")
        for path in aside:
            self.stdout.write(f"What was there before is {path}")
        if KEY in manifest.names:
            self.stdout.write("Its secret key is there too; one that SECRET_KEY gives is used before it.")
        self.stdout.write("Start it with: python3 manage.py quickstart")
