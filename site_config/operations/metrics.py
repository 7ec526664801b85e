"""What can be counted here, in the text format 0.0.4 of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from math import inf
from typing import NamedTuple

import django
from django.apps import apps
from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Min
from django.utils import timezone

from site_config.jobs import heartbeat
from site_config.jobs.models import Job
from site_config.operations.readiness import brief_connection
from site_config.pages import figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

HELP = {
    "hits": "Answers with a whole page from the page store.",
    "not_modified": "Answers 304 from the page store.",
    "misses": "Public pages that were not in the page store.",
    "kept": "Drawn pages that were put into the page store.",
    "stale": "Kept pages served unchecked because the database was away.",
    "refused": "Drawn pages that could not be kept.",
}


class Sample(NamedTuple):
    suffix: str
    labels: dict[str, str]
    value: float


class Metric(NamedTuple):
    name: str
    kind: str
    help: str
    samples: list[Sample]


def gauge(name: str, words: str, value: float, **labels: str) -> Metric:
    return Metric(name, "gauge", words, [Sample("", labels, value)])


def collect() -> list[Metric]:
    """All that is known now. With the database down that is less, and `masthead_database_up` is 0; nothing is raised."""
    found = [build_info(), *page_metrics()]
    silence = heartbeat.silence()
    if silence is not None:
        found.append(
            gauge("masthead_jobs_runner_silence_seconds", "Seconds since the job runner's last sign of life.", silence)
        )
    try:
        with brief_connection() as alias:
            rows = [*job_metrics(alias, timezone.now()), *comment_metrics(alias)]
    except Error:
        return [*found, gauge("masthead_database_up", "Whether the database answers.", 0)]
    return [*found, *rows, gauge("masthead_database_up", "Whether the database answers.", 1)]


def build_info() -> Metric:
    names = {"version": version(), "django": django.__version__, "python": platform.python_version()}
    return gauge("masthead_build_info", "What runs here; always 1.", 1, **names, database=connection.vendor)


@cache
def version() -> str:
    try:
        return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"


def page_metrics() -> Iterator[Metric]:
    found = figures.read()
    for name, count in found.counts.items():
        yield Metric(f"masthead_pages_{name}_total", "counter", HELP[name], [Sample("", {}, count)])
    samples = [Sample("_bucket", {"le": number(bound)}, count) for bound, count in found.rendered]
    samples += [Sample("_sum", {}, found.microseconds / 1e6), Sample("_count", {}, found.rendered[-1][1])]
    yield Metric("masthead_page_render_seconds", "histogram", "Time that Django took to draw a public page.", samples)


def job_metrics(alias: str, now: datetime) -> Iterator[Metric]:
    """Three index reads. (The lists of waiting and dead jobs are short; done ones are deleted.)"""
    jobs = Job.objects.using(alias)
    counts = dict(jobs.order_by().values_list("state").annotate(Count("pk")))
    words = {
        Job.State.WAITING: "are to be done, now or later",
        Job.State.RUNNING: "are being done",
        Job.State.DEAD: "were given up",
    }
    for state, sentence in words.items():
        yield gauge(f"masthead_jobs_{state}", f"Background jobs that {sentence}.", counts.get(state, 0))
    since = jobs.due(now).order_by().aggregate(first=Min("run_at"))["first"]
    age = max(0.0, (now - since).total_seconds()) if since else 0
    yield gauge("masthead_jobs_oldest_seconds", "How long the oldest job that is due has been waiting.", age)


def comment_metrics(alias: str) -> Iterator[Metric]:
    if apps.is_installed("comments"):
        held = apps.get_model("comments", "Comment").objects.using(alias).waiting().order_by().count()
        yield gauge("masthead_comments_held", "Comments that wait for a moderator.", held)


def text(metrics: Iterable[Metric]) -> str:
    return "".join(line + "\n" for metric in metrics for line in lines(metric))


def lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {escaped(metric.help)}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for sample in metric.samples:
        pairs = ",".join('{}="{}"'.format(name, escaped(value).replace('"', '\\"')) for name, value in sample.labels.items())
        yield (
            f"{metric.name}{sample.suffix}{{{pairs}}} {number(sample.value)}"
            if pairs
            else (f"{metric.name}{sample.suffix} {number(sample.value)}")
        )


def escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("\n", "\\n")


def number(value: float) -> str:
    return "+Inf" if value == inf else str(value)
