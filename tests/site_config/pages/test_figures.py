import subprocess
import sys
from pathlib import Path

import pytest

from site_config.lib.tally import Tally
from site_config.pages import figures

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def tally(tmp_path, monkeypatch):
    """Counts of the test's own."""
    tally = Tally(tmp_path / "figures", figures.ALL_NAMES)
    monkeypatch.setattr(figures, "the_tally", lambda: tally)
    yield tally
    tally.close()


def test_at_first_there_is_nothing():
    found = figures.read()
    assert found.counts == dict.fromkeys(figures.NAMES, 0)
    assert {number for _, number in found.rendered} == {0}
    assert found.microseconds == 0


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (figures.hit, "hits"),
        (figures.not_modified, "not_modified"),
        (figures.miss, "misses"),
        (figures.kept, "kept"),
        (figures.stale, "stale"),
        (figures.refused, "refused"),
    ],
)
def test_each_counts_its_own(count, name):
    count()
    count()
    assert {key: value for key, value in figures.read().counts.items() if value} == {name: 2}


def test_render_times_are_counted_up_to_each_bound():
    for seconds in (0.0004, 0.001, 0.0011, 0.3, 7.0):
        figures.drawn(seconds)
    found = figures.read()
    numbers = dict(found.rendered)
    assert numbers[0.001] == 2
    assert numbers[0.0025] == numbers[0.25] == 3
    assert numbers[0.5] == numbers[2.5] == 4
    assert numbers[float("inf")] == 5
    assert found.microseconds == 7_302_500
    assert sum(found.counts.values()) == 0


def test_a_clock_that_went_back_takes_nothing_away():
    figures.drawn(-1.0)
    assert figures.read().microseconds == 0


def test_they_lie_in_the_data_folder_with_the_pages(tmp_path):
    code = "import django; django.setup(); from site_config.pages import figures; figures.hit(); figures.drawn(0.1)"
    environment = {
        "MASTHEAD_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "site_config.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    kept = Tally(tmp_path / "pages" / "figures", figures.ALL_NAMES)
    assert kept.total()["hits"] == kept.total()["render_0.1"] == 1
    kept.close()
