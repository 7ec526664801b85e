"""Whether a database file can be written, with what SQLite keeps beside it."""

from __future__ import annotations

import os

BESIDE = ("", "-wal", "-shm")


def can_write(path: str | os.PathLike[str]) -> bool:
    """Costs three system calls. A file that is missing can be made, as far as this tells.

    A process that opened a database while this was false cannot write to it for as long as one such connection is open in
    it: all of them share one view of the -shm file. So none of these may be kept.
    """
    files = (f"{os.fspath(path)}{ending}" for ending in BESIDE)
    return all(os.access(file, os.W_OK) or not os.path.exists(file) for file in files)
