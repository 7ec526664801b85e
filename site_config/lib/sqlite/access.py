"""Whether a database file can be written, with what SQLite keeps beside it, and whether this process can still do so."""

from __future__ import annotations

import os

BESIDE = ("", "-wal", "-shm")

_opened_for_reading_only = False


def can_write(path: str | os.PathLike[str]) -> bool:
    """Costs three system calls. A file that is missing can be made, as far as this tells."""
    files = (f"{os.fspath(path)}{ending}" for ending in BESIDE)
    return all(os.access(file, os.W_OK) or not os.path.exists(file) for file in files)


def note_opening(path: str | os.PathLike[str]) -> None:
    """To be called after each opening of the database in this process."""
    global _opened_for_reading_only
    _opened_for_reading_only = _opened_for_reading_only or not can_write(path)


def needs_new_process(path: str | os.PathLike[str]) -> bool:
    """Whether the file can be written, though not by this process.

    All connections of a process share one view of the -shm file, which stays read-only once it was opened so, until the
    last of them is closed: and some thread always has one. Costs nothing in a process that had no such trouble.
    """
    return _opened_for_reading_only and can_write(path)
