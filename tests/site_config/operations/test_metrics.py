"""Read by the parser of Prometheus's own client, and by a stricter grammar."""

import math
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import Comment
from site_config.jobs import heartbeat
from site_config.jobs.models import Job
from site_config.lib.tally import Tally
from site_config.operations import metrics
from site_config.operations.metrics import Metric, Sample, collect, text
from site_config.pages import figures
from tests.factories import make_article

# What is asked for through a connection of its own must have been committed.
pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = r"(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
LABEL = r'[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"'
GRAMMAR = re.compile(
    r"# HELP [a-z_]+ [^\n]+|# TYPE [a-z_]+ (?:counter|gauge|histogram)"
    rf"|[a-z_]+(?:\{{{LABEL}(?:,{LABEL})*\}})? {NUMBER}"
)


@pytest.fixture(autouse=True)
def tally(tmp_path, monkeypatch):
    tally = Tally(tmp_path / "figures", figures.ALL_NAMES)
    monkeypatch.setattr(figures, "the_tally", lambda: tally)
    yield tally
    tally.close()


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def parsed(written: str) -> dict:
    """Families by name. Raises where the text is no valid exposition."""
    from prometheus_client.parser import text_string_to_metric_families

    return {family.name: family for family in text_string_to_metric_families(written)}


def value(name: str, **labels: str) -> float:
    families = parsed(text(collect()))
    found = [
        sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert len(found) == 1, (name, found)
    return found[0]


def job(**fields) -> Job:
    return Job.objects.create(task="some.task", **fields)


def test_it_works():
    families = parsed(text(collect()))
    assert {name: family.type for name, family in families.items() if not name.startswith("masthead_pages_")} == {
        "masthead_build_info": "gauge",
        "masthead_page_render_seconds": "histogram",
        "masthead_jobs_waiting": "gauge",
        "masthead_jobs_running": "gauge",
        "masthead_jobs_dead": "gauge",
        "masthead_jobs_oldest_seconds": "gauge",
        "masthead_comments_held": "gauge",
        "masthead_database_up": "gauge",
    }
    pages = {name for name, family in families.items() if family.type == "counter"}
    assert pages == {f"masthead_pages_{name}" for name in figures.NAMES}


def test_every_line_is_in_the_grammar_and_each_family_comes_once_in_one_piece():
    lines = text(collect()).split("\n")
    assert lines.pop() == ""
    assert [line for line in lines if not GRAMMAR.fullmatch(line)] == []
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families))
    assert [line.split()[2] for line in lines if line.startswith("# HELP")] == families
    current = ""
    for line in lines:
        if line.startswith("#"):
            current = line.split()[2]
        else:
            assert line.startswith(current)


def test_the_store_is_counted():
    figures.hit()
    figures.hit()
    figures.not_modified()
    figures.miss()
    assert value("masthead_pages_hits_total") == 2
    assert value("masthead_pages_not_modified_total") == 1
    assert value("masthead_pages_misses_total") == 1
    assert value("masthead_pages_stale_total") == 0


def test_render_times_are_a_histogram():
    for seconds in (0.004, 0.3, 9):
        figures.drawn(seconds)
    assert value("masthead_page_render_seconds_bucket", le="0.0025") == 0
    assert value("masthead_page_render_seconds_bucket", le="0.005") == 1
    assert value("masthead_page_render_seconds_bucket", le="0.5") == 2
    assert value("masthead_page_render_seconds_bucket", le="+Inf") == 3
    assert value("masthead_page_render_seconds_count") == 3
    assert value("masthead_page_render_seconds_sum") == pytest.approx(9.304)


def test_jobs_are_counted_by_state_and_the_oldest_due_one_by_age():
    now = timezone.now()
    assert value("masthead_jobs_oldest_seconds") == 0
    job(run_at=now - timedelta(seconds=90))
    job(run_at=now - timedelta(seconds=30))
    job(run_at=now + timedelta(hours=1))
    job(run_at=now - timedelta(hours=1), state=Job.State.RUNNING, lease_until=now + timedelta(minutes=1))
    job(run_at=now - timedelta(days=1), state=Job.State.DEAD)
    assert value("masthead_jobs_waiting") == 3
    assert value("masthead_jobs_running") == 1
    assert value("masthead_jobs_dead") == 1
    assert 90 <= value("masthead_jobs_oldest_seconds") < 150


def test_a_job_whose_runner_died_waits_too():
    now = timezone.now()
    job(run_at=now - timedelta(minutes=20), state=Job.State.RUNNING, lease_until=now - timedelta(minutes=1))
    assert value("masthead_jobs_oldest_seconds") >= 1200


def test_held_comments_are_counted(settings):
    from comments.posting import post_comment

    article = make_article()
    settings.COMMENT_MODERATION = "all"
    post_comment(article, name="Ada", text="A first thought.", address="192.0.2.1")
    assert Comment.objects.waiting().count() == 1
    assert value("masthead_comments_held") == 1


def test_the_build_is_named():
    assert value("masthead_build_info", version="0.1.0", database=connection.vendor) == 1


def test_the_runner_is_heard_of(monkeypatch):
    assert "runner_silence" not in text(collect())
    monkeypatch.setattr(heartbeat, "_touched", float("-inf"))
    heartbeat.beat()
    assert 0 <= value("masthead_jobs_runner_silence_seconds") < 60


def test_without_its_database_it_says_what_it_knows(client, settings, monkeypatch, tmp_path):
    settings.METRICS_TOKEN = "of sixteen letters"
    place = connection.settings_dict
    monkeypatch.setitem(place, "HOST", "127.0.0.1")
    monkeypatch.setitem(place, "PORT", "9")
    monkeypatch.setitem(place, "NAME", str(tmp_path / "missing.sqlite3") if connection.vendor == "sqlite" else place["NAME"])
    figures.hit()
    response = client.get("/health/metrics/", headers={"authorization": "Bearer of sixteen letters"})
    families = parsed(response.content.decode())
    assert response.status_code == 200
    assert families["masthead_database_up"].samples[0].value == 0
    assert families["masthead_pages_hits"].samples[0].value == 1
    assert not any(name.startswith(("masthead_jobs_", "masthead_comments_")) for name in families)
    assert not (tmp_path / "missing.sqlite3").exists()


def test_labels_and_help_are_escaped():
    words = 'a "b" \\ c\nd'
    written = text([Metric("odd", "gauge", "help \\ of\ntwo lines", [Sample("", {"label": words, "other": "x"}, math.inf)])])
    assert written.splitlines()[2] == r'odd{label="a \"b\" \\ c\nd",other="x"} +Inf'
    family = parsed(written)["odd"]
    assert family.samples[0].labels == {"label": words, "other": "x"}
    assert family.documentation == "help \\ of\ntwo lines"


def test_a_release_without_its_project_file_is_unknown(settings, tmp_path):
    metrics.version.cache_clear()
    settings.BASE_DIR = tmp_path
    assert metrics.version() == "unknown"
    metrics.version.cache_clear()
