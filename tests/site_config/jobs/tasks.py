"""Tasks for the tests, which note what was asked of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from django_tasks import task

from site_config.jobs import periodic

done: list[tuple] = []
calls: dict[str, Callable[[], object]] = {}


class Trouble(Exception):
    pass


@task
def note(*args, **kwargs) -> None:
    done.append((args, kwargs))


@task
def call(name: str) -> None:
    """Does what a test put into `calls` under this name."""
    calls[name]()


@task
def write(path: str, word: str, seconds: float = 0) -> None:
    """Adds a line to a file at its end, after so many seconds: for runners in processes of their own."""
    time.sleep(seconds)
    with open(path, "a", encoding="utf-8") as file:
        file.write(word + "\n")


@task
def busy(path: str, seconds: float) -> None:
    """A long job, beside which housekeeping writes into the file all the time."""
    periodic.every(0.05, lambda: write.call(path, "housekeeping"))
    time.sleep(seconds)
    write.call(path, "done")


@task
def fail(message: str = "no use") -> None:
    raise Trouble(message)


@task
def note_and_ask_again(name: str) -> None:
    """Asks for itself once more while it runs, as an editor may who saves again meanwhile."""
    from site_config.jobs.backend import enqueue_once

    done.append(((name,), {}))
    if len(done) == 1:
        enqueue_once(note_and_ask_again, name, key=name)


def no_task() -> None:
    """Has the name of a task and is none."""
