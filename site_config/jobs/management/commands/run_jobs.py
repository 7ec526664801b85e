import logging
import os
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from site_config.jobs import heartbeat, runner
from site_config.jobs.memory import give_memory_back
from site_config.jobs.periodic import Scheduler
from site_config.lib.sqlite.access import needs_new_process

logger = logging.getLogger(__name__)

BLINK = 0.1
LONGEST_SLEEP = 30.0
AFTER_TROUBLE = 5.0
LONGEST_FAREWELL = 8.0


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Does background jobs, and housekeeping beside them, until it is told to stop; `serve` starts it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument(
            "--pause", type=float, default=0.5, help="seconds between looks (default 0.5) where commits are not seen"
        )

    def handle(self, *, once: bool, pause: float, **options) -> None:
        if once:
            self.stdout.write(f"{runner.run_due()} jobs done")
            return
        stop, scheduler = threading.Event(), Scheduler()
        farewell = threading.Timer(LONGEST_FAREWELL, self.leave)
        farewell.daemon = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: begin_to_stop(stop, farewell))
        scheduler.start()
        self.work(stop, pause)
        scheduler.stop(LONGEST_FAREWELL)
        farewell.cancel()

    def leave(self) -> None:
        """Ends the process in the middle of a job, which the next runner begins anew."""
        try:
            if job := runner.give_back():
                logger.warning("Job %s (%s) takes longer than we can wait; it is given back.", job.pk, job.task)
        finally:
            self.stderr.flush()
            os._exit(0)

    def work(self, stop: threading.Event, pause: float) -> None:
        commits = runner.Commits()
        while not stop.is_set() and not is_in_the_way():
            heartbeat.beat()
            try:
                commits.came()
                if runner.run_due(stop):
                    give_memory_back()
                wait(stop, runner.seconds_to_next(LONGEST_SLEEP) if commits.can_tell else pause, commits)
            except DatabaseError as error:
                logger.warning("The database did not answer (%s); trying again.", error)
                connection.close()
                stop.wait(AFTER_TROUBLE)


def is_in_the_way() -> bool:
    """See needs_new_process(): `serve` begins another one."""
    return connection.vendor == "sqlite" and needs_new_process(connection.settings_dict["NAME"])


def begin_to_stop(stop: threading.Event, farewell: threading.Timer) -> None:
    """The job in hand may be finished, within LONGEST_FAREWELL seconds."""
    if not stop.is_set():
        stop.set()
        farewell.start()


def wait(stop: threading.Event, seconds: float, commits: runner.Commits) -> None:
    """Until something was committed, `stop` is set, or the time has passed: then a job may be due."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if stop.wait(min(BLINK, left)) or commits.came():
            return
