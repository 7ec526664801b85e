from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.search import rebuilding


class Command(BaseCommand):
    help = "Makes the search index anew from articles and comments. The site may run meanwhile, and finds what it found."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuilding.rebuild(lambda count: self.stderr.write(f"{count} articles"))
        more = sum(rebuild() for rebuild in rebuilding.others)
        articles, comments = f"{count} article{'' if count == 1 else 's'}", f"{more} comment{'' if more == 1 else 's'}"
        self.stdout.write(f"The search index has {articles} and {comments}.")
