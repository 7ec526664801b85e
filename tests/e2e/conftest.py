"""Journeys in a real browser against a real `manage.py quickstart` with its own data folder."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import JOURNEYS
from tests.e2e.journeys import PASSWORD
from tests.lacking import lacking
from tests.server import copy_of, run_site, stop, until_it_answers

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
WAIT = 20_000
"""Milliseconds until something counts as missing: generous, for a machine that does much else."""
# Pages are drawn anew once the renditions of their pictures are there: journeys begin after that.
UNTIL_DRAWN = """
import time
from site_config.jobs.models import Job
deadline = time.monotonic() + 60
while Job.objects.filter(state__in=["waiting", "running"]).exists() and time.monotonic() < deadline:
    time.sleep(0.2)
"""


# One that has no end, or that the browser does not draw just now, would never be finished by itself.
AT_THEIR_ENDS = """() => {
    for (const animation of document.getAnimations()) {
        try { animation.finish(); } catch { animation.cancel(); }
    }
}"""


def pytest_collection_modifyitems(items) -> None:
    """All journeys run in one process, one after another: they share the server, which takes half a minute to make."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.e2e)
            if "open_page" in item.fixturenames and Path(item.path).stem.removeprefix("test_") not in JOURNEYS:
                raise pytest.UsageError(
                    f"{item.path.name} shares the site of the journeys: name it in tests/conftest.py, JOURNEYS."
                )


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "data"
    running = run_site(folder, is_new=True, MASTHEAD_COMMENT_RATE="100000/m", MASTHEAD_COMMENT_MIN_SECONDS="0")
    running.query(UNTIL_DRAWN)
    yield running
    stop(running)


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """A site with the articles of races/sowing.py, stopped, to be copied."""
    settings = {
        "MASTHEAD_COMMENT_RATE": "1000000/m",
        "MASTHEAD_COMMENT_MODERATION": "open",
        "MASTHEAD_COMMENT_MIN_SECONDS": "0",
    }
    running = run_site(tmp_path_factory.mktemp("original") / "data", **settings)
    until_it_answers(running)
    stop(running)
    numbers = running.query("from tests.e2e.races.sowing import sow; sow()")
    (running.data / "articles").write_text(numbers)
    return running


@pytest.fixture(scope="session")
def copied(original, tmp_path_factory):
    """A maker of sites like the original, not started yet, each with a data folder and an address of its own."""

    def make(name: str, **settings: str):
        return copy_of(original, tmp_path_factory.mktemp(name) / "data", **settings)

    return make


@pytest.fixture(scope="package")
def browser():
    if not CHROMIUM:
        lacking("No Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT)
    # Its loop runs in this thread until the end: no test beside the journeys could use the database here.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser, site):
    """A maker of pages, each in a context of its own; every page must end without a word from the policy or a script.

    `signed_in` is the name of the account whose session the page begins with.
    """
    contexts, complaints = [], []

    def listen(page) -> None:
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def make(**options):
        context = browser.new_context(base_url=site.url, **options)
        contexts.append(context)
        context.on("page", listen)
        context.on("request", lambda request: foreign(request.url, site.url, complaints))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def foreign(address: str, home: str, complaints: list[str]) -> None:
    if not address.startswith((f"{home}/", "data:", "blob:", "about:")):
        complaints.append(f"a request to {address}")


@pytest.fixture
def reader(open_page):
    """A reader's page with script. At its end nothing but what the test itself put there is stored on their machine."""
    page = open_page()
    yield page
    assert page.context.cookies() == []


@pytest.fixture
def plain_reader(open_page):
    """A reader's page without script."""
    page = open_page(java_script_enabled=False)
    yield page
    assert page.context.cookies() == []


@pytest.fixture(scope="package")
def seeded(site) -> dict[str, int]:
    """The people and articles of seed.py; gives the numbers of an article, a comment and one that is held."""
    return json.loads(site.query("from tests.e2e.seed import sow; sow()").splitlines()[-1])


@pytest.fixture(scope="package")
def sessions(browser, site, seeded):
    """What a signed-in browser remembers, by account."""
    known = {}
    for name in ("ada", "mo"):
        with contextlib.closing(browser.new_context(base_url=site.url)) as context:
            page = context.new_page()
            page.set_default_timeout(WAIT)
            page.goto("/accounts/login/")
            page.get_by_label("Username or e-mail").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/admin/")
            known[name] = context.storage_state()
    return known


@pytest.fixture
def desk(open_page, sessions):
    """A page signed in as `ada`."""
    return open_page(storage_state=sessions["ada"])


@pytest.fixture(scope="package")
def axe():
    """A check of the page that is open by axe-core: WCAG 2.0 to 2.2 A and AA and best practice.

    All rules in the light scheme, those about colour again in the dark one: nothing else depends on it.
    """
    from axe_playwright_python.sync_playwright import Axe

    def check(page) -> None:
        # Preloading, axe writes a style element of its own, which the policy rightly refuses.
        common = {"preload": False, "resultTypes": ["violations"]}
        everything = {**common, "rules": {"target-size": {"enabled": True}}}
        colours = {**common, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
        for scheme, options in (("light", everything), ("dark", colours)):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(AT_THEIR_ENDS)
            found = Axe().run(page, options=options).response["violations"]
            told = [f"{item['id']}: {item['help']}: {node['html'][:200]}" for item in found for node in item["nodes"]]
            assert told == [], f"{page.url} ({scheme})"

    return check
