"""The steps of `quickstart`. Each looks first, does nothing where nothing is missing, and may be repeated."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from site_config.lib.sqlite.base import creation_allowed

Say = Callable[[str], object]

CONTENT = settings.BASE_DIR / "articles" / "content"
COLLECTED = settings.DATA_DIR / "static.digest"


def prepare_database(say: Say) -> None:
    with creation_allowed():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)


def collect_static_files(say: Say) -> None:
    """Costs a `stat` of each static file; collects only if one of them, or a setting about them, has changed."""
    inputs = digest_of_static_inputs()
    if COLLECTED.is_file() and COLLECTED.read_text() == inputs and settings.STATIC_ROOT.is_dir():
        return
    say("Collecting style sheets and scripts ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    COLLECTED.write_text(inputs)


def digest_of_static_inputs() -> str:
    digest = hashlib.sha256(json.dumps([settings.STATIC_URL, settings.STORAGES["staticfiles"]]).encode())
    for line in sorted(static_inputs()):
        digest.update(line.encode())
    return digest.hexdigest()


def static_inputs() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            yield f"{storage.path(name)}\0{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n"


def load_content(say: Say) -> None:
    """Imports the articles that came with the project, if the site has none."""
    if not apps.get_model("articles", "Article").objects.exists():
        say("Loading the article ...")
        call_command("import_content", str(CONTENT), verbosity=0)


def make_editor():
    """The new account `editor`, without a password, or None if the site has an administrator already."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    return users.create_superuser("editor", email="", password=None, display_name="Editor")


def administrator_without_password():
    """An administrator's account if nobody can sign in to any of them yet, or None. One query."""
    administrators = list(get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk"))
    if any(user.has_usable_password() for user in administrators):
        return None
    return administrators[0] if administrators else None
