"""A database file behind the site's connection, as every site on SQLite has it."""

import pytest

from tests.site_config.lib.sqlite.conftest import path, wrapper  # noqa: F401 (fixtures)


@pytest.fixture
def on_file(wrapper, settings, tmp_path):  # noqa: F811
    """The site's connection, to a file; what is gone is written down beside it."""
    settings.DATA_DIR = tmp_path
    return wrapper
