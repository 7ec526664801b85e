import contextlib
import logging
import sqlite3
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from site_config.jobs import LATER, runner
from site_config.jobs.models import Job
from site_config.jobs.runner import LEASE, MOST_ATTEMPTS, Commits, give_back, renew_lease, run, run_due, seconds_to_next, take
from tests.site_config.jobs import tasks

pytestmark = pytest.mark.django_db


def test_it_works():
    tasks.note.enqueue(1, two=2)
    assert run_due() == 1
    assert tasks.done == [((1,), {"two": 2})]
    assert not Job.objects.exists()


def test_the_oldest_is_done_first(frozen):
    for number in range(3):
        tasks.note.enqueue(number)
    tasks.note.using(run_after=timezone.now() - timedelta(hours=1)).enqueue("older")
    run_due()
    assert [args[0] for args, _ in tasks.done] == ["older", 0, 1, 2]


def test_what_nobody_waits_for_is_done_last(frozen):
    for number in range(3):
        tasks.note.using(priority=LATER, run_after=timezone.now() - timedelta(hours=1)).enqueue(number)
    tasks.note.enqueue("a mail")
    run_due()
    assert [args[0] for args, _ in tasks.done] == ["a mail", 0, 1, 2]


@pytest.mark.parametrize("count", [1, 400])
def test_taking_a_job_sorts_none_of_those_that_wait(frozen, count):
    Job.objects.bulk_create([Job(task="x", priority=number % 3, arguments={}) for number in range(count)])
    plan = Job.objects.ready(timezone.now())[:5].explain()
    assert "jobs_ready" in plan or connection.vendor == "postgresql"
    assert "TEMP B-TREE" not in plan
    with CaptureQueriesContext(connection) as asked:
        assert take(timezone.now()).priority == min(count - 1, 2)
    assert len(asked) == 4


def test_a_job_is_taken_once(frozen):
    tasks.note.enqueue(1)
    job = take(timezone.now())
    assert (job.state, job.attempts, job.lease_until) == ("running", 1, timezone.now() + LEASE)
    assert take(timezone.now()) is None


def test_two_who_saw_the_same_job_free_do_not_both_get_it(monkeypatch, frozen):
    """The second takes it between the first one's look and its update."""
    tasks.note.enqueue(1)
    ready, second = Job.objects.ready, []

    def look(now):
        found = list(ready(now))
        monkeypatch.undo()
        second.append(take(now))
        return found

    monkeypatch.setattr(Job.objects, "ready", look)
    assert take(timezone.now()) is None
    assert second[0].attempts == 1


def test_who_misses_one_job_takes_the_next(monkeypatch, frozen):
    tasks.note.enqueue(1)
    tasks.note.enqueue(2)
    ready = Job.objects.ready

    def look(now):
        found = list(ready(now))
        monkeypatch.undo()
        take(now)
        return found

    monkeypatch.setattr(Job.objects, "ready", look)
    assert take(timezone.now()).arguments["args"] == [2]


def test_a_job_of_a_runner_that_died_is_taken_again(frozen):
    tasks.note.enqueue(1)
    take(timezone.now())
    frozen.shift(LEASE.total_seconds())
    assert take(timezone.now()) is None
    frozen.shift(1)
    again = take(timezone.now())
    assert again.attempts == 2
    assert take(timezone.now()) is None
    assert run(again)


def test_a_job_that_kills_its_runner_each_time_is_given_up(frozen):
    tasks.note.enqueue(1)
    for _ in range(MOST_ATTEMPTS):
        assert take(timezone.now()) is not None
        frozen.shift(LEASE.total_seconds() + 1)
    assert take(timezone.now()) is None
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("dead", MOST_ATTEMPTS)
    assert "died" in job.last_error


def test_a_failure_is_kept_and_tried_again_later(frozen, caplog):
    tasks.fail.enqueue("no use today")
    with caplog.at_level(logging.ERROR):
        assert run_due() == 0
    job = Job.objects.get()
    assert (job.state, job.attempts, job.last_error) == ("waiting", 1, "Trouble: no use today")
    assert job.lease_until is None
    assert job.run_at > timezone.now()
    assert "no use today" in caplog.text


def test_one_failure_stops_none_of_the_others():
    tasks.fail.enqueue()
    tasks.note.enqueue(1)
    assert run_due() == 1
    assert tasks.done


def test_pauses_grow_and_the_tenth_failure_is_the_last(frozen):
    tasks.fail.enqueue()
    pauses = []
    for _ in range(MOST_ATTEMPTS):
        run_due()
        job = Job.objects.get()
        pauses.append((job.run_at - timezone.now()).total_seconds())
        frozen.move_to(job.run_at)
    for attempt, pause in enumerate(pauses, 1):
        assert 0.75 * 2**attempt <= pause <= 1.25 * 2**attempt
    assert (job.state, job.attempts) == ("dead", 10)
    frozen.shift(timedelta(days=365))
    assert take(timezone.now()) is None


def test_no_pause_is_longer_than_an_hour_and_a_quarter(frozen):
    job = Job.objects.create(
        task="tests.site_config.jobs.tasks.fail", state="running", attempts=9, arguments={"args": [], "kwargs": {}}
    )
    job.attempts = 14
    run(job)
    job.refresh_from_db()
    assert (job.run_at - timezone.now()).total_seconds() <= 4500


