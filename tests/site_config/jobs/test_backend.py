import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from site_config.jobs.backend import enqueue_once
from site_config.jobs.models import Job
from site_config.jobs.runner import run_due, take
from tests.site_config.jobs import tasks

pytestmark = pytest.mark.django_db
NAME = "tests.site_config.jobs.tasks.note"


def test_it_works():
    result = tasks.note.enqueue(1, "two", three=[3])
    job = Job.objects.get()
    assert result.id == str(job.pk)
    assert (job.task, job.state, job.attempts, job.key) == (NAME, "waiting", 0, None)
    assert job.arguments == {"args": [1, "two"], "kwargs": {"three": [3]}}
    assert tasks.done == []


def test_enqueueing_costs_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1):
        tasks.note.enqueue(1)


def test_the_same_may_be_asked_twice():
    tasks.note.enqueue(1)
    tasks.note.enqueue(1)
    assert Job.objects.count() == 2


def test_it_may_be_put_off(frozen):
    tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    assert run_due() == 0
    frozen.shift(3601)
    assert run_due() == 1


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError):
        tasks.note.enqueue(object())
    assert not Job.objects.exists()


def test_of_one_key_one_waits():
    first = enqueue_once(tasks.note, 1, key="one")
    again = enqueue_once(tasks.note, 1, key="one")
    other = enqueue_once(tasks.note, 2, key="two")
    assert first.id == again.id != other.id
    assert Job.objects.count() == 2


def test_a_key_belongs_to_its_task():
    enqueue_once(tasks.note, 1, key="one")
    enqueue_once(tasks.fail, key="one")
    assert Job.objects.count() == 2


def test_a_job_that_runs_does_not_stand_for_the_next():
    """It may have looked before the change that the second call is about."""
    enqueue_once(tasks.note_and_ask_again, "one", key="one")
    run_due()
    assert tasks.done == [(("one",), {})] * 2
    assert not Job.objects.exists()


def test_a_job_that_was_taken_does_not_stand_for_the_next():
    enqueue_once(tasks.note, 1, key="one")
    take(timezone.now())
    enqueue_once(tasks.note, 1, key="one")
    assert sorted(Job.objects.values_list("state", flat=True)) == ["running", "waiting"]


def test_a_dead_job_does_not_stand_for_the_next(frozen):
    enqueue_once(tasks.fail, key="one")
    for _ in range(10):
        run_due()
        frozen.shift(5000)
    assert Job.objects.get().state == "dead"
    enqueue_once(tasks.fail, key="one")
    assert sorted(Job.objects.values_list("state", flat=True)) == ["dead", "waiting"]


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_the_job_exists_if_the_act_does(self):
        with transaction.atomic():
            tasks.note.enqueue(1)
            enqueue_once(tasks.note, 2, key="two")
        assert run_due() == 2

    def test_the_job_goes_with_the_act(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tasks.note.enqueue(1)
            enqueue_once(tasks.note, 2, key="two")
            raise ZeroDivisionError
        assert not Job.objects.exists()

    def test_it_may_be_asked_outside_a_transaction(self):
        enqueue_once(tasks.note, 1, key="one")
        enqueue_once(tasks.note, 1, key="one")
        assert run_due() == 1

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="races are run on PostgreSQL")
    def test_a_waiting_job_is_not_taken_before_the_change_it_shall_see(self):
        enqueue_once(tasks.note, 1, key="one")
        seen: list[int] = []

        def runner() -> None:
            while job := take(timezone.now()):
                seen.append(Job.objects.filter(task="change").count())
                job.delete()
            connection.close()

        thread = threading.Thread(target=runner)
        with transaction.atomic():
            Job.objects.create(task="change", state=Job.State.DEAD)
            enqueue_once(tasks.note, 1, key="one")
            thread.start()
            thread.join(0.3)  # it waits for our commit; without the lock it would be done by now
            assert seen == []
        thread.join()
        assert seen == [1]
