"""Whatever goes wrong in a command becomes one sentence and exit code 1, and what it had begun is cleared away."""

from __future__ import annotations

import contextlib
import errno
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator

from django.db import Error

from site_config.bootstrap import Problem


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Ends the process with a sentence for a Problem or an error of files or databases, and lets SIGTERM clean up."""
    before = signal.getsignal(signal.SIGTERM)
    is_main = threading.current_thread() is threading.main_thread()
    if is_main:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    except (Problem, OSError, sqlite3.Error, Error) as error:
        sys.exit(sentence(error))
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)


def sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return f"The disk is full{where(error)}; make room and start again"
        return f"{error.strerror or error}{where(error)}"
    if isinstance(error, Problem):
        return str(error)
    words = str(error).replace("\n", " ")
    if "disk is full" in words:
        return "The disk is full; make room and start again"
    return f"The database cannot be used ({words})"


def where(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
