"""The release: the same in all its processes, another after whatever changes pages."""

import os
import subprocess
import sys

import pytest

from site_config.pages.epoch import epoch, sources, stable
from tests.server import ROOT


def in_process(tmp_path, **variables) -> str:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "site_config.settings",
        "MASTHEAD_DATA": str(tmp_path),
        "SECRET_KEY": "the same",
        **variables,
    }
    code = "import django; django.setup(); from site_config.pages.epoch import epoch; print(epoch())"
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_it_is_the_same_in_two_processes_and_with_more_workers(tmp_path):
    told = {
        in_process(tmp_path, PYTHONHASHSEED="1"),
        in_process(tmp_path, PYTHONHASHSEED="2", MASTHEAD_WORKERS="7"),
    }
    assert len(told) == 1
    assert in_process(tmp_path, PYTHONHASHSEED="1", MASTHEAD_NAME="Another") not in told


@pytest.fixture
def release(tmp_path, settings):
    """A project of a few files."""
    for name in ("templates/a.html", "articles/views.py", "articles/static/site.css", "requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    settings.BASE_DIR = tmp_path
    return tmp_path


def now() -> str:
    return epoch.__wrapped__()


@pytest.mark.parametrize("name", ["templates/a.html", "articles/views.py", "requirements.txt"])
def test_another_file_is_another_release(release, name):
    before = now()
    assert now() == before
    (release / name).write_text("y")
    assert now() != before


def test_so_is_a_new_file_and_one_that_moved(release):
    seen = {now()}
    (release / "templates/b.html").write_text("")
    seen.add(now())
    (release / "templates/b.html").rename(release / "templates/c.html")
    seen.add(now())
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_NAME", "Another"), ("SHARE_SERVICES", ("x",)), ("TIME_ZONE", "Asia/Tokyo"), ("SECRET_KEY", "other")],
)
def test_another_setting_is_another_release(release, settings, name, value):
    before = now()
    setattr(settings, name, value)
    assert now() != before


def test_more_workers_are_not(release, settings):
    before = now()
    settings.WEB_WORKERS = 99
    assert now() == before


class Manifest:
    def __init__(self, hashed_files) -> None:
        self.hashed_files = hashed_files


def test_another_static_file_is(release, monkeypatch):
    monkeypatch.setattr("site_config.pages.epoch.staticfiles_storage", Manifest({"site.css": "site.0123.css"}))
    before = now()
    monkeypatch.setattr("site_config.pages.epoch.staticfiles_storage", Manifest({"site.css": "site.4567.css"}))
    assert now() != before


def test_the_projects_own_files_are_among_them():
    names = {path.relative_to(ROOT).as_posix() for path in sources()}
    assert {
        "templates/base.html",
        "articles/views.py",
        "comments/render.py",
        "site_config/settings.py",
        "requirements.txt",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "var/", ".venv/"))]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b", "a"}, "{'a', 'b'}"),
        ({"k": {3, 1, 2}}, "{'k': {1, 2, 3}}"),
        ([{"b", "a"}], "[{'a', 'b'}]"),
        (("a",), "['a']"),
        (None, "None"),
    ],
)
def test_sets_are_told_in_one_order(value, text):
    assert stable(value) == text