@pytest.mark.parametrize(
    "task",
    [
        "no.such.module.task",
        "tests.site_config.jobs.tasks.none",
        "tests.site_config.jobs.tasks.no_task",
        "nothing",
        "",
        "os.path",
    ],
)
def test_what_is_no_task_is_given_up_in_the_end(frozen, task):
    Job.objects.create(task=task, arguments={"args": [], "kwargs": {}})
    for _ in range(MOST_ATTEMPTS):
        assert run_due() == 0
        frozen.shift(5000)
    assert Job.objects.get().state == "dead"


@pytest.mark.parametrize("arguments", [{}, {"args": [1, 2, 3], "kwargs": {}}, {"args": [], "kwargs": {"none": 1}}, []])
def test_arguments_that_do_not_fit_are_a_failure_like_others(arguments):
    Job.objects.create(task="tests.site_config.jobs.tasks.fail", arguments=arguments)
    assert run_due() == 0
    assert Job.objects.get().last_error


def test_a_long_error_is_cut():
    tasks.fail.enqueue("x" * 10_000)
    run_due()
    assert len(Job.objects.get().last_error) == 2000


def test_looking_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert take(timezone.now()) is None


def test_it_stops_between_two_jobs():
    stop = threading.Event()
    tasks.call.enqueue("stop")
    tasks.note.enqueue(1)
    tasks.calls["stop"] = stop.set
    assert run_due(stop) == 1
    assert tasks.done == []
    assert Job.objects.get().state == "waiting"


def test_the_lease_of_the_job_in_hand_is_renewed(frozen):
    leases = []

    def work():
        leases.append(Job.objects.get().lease_until)
        frozen.shift(60)
        renew_lease()
        leases.append(Job.objects.get().lease_until)

    tasks.calls["work"] = work
    tasks.call.enqueue("work")
    assert run_due() == 1
    assert leases[1] - leases[0] == timedelta(seconds=60)
    renew_lease()


def test_a_job_that_is_given_back_is_taken_at_once_and_has_not_failed(frozen):
    taken = []

    def work():
        given = give_back()
        taken.append((given.pk, take(timezone.now())))

    tasks.calls["work"] = work
    tasks.call.enqueue("work")
    run_due()
    [(pk, again)] = taken
    assert (again.pk, again.attempts) == (pk, 1)
    assert give_back() is None


def test_who_gave_a_job_back_too_late_takes_it_from_nobody(frozen):
    """Its lease ran out, and another runner has it now."""

    def work():
        frozen.shift(LEASE.total_seconds() + 1)
        take(timezone.now())
        give_back()

    tasks.calls["work"] = work
    tasks.call.enqueue("work")
    job = Job.objects.get()
    before = (job.pk, "running", 2)
    seen = []
    tasks.calls["work"] = lambda: (work(), seen.append(Job.objects.get()))
    run_due()
    assert [(job.pk, job.state, job.attempts) for job in seen] == [before]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite tells")
def test_commits_of_others_are_seen_once(tmp_path, monkeypatch):
    other = sqlite3.connect(tmp_path / "db", isolation_level=None)
    other.execute("CREATE TABLE t (n)")
    own = sqlite3.connect(tmp_path / "db", isolation_level=None)
    monkeypatch.setattr(runner, "connection", Raw(own))
    commits = Commits()
    assert commits.came()
    assert not commits.came()
    other.execute("INSERT INTO t VALUES (1)")
    assert commits.came()
    assert not commits.came()
    own.execute("INSERT INTO t VALUES (2)")
    assert not commits.came()
    other.close()
    own.close()


class Raw:
    """As much of Django's connection as is asked for, round a file: a database in memory has no other processes."""

    vendor = "sqlite"
    wrap_database_errors = contextlib.nullcontext()

    def __init__(self, connection):
        self.connection = connection

    def ensure_connection(self):
        assert self.connection


def test_it_knows_when_the_next_job_is_due(frozen, django_assert_num_queries):
    assert seconds_to_next(30) == 30
    tasks.note.using(run_after=timezone.now() + timedelta(seconds=20)).enqueue(1)
    with django_assert_num_queries(1):
        assert seconds_to_next(30) == 20
    tasks.note.using(run_after=timezone.now() + timedelta(seconds=7)).enqueue(2)
    assert seconds_to_next(30) == 7
    frozen.shift(10)
    assert seconds_to_next(30) == 0
    take(timezone.now())
    assert seconds_to_next(30) == 10
    frozen.shift(10)
    take(timezone.now())
    assert seconds_to_next(3600) == LEASE.total_seconds() - 10
    Job.objects.update(state="dead", lease_until=None)
    assert seconds_to_next(30) == 30


@pytest.mark.skipif(connection.vendor != "postgresql", reason="races are run on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_four_runners_at_once_do_each_job_once():
    for number in range(40):
        tasks.note.enqueue(number)
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        while run_due() or Job.objects.filter(state="waiting").exists():
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(args[0] for args, _ in tasks.done) == list(range(40))
    assert not Job.objects.exists()
