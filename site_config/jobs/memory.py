"""Gives memory back that a job needed for a while: drawing a picture takes tens of megabytes, and is seldom."""

from __future__ import annotations

import ctypes
import gc


def give_memory_back() -> None:
    """Costs some milliseconds. Where the C library has no way for it, only Python's own is done."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
