"""Wagtail: a project as `wagtail start` makes it, with a plain blog page and comments, under gunicorn, on SQLite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.ground import Ground, running, until_answered
from tests.bench.peers.asking import Peer, beside
from tests.bench.peers.ours import last_words, ours, write_story
from tests.bench.table import Row, Skipped
from tests.server import free_port

BLOG = Path(__file__).parent / "blog"
SETTINGS = """
from mysite.settings.base import *

DEBUG = False
SECRET_KEY = "for measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["blog", *INSTALLED_APPS]
DATABASES["default"] |= {"CONN_MAX_AGE": None, "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""


def rows(ground: Ground) -> Iterator[Row]:
    folder = ground.new_folder("wagtail")
    python = environment(folder)
    site = project(python, folder)
    path = manage(python, site, "shell", "-c", f"from blog import sow; sow.sow({str(write_story(folder))!r})").splitlines()[-1]
    port = free_port()
    command = [str(python), "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", "mysite.wsgi"]
    with ExitStack() as stack:
        process = stack.enter_context(running(command, cwd=site, env=clean()))
        url = f"http://127.0.0.1:{port}{path}"
        until_answered(url, process)
        own = stack.enter_context(ours(ground))
        name = f"Wagtail {told(python, 'import wagtail; print(wagtail.__version__)')}"
        yield from beside(own, Peer(name, url, (process.pid,), last_words()), ground.rounds, ground.seconds)


def environment(folder: Path) -> Path:
    """A new environment with Wagtail and gunicorn in the run's own folder; its Python. Raises Skipped without a network."""
    made = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(made)], check=True, capture_output=True)
    python = made / "bin/python"
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "wagtail", "gunicorn"]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"Wagtail could not be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


def project(python: Path, folder: Path) -> Path:
    """The generated project with our blog in it, migrated."""
    site = folder / "mysite"
    site.mkdir()
    subprocess.run([str(python.with_name("wagtail")), "start", "mysite", str(site)], check=True, capture_output=True)
    shutil.copytree(BLOG, site / "blog", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "mysite/settings/measured.py").write_text(SETTINGS)
    manage(python, site, "makemigrations", "blog")
    manage(python, site, "migrate")
    return site


def manage(python: Path, site: Path, *arguments: str) -> str:
    done = subprocess.run([str(python), "manage.py", *arguments], cwd=site, env=clean(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
    return done.stdout.strip()


def clean() -> dict[str, str]:
    """This environment without what belongs to our own site."""
    ours = ("DJANGO_", "MASTHEAD_", "PYTHON", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"DJANGO_SETTINGS_MODULE": "mysite.settings.measured"}


def told(python: Path, code: str) -> str:
    return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()
