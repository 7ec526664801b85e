import itertools
import logging
import threading

import pytest

from site_config.jobs import periodic


@pytest.fixture(autouse=True)
def no_others(monkeypatch):
    monkeypatch.setattr(periodic, "_tasks", {})
    monkeypatch.setattr(periodic, "_next", {})
    monkeypatch.setattr(periodic, "_failures", {})


@pytest.fixture
def scheduler():
    thread = periodic.Scheduler()
    yield thread
    thread.stop(10)
    assert not thread.is_alive()


def test_it_works():
    calls = []
    periodic.every(60, lambda: calls.append(1))
    assert [periodic.run_due(now) for now in (100, 101, 159, 160, 161, 400, 401)] == [1, 0, 0, 1, 0, 1, 0]
    assert len(calls) == 3


def test_a_task_by_its_name_is_imported_when_it_is_called(monkeypatch):
    calls = []
    periodic.every(10, "articles.due.make_due")
    monkeypatch.setattr("articles.due.make_due", lambda: calls.append(1))
    assert periodic.run_due(100) == 1
    assert calls == [1]


def test_a_name_that_leads_to_nothing_is_told_and_stops_none_of_the_others(caplog):
    calls = []
    periodic.every(10, "articles.nowhere.at_all")
    periodic.every(10, lambda: calls.append(1))
    assert periodic.run_due(100) == 2
    assert calls == [1]
    assert "Housekeeping articles.nowhere.at_all failed" in caplog.text


def test_each_has_its_own_time():
    calls = []
    periodic.every(10, lambda: calls.append("often"))
    periodic.every(100, lambda: calls.append("seldom"))
    for now in range(1000, 1100, 10):
        periodic.run_due(now)
    assert (calls.count("often"), calls.count("seldom")) == (10, 1)


def test_one_that_fails_is_logged_and_comes_round_again(caplog):
    calls = []

    def broken():
        calls.append(1)
        raise ZeroDivisionError

    periodic.every(10, broken)
    periodic.every(10, lambda: calls.append(2))
    with caplog.at_level(logging.ERROR):
        assert periodic.run_due(100) == 2
    assert "broken failed" in caplog.text
    periodic.run_due(110)
    assert calls == [1, 2, 1, 2]


def test_one_that_keeps_failing_comes_round_less_and_less_often(caplog):
    def broken():
        raise ZeroDivisionError

    periodic.every(1, broken)
    came = [now for now in range(1000, 1400) if periodic.run_due(now)]
    assert [later - earlier for earlier, later in itertools.pairwise(came)] == [2, 4, 8, 16, 32, 60, 60, 60, 60, 60]


def test_one_that_is_well_again_comes_round_as_before(caplog):
    outcomes = iter([ZeroDivisionError, ZeroDivisionError, None, None, None])

    def moody():
        if error := next(outcomes):
            raise error

    periodic.every(1, moody)
    assert [now for now in range(100, 109) if periodic.run_due(now)] == [100, 102, 106, 107, 108]


def test_the_scheduler_calls_in_a_thread_of_its_own(scheduler):
    called = threading.Event()
    names = []

    def note():
        names.append(threading.current_thread().name)
        called.set()

    periodic.every(60, note)
    scheduler.start()
    assert called.wait(10)
    assert names == ["scheduler"]
