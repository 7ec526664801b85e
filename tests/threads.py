"""Things that happen at once."""

from __future__ import annotations

import threading

from django.db import connections


def at_once(*acts) -> list:
    """Runs the acts in threads that start together; what each gave, or the error that it raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act) -> None:
        try:
            start.wait()
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
