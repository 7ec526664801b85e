import logging

import pytest

from site_config.jobs import periodic


@pytest.fixture(autouse=True)
def no_others(monkeypatch):
    monkeypatch.setattr(periodic, "_tasks", {})
    monkeypatch.setattr(periodic, "_next", {})


def test_it_works():
    calls = []
    periodic.every(60, lambda: calls.append(1))
    assert [periodic.run_due(now) for now in (100, 101, 159, 160, 161, 400, 401)] == [1, 0, 0, 1, 0, 1, 0]
    assert len(calls) == 3


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
