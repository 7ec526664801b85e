import pytest

from tests.site_config.jobs import tasks


@pytest.fixture(autouse=True)
def nothing_done():
    tasks.done.clear()
