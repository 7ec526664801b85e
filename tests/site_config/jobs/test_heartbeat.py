import os

import pytest
from django.core.management import call_command

from site_config.jobs import heartbeat, periodic, runner


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(heartbeat, "_touched", float("-inf"))
    return tmp_path / "jobs.alive"


def test_at_first_there_is_no_sign_of_life():
    assert heartbeat.silence() is None


def test_silence_grows_from_the_last_beat(place):
    heartbeat.beat()
    assert heartbeat.silence() < 5
    os.utime(place, (place.stat().st_mtime - 300,) * 2)
    assert 299 < heartbeat.silence() < 310


def test_it_beats_once_in_some_seconds_however_often_it_is_called(place, frozen):
    heartbeat.beat()
    place.unlink()
    heartbeat.beat()
    assert not place.exists()


def test_a_clock_that_went_back_is_no_silence(place):
    heartbeat.beat()
    os.utime(place, (place.stat().st_mtime + 3600,) * 2)
    assert heartbeat.silence() == 0


def test_a_folder_that_is_gone_stops_nobody(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    heartbeat.beat()
    assert heartbeat.silence() is None


@pytest.mark.django_db
def test_the_runner_beats_as_it_goes_round(place, monkeypatch):
    import signal

    def look(stop=None) -> int:
        signal.raise_signal(signal.SIGTERM)
        return 0

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(runner, "run_due", look)
    monkeypatch.setattr(periodic, "_tasks", {})
    call_command("run_jobs", "--pause=0")
    for number, handler in before.items():
        signal.signal(number, handler)
    assert place.exists()
