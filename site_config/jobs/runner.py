"""Runs jobs: takes one by a conditional update, does it, and forgets it or tries again later.

A job is done at least once: a runner that is killed between the work and its DELETE leaves a lease that
runs out, and the job is taken again. So tasks must be safe to repeat.
"""

from __future__ import annotations

import logging
import random
import threading
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from site_config.jobs.models import Job

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
RENEWED_EVERY = 60.0
MOST_ATTEMPTS = 10

_in_hand: Job | None = None


def take(now: datetime) -> Job | None:
    """The next due job, leased to the caller, or None. Two runners never get the same one.

    It gives its key back, so that what is enqueued from now on is done again. A job whose runner died with it
    MOST_ATTEMPTS times is put on the dead list. Costs two SELECTs, and one UPDATE where there is a job.
    """
    for job in chain(Job.objects.abandoned(now)[:5], Job.objects.ready(now)[:5]):
        free = Job.objects.filter(pk=job.pk, state=job.state, lease_until=job.lease_until)
        if job.attempts >= MOST_ATTEMPTS:
            free.update(state=Job.State.DEAD, lease_until=None, last_error="Its runner died each time.")
        elif free.update(state=Job.State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1, key=None):
            job.refresh_from_db()
            return job
    return None


def run(job: Job) -> bool:
    """Does a taken job; whether it went well. A failure is kept with its pause, or put on the dead list."""
    global _in_hand
    _in_hand = job
    try:
        task = import_string(job.task)
        task.call(*job.arguments["args"], **job.arguments["kwargs"])
    except Exception as error:  # a task may raise anything, and the runner must go on
        logger.exception("Job %s (%s) failed, attempt %s", job.pk, job.task, job.attempts)
        postpone(job, error)
        return False
    finally:
        _in_hand = None
    Job.objects.filter(pk=job.pk).delete()
    return True


def postpone(job: Job, error: Exception) -> None:
    """Tries again after 2, 4, 8 … seconds (an hour at most, ± a quarter), ten times in all."""
    pause = min(2**job.attempts, 3600) * random.uniform(0.75, 1.25)  # noqa: S311 (no secret)
    dead = job.attempts >= MOST_ATTEMPTS
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DEAD if dead else Job.State.WAITING,
        run_at=timezone.now() + timedelta(seconds=pause),
        lease_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def renew_lease() -> None:
    """Keeps other runners from the job in hand for as long as it takes. To be called every RENEWED_EVERY seconds."""
    if job := _in_hand:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=timezone.now() + LEASE)


def give_back() -> Job | None:
    """Lets the next runner begin the job in hand anew, at once and without a failed attempt; which that was.

    For a runner that ends before the job does. From any thread.
    """
    job = _in_hand
    if job is None:
        return None
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    mine.update(state=Job.State.WAITING, lease_until=None, attempts=F("attempts") - 1)
    return job


def run_due(stop: threading.Event | None = None) -> int:
    """Does all that is due now, or until `stop` is set; how many were done."""
    done = 0
    while not (stop and stop.is_set()) and (job := take(timezone.now())):
        done += run(job)
    if not connection.in_atomic_block:  # as in tests
        connection.close_if_unusable_or_obsolete()
    return done


def seconds_to_next(most: float) -> float:
    """Until a job that is there now becomes due, at most `most`. Costs one SELECT."""
    waiting = Q(state=Job.State.WAITING)
    running = Q(state=Job.State.RUNNING)
    found = Job.objects.aggregate(run_at=Min("run_at", filter=waiting), lease=Min("lease_until", filter=running))
    now = timezone.now()
    return min([most, *(max((when - now).total_seconds(), 0.0) for when in found.values() if when)])


class Commits:
    """Tells cheaply that something was committed: a job may have come. On SQLite only."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.can_tell = connection.vendor == "sqlite"

    def came(self) -> bool:
        """Whether another connection, of any process, has committed since the last call. About 6 µs.

        https://sqlite.org/pragma.html#pragma_data_version
        """
        if not self.can_tell:
            return False
        connection.ensure_connection()
        with connection.wrap_database_errors:
            version = connection.connection.execute("PRAGMA data_version").fetchone()[0]
        before, self.version = self.version, version
        return before != version
