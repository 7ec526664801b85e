"""The release that a page was drawn by: pages of another one are never taken for its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

SOURCES = ("site_config", "articles", "comments", "templates")
ENDINGS = {".py", ".html", ".txt", ".xml", ".mo"}


@cache
def epoch() -> str:
    """16 hex digits of the code, the templates, the packages, the names of static files and every setting.

    All settings, so that one that pages read cannot be forgotten. Costs about 20 ms, once in a process.
    """
    digest = hashlib.sha256()
    for path in sorted(sources()):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name, value in sorted(own_settings()):
        digest.update(f"{name}={stable(value)}\0".encode())
    digest.update(repr(sorted(getattr(staticfiles_storage, "hashed_files", {}).items())).encode())
    return digest.hexdigest()[:16]


def sources() -> Iterator[Path]:
    yield settings.BASE_DIR / "requirements.txt"
    for folder in SOURCES:
        for path in (settings.BASE_DIR / folder).rglob("*"):
            if path.suffix in ENDINGS and path.is_file():
                yield path


def own_settings() -> Iterator[tuple[str, object]]:
    """Those of the project; the number of processes changes no page."""
    for name in dir(settings):
        if name.isupper() and settings.is_overridden(name) and name != "WEB_WORKERS":
            yield name, getattr(settings, name)


def stable(value: object) -> str:
    """A representation that is the same in every process: sets have no order of their own."""
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(stable, value)))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{stable(key)}: {stable(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(stable, value))}]"
    return repr(value)
