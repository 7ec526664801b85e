import signal
import threading

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from site_config.jobs import heartbeat, periodic
from site_config.jobs.runner import run_due


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Does background jobs until it is told to stop; `serve` starts it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between looks (default 0.5)")

    def handle(self, *, once: bool, pause: float, **options) -> None:
        if once:
            self.stdout.write(f"{run_due()} jobs done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            heartbeat.beat()
            try:
                run_due()
                periodic.run_due()
            except DatabaseError as error:
                self.stderr.write(f"The database did not answer ({error}); trying again.")
                connection.close()
                stop.wait(5)
            stop.wait(pause)
