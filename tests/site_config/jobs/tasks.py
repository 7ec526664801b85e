"""Tasks for the tests, which note what was asked of them."""

from __future__ import annotations

from django_tasks import task

done: list[tuple] = []


class Trouble(Exception):
    pass


@task
def note(*args, **kwargs) -> None:
    done.append((args, kwargs))


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
