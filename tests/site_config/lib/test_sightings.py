from datetime import timedelta

from django.utils import timezone

from site_config.lib import sightings


def test_it_works(settings, tmp_path, frozen):
    settings.DATA_DIR = tmp_path
    assert sightings.last("thing") is None
    sightings.see("thing")
    assert sightings.last("thing") == timezone.now()


def test_the_disk_is_written_once_a_minute(settings, tmp_path, frozen):
    settings.DATA_DIR = tmp_path
    sightings.see("thing")
    first = timezone.now()
    frozen.shift(timedelta(seconds=59))
    sightings.see("thing")
    assert sightings.last("thing") == first
    frozen.shift(timedelta(seconds=1))
    sightings.see("thing")
    assert sightings.last("thing") == timezone.now()


def test_a_disk_that_cannot_be_written_is_no_trouble(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "missing"
    sightings.see("thing")
    (tmp_path / "seen").write_text("a file where the folder should be")
    settings.DATA_DIR = tmp_path
    sightings.see("thing")
    assert sightings.last("thing") is None
