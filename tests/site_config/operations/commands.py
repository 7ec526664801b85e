"""A site in a folder of its own, on SQLite, to which the commands of manage.py are given as an owner gives them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.server import ROOT

OURS = ("MASTHEAD_", "DJANGO_", "SITE_URL", "SECRET_KEY", "DATABASE_URL", "HOST", "PORT")


class Folder:
    """A data folder, and what its commands answer."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = kept | {"MASTHEAD_DATA": str(data)} | settings

    @property
    def database(self) -> Path:
        return self.data / "masthead.sqlite3"

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        command = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, timeout=120, **options)

    def manage(self, *arguments: str) -> str:
        """All that it said; it must end well."""
        done = self.run(*arguments)
        words = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, words
        return words

    def refusal(self, *arguments: str) -> str:
        """The one sentence with which it ended."""
        done = self.run(*arguments)
        lines = [line for line in done.stderr.decode().splitlines() if not line.endswith("...")]
        assert (done.returncode, len(lines)) == (1, 1), done.stderr.decode()
        return lines[0]

    def begin(self) -> None:
        """A small site: two articles, a picture with its renditions, a comment and a key."""
        self.data.mkdir()
        self.database.touch()
        (self.data / "secret_key").write_text("the key of this site")
        self.manage("migrate", "-v", "0")
        self.manage(
            "shell", "-v", "0", "-c",
            "from tests.factories import *; from comments.posting import post_comment; make_image(size=(1200, 800)); "
            "make_article(title='Before', slug='before'); article = make_article(title='Talk', slug='talk'); "
            "post_comment(article, name='Ada', text='Well said')",
        )  # fmt: skip
        self.manage("run_jobs", "--once")

    def query(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(sql).fetchall()

    def content(self) -> list[str]:
        """Every row of every table, but for the generations of pages, which every restore raises."""
        with closing(sqlite3.connect(self.database)) as connection:
            return [line for line in connection.iterdump() if "pages_generation" not in line]

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.data).as_posix(): path.read_bytes()
            for name in ("media", "originals")
            for path in (self.data / name).rglob("*")
            if path.is_file()
        }
