"""Backing up a site while it runs.

The database is copied as one reader saw it at one moment. With the write-ahead log such a reader stops nobody: writers
write on beside it, and what they write waits in the log until the copy is made. (Without the open transaction SQLite's
backup would begin anew after each write of another process, and on a busy site never end.) Pictures never change once
they are there, so they are copied after the database and as they are.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from articles.models import Image, Rendition
from site_config.bootstrap import Problem
from site_config.operations.backup_archive import (
    DATABASE,
    KEY,
    MANIFEST,
    ORIGINAL,
    PICTURE,
    Manifest,
    Member,
    Writer,
    digest_of,
)  # fmt: skip

Say = Callable[[str], object]

PAGES = 512
PAUSE = 0.005


def back_up(target: Path | None, *, with_key: bool, media_only: bool, force: bool, say: Say) -> Manifest:
    """Writes a backup to the file `target`, or to standard output for None; what it holds.

    The file has its name once it is whole, and is readable by its owner alone. Raises Problem, OSError and sqlite3.Error.
    """
    if connection.vendor != "sqlite" and not media_only:
        raise Problem("The database is PostgreSQL: back it up with pg_dump, and the pictures with `backup --media-only FILE`")
    if target is None:
        with tempfile.TemporaryDirectory() as folder:
            return write(sys.stdout.buffer, gather(Path(folder), with_key, media_only, say), say)
    target = target.absolute()
    refuse_to_overwrite(target, force)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
        aside = Path(folder) / "whole"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            manifest = write(out, gather(Path(folder), with_key, media_only, say), say)
            out.flush()
            os.fsync(out.fileno())
        refuse_to_overwrite(target, force)
        aside.replace(target)
    return manifest


def refuse_to_overwrite(target: Path, force: bool) -> None:
    if target.is_dir():
        raise Problem(f"{target} is a folder; name a file in it")
    if target.exists() and not force:
        raise Problem(f"{target} exists already; choose another name, or say --force")


def gather(folder: Path, with_key: bool, media_only: bool, say: Say) -> dict[str, Path]:
    """The file of each member, the database and the key as copies in `folder`. None stands for one that is missing."""
    found: dict[str, Path] = {}
    named: set[str] = set()
    if not media_only:
        say("Copying the database ...")
        found[DATABASE] = folder / DATABASE
        copy_database(Path(connection.settings_dict["NAME"]), found[DATABASE])
        named = names_in(found[DATABASE])
    if with_key:
        found[KEY] = folder / KEY
        found[KEY].write_text(kept_key(), encoding="ascii")
    lying = pictures(Path(settings.MEDIA_ROOT), "media", PICTURE, depth=2)
    lying |= pictures(Path(settings.ORIGINALS_ROOT), "originals", ORIGINAL, depth=1)
    return found | {name: lying.get(name, folder / "none") for name in sorted(lying.keys() | named)}


def kept_key() -> str:
    if not settings.SECRET_KEY_IS_KEPT:
        raise Problem("There is no secret key to back up; leave --with-key out, or set SECRET_KEY")
    return settings.SECRET_KEY


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy in one file, made at a pace that leaves the disk to others."""
    if not source.is_file():
        raise Problem(f"There is no database at {source}; look at DATABASE_URL and MASTHEAD_DATA")
    address = f"{source.resolve().as_uri()}?mode=rw"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=20)) as ours,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        ours.execute("BEGIN")
        ours.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        ours.backup(copy, pages=PAGES, progress=lambda *_: time.sleep(PAUSE))
        ours.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")


def names_in(database: Path) -> set[str]:
    """The members that the rows of this database name."""
    images, renditions = (model._meta.db_table for model in (Image, Rendition))
    served = f"SELECT digest, extension FROM {images} UNION SELECT digest, extension FROM {renditions}"  # noqa: S608
    try:
        with contextlib.closing(sqlite3.connect(database)) as copy:
            found = {f"media/{digest[:2]}/{digest}.{extension}" for digest, extension in copy.execute(served)}
            return found | {f"originals/{name}" for (name,) in copy.execute(f"SELECT original FROM {images}")}  # noqa: S608
    except sqlite3.OperationalError:
        raise Problem(f"{connection.settings_dict['NAME']} is not a database of Masthead") from None


def migrations_in(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as copy:
        return sorted(f"{app}.{name}" for app, name in copy.execute("SELECT app, name FROM django_migrations"))


def pictures(root: Path, prefix: str, pattern, *, depth: int) -> dict[str, Path]:
    """The plain files below a folder whose name is one that we give; anything else there is not ours."""
    lying = {}
    for path in files_in(root, depth):
        name = path.relative_to(root).as_posix()
        if pattern.fullmatch(name):
            lying[f"{prefix}/{name}"] = path
    return lying


def files_in(folder: Path, depth: int) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if depth == 1 and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
            elif depth > 1 and entry.is_dir(follow_symlinks=False):
                yield from files_in(Path(entry.path), depth - 1)


def write(out: IO[bytes], files: dict[str, Path], say: Say) -> Manifest:
    """Reads all files twice: for the manifest, which comes first, and to write them."""
    manifest = describe(files)
    say(f"Writing {len(manifest.members)} files, {manifest.size / 1e6:,.1f} MB ...")
    writer = Writer(out)
    text = manifest.as_bytes()
    writer.add(MANIFEST, len(text), io.BytesIO(text))
    for member in manifest.members:
        with open(files[member.name], "rb") as source:
            if writer.add(member.name, member.size, source) != member.sha256:
                raise Problem(f"{files[member.name]} changed while it was read; start again")
    writer.end()
    return manifest


def describe(files: dict[str, Path]) -> Manifest:
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        versions=versions(),
        migrations=migrations_in(files[DATABASE]) if DATABASE in files else [],
    )
    for name, path in files.items():
        try:
            manifest.members.append(Member(name, *digest_of(path)))
        except FileNotFoundError:
            manifest.missing.append(name)
    return manifest


def versions() -> dict[str, str]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "masthead": project["version"],
        "django": django.get_version(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
