from pathlib import Path

from django.core.management.base import BaseCommand

from site_config.bootstrap import Problem
from site_config.operations.backup import back_up
from site_config.operations.trouble import told

WITHOUT_KEY = (
    "The secret key is not in it (--with-key adds it). With another key nothing of the content is lost, but sessions and "
    "links to set a password end, open comment forms are refused once, and hashes of networks begin anew."
)
WITH_KEY = "The secret key is in it: whoever has this file can sign in as anybody. Keep it as you keep a password."


class Command(BaseCommand):
    help = "Writes the database and all pictures into one tar file, while the site runs. `restore` brings them back."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help="where to write it; - for standard output")
        parser.add_argument("--with-key", action="store_true", help="put the secret key in too")
        parser.add_argument("--media-only", action="store_true", help="pictures only, for sites on PostgreSQL")
        parser.add_argument("--force", action="store_true", help="overwrite the file")

    def handle(self, *, file: str, with_key: bool, media_only: bool, force: bool, **options) -> None:
        target = None if file == "-" else Path(file)
        with told():
            if target is None and self.stdout.isatty():
                raise Problem("A backup is nothing to look at: send standard output into a file or another program")
            made = back_up(target, with_key=with_key, media_only=media_only, force=force, say=self.stderr.write)
        for name in made.missing:
            self.stderr.write(f"Missing, though the database names it: {name}")
        self.stderr.write(f"{len(made.members)} files, {made.size / 1e6:,.1f} MB.")
        self.stderr.write(WITH_KEY if with_key else WITHOUT_KEY)
