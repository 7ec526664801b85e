from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.related import relate_all


class Command(BaseCommand):
    help = "Finds anew which articles are close to which. The site may run meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        count = relate_all(lambda count: self.stderr.write(f"{count} articles"))
        self.stdout.write(f"Looked at {count} article{'' if count == 1 else 's'}.")
