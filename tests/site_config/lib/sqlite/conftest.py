import pytest
from django.db import connections

from site_config.lib.sqlite.base import DatabaseWrapper, creation_allowed
from site_config.pages.models import Generation


def connected(path) -> DatabaseWrapper:
    """A connection of its own to the database file, with the site's own options."""
    known = connections["default"].settings_dict
    options = {"transaction_mode": "IMMEDIATE", "timeout": 5, "init_command": "PRAGMA journal_mode=WAL"}
    return DatabaseWrapper({**known, "ENGINE": "site_config.lib.sqlite", "NAME": str(path), "OPTIONS": options}, "default")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.sqlite3"


@pytest.fixture
def wrapper(path, monkeypatch, django_db_blocker):
    """The site's connection, to a database file with the generations in it."""
    with django_db_blocker.unblock():
        before, made = connections["default"], connected(path)
        connections["default"] = made
        with creation_allowed(), made.schema_editor() as editor:
            editor.create_model(Generation)
        yield made
        made.close()
        connections["default"] = before
