from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from articles.porting.load import load
from articles.porting.readers import folder as folder_reader


class Command(BaseCommand):
    help = "Imports a folder of Markdown or HTML files with front matter. Running it again changes nothing twice."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", metavar="USERNAME", help="whom the log names; without it, the site itself")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")

    def handle(self, *, folder: Path, by: str | None, dry_run: bool, verbosity: int, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Give the folder that holds the Markdown or HTML files.")
        user = get_user_model().objects.filter(username=by).first() if by else None
        if by and not user:
            raise CommandError(f"Nobody has the username {by}.")
        report = load(folder_reader.read(folder), by=user, dry_run=dry_run)
        would = "would be " if dry_run else ""
        for words, names in (
            (f"{would}made", report.made),
            (f"{would}changed", report.changed),
            ("unchanged", report.same),
        ):
            for name in names if verbosity else []:
                self.stdout.write(f"{words}: {name.partition(':')[2]}")
        for line in report.refused:
            self.stderr.write(f"refused: {line}")
        if not (report.made or report.changed or report.same or report.refused):
            raise CommandError(f"{folder} holds no Markdown or HTML file.")
        if report.refused:
            raise CommandError(f"{len(report.refused)} of the records could not be imported; the others were.")
