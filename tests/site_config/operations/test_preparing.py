import pytest
from django.contrib.auth import get_user_model

from site_config.operations import preparing


@pytest.fixture
def calls(monkeypatch):
    """The management commands that were called, and none of them done."""
    names = []
    monkeypatch.setattr(preparing, "call_command", lambda name, *arguments, **options: names.append(name))
    return names


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    monkeypatch.setattr(preparing, "COLLECTED", tmp_path / "static.digest")
    return tmp_path


def say(line):
    assert line.endswith(" ...")


@pytest.mark.django_db
def test_a_migrated_database_is_left_alone(calls):
    preparing.prepare_database(say)
    assert calls == []


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_migrated(calls, monkeypatch):
    monkeypatch.setattr(preparing.MigrationExecutor, "migration_plan", lambda *arguments: ["one"])
    preparing.prepare_database(say)
    assert calls == ["migrate"]


def test_static_files_are_collected_once(calls, collected):
    preparing.collect_static_files(say)
    preparing.collect_static_files(say)
    assert calls == ["collectstatic"]


def test_static_files_are_collected_again_when_one_changes(calls, collected, monkeypatch):
    monkeypatch.setattr(preparing, "static_inputs", lambda: iter(["site.css 10"]))
    preparing.collect_static_files(say)
    monkeypatch.setattr(preparing, "static_inputs", lambda: iter(["site.css 11"]))
    preparing.collect_static_files(say)
    assert calls == ["collectstatic", "collectstatic"]


def test_static_files_are_collected_again_when_they_are_gone(calls, collected, settings):
    preparing.collect_static_files(say)
    settings.STATIC_ROOT.rmdir()
    preparing.collect_static_files(say)
    assert calls == ["collectstatic", "collectstatic"]


@pytest.mark.django_db
def test_a_site_without_articles_gets_the_one_that_came_along(calls):
    preparing.load_content(say)
    assert calls == ["import_content"]


@pytest.mark.django_db
def test_a_site_without_administrator_gets_an_editor():
    editor = preparing.make_editor()
    assert (editor.username, editor.display_name, editor.is_superuser) == ("editor", "Editor", True)
    assert not editor.has_usable_password()
    assert preparing.make_editor() is None


@pytest.mark.django_db
def test_an_administrator_of_any_name_is_enough():
    get_user_model().objects.create_superuser("ada", email="", password=None)
    assert preparing.make_editor() is None


@pytest.mark.django_db
def test_it_is_known_that_nobody_can_sign_in_yet():
    assert preparing.administrator_without_password() is None
    editor = preparing.make_editor()
    other = get_user_model().objects.create_superuser("zoe", email="", password=None)
    assert preparing.administrator_without_password() == editor
    other.set_password("four quiet words here")
    other.save()
    assert preparing.administrator_without_password() is None
