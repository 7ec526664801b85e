"""What all tests share: strictness, a clean cache, frozen time where asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.test import TransactionTestCase
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from site_config.mail import delivery
from site_config.pages import watcher
from site_config.pages.models import Generation
from tests import factories, postbox

# No test is asserted on a clock.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
FLUSH = TransactionTestCase._fixture_teardown


JOURNEYS = (
    "autosave",
    "axe",
    "body_editor",
    "corrections",
    "drafts",
    "editor",
    "history",
    "html",
    "images",
    "mail",
    "moderator",
    "passages",
    "queue",
    "reader",
    "search",
    "sharing",
    "small_screen",
    "strings",
    "threads",
    "weight",
    "writing",
)


class JourneysTogether(LoadScopeScheduling):
    """Spreads tests one by one, but gives all of a group to one process: journeys in a browser share a server, and so that
    they are not all at once, the trials of servers of their own are another group.

    (xdist's own `loadgroup` does not see the marks of this pytest.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        if file.startswith("tests/e2e/"):
            return "journeys" if Path(file).stem.removeprefix("test_") in JOURNEYS else "trials"
        return "serving" if file.endswith("/test_serving.py") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return JourneysTogether(config, log)


@pytest.fixture(autouse=True, scope="session")
def flush_is_no_forgotten_change():
    """Emptying the tables between transaction tests is nobody's change."""

    def teardown(self):
        with watcher.paused():
            FLUSH(self)
        Generation.objects.all().delete()

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = FLUSH


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests count generations from nothing: the one that migrating raised is put back."""
    with django_db_blocker.unblock():
        Generation.objects.all().delete()


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def frozen():
    """Time stands still at noon of a day in February 2025; `frozen.move_to()` and `frozen.shift()` move it."""
    with time_machine.travel("2025-02-15T12:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor(db):
    return factories.make_user(username="editor", display_name="Editor", is_superuser=True)


@pytest.fixture
def desk(client, editor):
    """A client signed in as the editor."""
    client.force_login(editor)
    return client


@pytest.fixture
def box(settings):
    """A mail server that the site sends through: what it was given is in `box.messages` after run_due()."""
    delivery.patience.there()
    with postbox.postbox() as server:
        settings.EMAIL_BACKEND = "site_config.mail.backend.QueueBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server
    delivery.patience.there()
