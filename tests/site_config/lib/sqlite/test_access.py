"""Whether the database file can be written, and whether this process can still do so."""

import os

import pytest

from site_config.lib.sqlite import access


@pytest.fixture
def refused(path, monkeypatch):
    """The names of files that may not be written, whoever runs the tests."""
    names: set[str] = set()
    monkeypatch.setattr(access, "_opened_for_reading_only", False)
    monkeypatch.setattr(access.os, "access", lambda file, mode: os.path.exists(file) and os.path.basename(file) not in names)
    for ending in access.BESIDE:
        path.with_name(path.name + ending).touch()
    return names


@pytest.mark.parametrize("ending", access.BESIDE)
def test_each_of_its_files_counts(path, refused, ending):
    assert access.can_write(path)
    refused.add(path.name + ending)
    assert not access.can_write(path)


def test_what_is_missing_can_be_made(tmp_path, refused):
    assert access.can_write(tmp_path / "another.sqlite3")


def test_a_process_that_only_ever_could_write_may_stay(path, refused):
    access.note_opening(path)
    assert not access.needs_new_process(path)


def test_a_process_that_opened_it_read_only_is_in_the_way_once_it_can_be_written(path, refused):
    refused.add(path.name)
    access.note_opening(path)
    assert not access.needs_new_process(path)
    refused.clear()
    access.note_opening(path)
    assert access.needs_new_process(path)
