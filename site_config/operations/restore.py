"""Bringing a backup back into a data folder in which nothing runs.

All of it is unpacked beside what is there, and every digest checked, before anything is moved into place. What was there
stays, under another name; if a step fails, it is put back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from site_config.bootstrap import Problem
from site_config.operations import premises
from site_config.operations.backup_archive import DATABASE, KEY, Manifest, Reader
from site_config.operations.backup_place import Place, move, remove
from site_config.pages import facade, gone

Say = Callable[[str], object]

MODES = {DATABASE: 0o640, KEY: 0o600, "media": 0o644, "originals": 0o600}


def restore(file: IO[bytes], *, replace: bool, say: Say) -> tuple[Manifest, list[Path]]:
    """What was restored, and where that lies now which was there before.

    Raises Problem, OSError, sqlite3.Error and Django's database errors; then everything is as it was.
    """
    lock = premises.claim(settings.DATA_DIR)
    try:
        reader = Reader(file)
        manifest = reader.manifest()
        check_fit(manifest, replace)
        with tempfile.TemporaryDirectory(prefix="restoring-", dir=settings.DATA_DIR) as folder:
            say(f"Unpacking {len(manifest.members)} files, {manifest.size / 1e6:,.1f} MB, of {manifest.made_at} ...")
            unpack(reader, manifest, Path(folder))
            if DATABASE not in manifest.names:
                return manifest, add_pictures(Path(folder))
            check_database(Path(folder) / DATABASE)
            say("Moving it into place ...")
            return manifest, put_into_place(Path(folder), manifest)
    finally:
        os.close(lock)


def check_fit(manifest: Manifest, replace: bool) -> None:
    """Raises Problem for what can be told before anything is unpacked."""
    if DATABASE in manifest.names:
        if connection.vendor != "sqlite":
            raise Problem(
                "The database is PostgreSQL: bring it back with pg_restore, and the pictures from `backup --media-only`"
            )
        check_migrations(manifest.migrations)
        occupied = [place.path for place in places(manifest) if place.is_occupied()]
        if occupied and not replace:
            raise Problem(f"There is a site already ({occupied[0]}); with --replace it is kept aside under another name")
    free = shutil.disk_usage(settings.DATA_DIR).free
    if manifest.size > free:
        raise Problem(f"The disk has {free / 1e6:,.0f} MB left, and the backup needs {manifest.size / 1e6:,.0f} MB")


def check_migrations(applied: list[str]) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if newer := sorted(set(applied) - known):
        raise Problem(f"The backup was made by a newer version of Masthead ({newer[0]} is not known here); update it first")


def places(manifest: Manifest) -> list[Place]:
    """Where the parts of this backup go."""
    found = [
        Place(DATABASE, Path(connection.settings_dict["NAME"]), also=("-wal", "-shm")),
        Place("media", Path(settings.MEDIA_ROOT)),
        Place("originals", Path(settings.ORIGINALS_ROOT)),
    ]
    return found + ([Place(KEY, settings.SECRET_KEY_FILE_PATH)] if KEY in manifest.names else [])


def unpack(reader: Reader, manifest: Manifest, folder: Path) -> None:
    """Raises Problem unless the archive holds just what its manifest says."""
    expected = {member.name: member for member in manifest.members}
    for name, size in reader.members():
        member = expected.pop(name, None)
        if member is None or member.size != size:
            raise Problem(f"The backup holds {name!r} otherwise than its manifest says; it is not used")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = MODES[name.partition("/")[0]]
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            if reader.copy(size, out.write) != member.sha256:
                raise Problem(f"{name} is damaged in the backup; nothing was restored")
    if expected:
        raise Problem(f"The backup lacks {next(iter(expected))}: it was not copied as a whole")


def check_database(path: Path) -> None:
    """Raises Problem for a database that is broken, newer than the code, or does things by itself."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
        copy.execute("PRAGMA trusted_schema=OFF")
        try:
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            acting = copy.execute("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").fetchone()
            applied = copy.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.DatabaseError as error:
            raise Problem(f"The database in the backup cannot be read ({error})") from None
    if verdict != "ok":
        raise Problem(f"The database in the backup is damaged ({verdict})")
    if acting:
        raise Problem(f"The database in the backup has {acting[0]!r}, which Masthead did not make; it is not used")
    check_migrations([f"{app}.{name}" for app, name in applied])


def put_into_place(folder: Path, manifest: Manifest) -> list[Path]:
    """Moves, migrates and announces; where the old parts are now. Puts them back if anything fails."""
    here = places(manifest)
    number = next(number for number in count(1) if not any(place.aside(number).exists() for place in here))
    if hasattr(os, "sync"):
        os.sync()  # all of it is on the disk before anything that is there is moved
    with contextlib.ExitStack() as back:
        for place in here:
            back.callback(place.put_back)
            place.replace(folder / place.member, number)
        forget_pages()
        back.callback(connection.close)
        connection.close()
        call_command("migrate", interactive=False, verbosity=0)  # which also announces `site`, always
        connection.close()
        back.pop_all()
    return [place.aside(number) for place in here if place.aside(number).exists()]


def add_pictures(folder: Path) -> list[Path]:
    """Puts pictures to those that are there; the same name is the same picture."""
    for member, root in (("media", Path(settings.MEDIA_ROOT)), ("originals", Path(settings.ORIGINALS_ROOT))):
        for path in (folder / member).rglob("*"):
            if path.is_file():
                target = root / path.relative_to(folder / member)
                target.parent.mkdir(parents=True, exist_ok=True)
                move(path, target)
    return []


def forget_pages() -> None:
    """Pages that were kept of another past must not be shown for those of this one, whatever their numbers say."""
    for path in (settings.DATA_DIR / "pages", gone.place()):
        remove(path)
    if facade.known_root().is_dir():
        for entry in facade.known_root().iterdir():
            remove(entry)
