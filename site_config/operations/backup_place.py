"""A file or folder of the site that a backup replaces, and the name under which the old one is kept."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Place:
    """`member` is its name in the archive, `also` the endings of files that belong to it."""

    member: str
    path: Path
    also: tuple[str, ...] = ()
    kept: list[tuple[Path, Path]] = field(default_factory=list)
    is_new: bool = False

    def aside(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}-before-restore-{number}")

    def is_occupied(self) -> bool:
        return any(self.path.iterdir()) if self.path.is_dir() else self.path.exists()

    def replace(self, new: Path, number: int) -> None:
        """Moves the old one aside and the new one, if there is one, into its place."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for ending in ("", *self.also):
            old, aside = self.with_ending(self.path, ending), self.with_ending(self.aside(number), ending)
            if old.exists():
                old.rename(aside)
                self.kept.append((aside, old))
        if new.exists():
            move(new, self.path)
            self.is_new = True

    def put_back(self) -> None:
        """Undoes `replace()`, as far as it came."""
        if self.is_new:
            for ending in ("", *self.also):
                remove(self.with_ending(self.path, ending))
        for aside, old in self.kept:
            aside.rename(old)

    def with_ending(self, path: Path, ending: str) -> Path:
        return path.with_name(path.name + ending)


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def move(source: Path, target: Path) -> None:
    """A rename, also from one file system to another: then whole, or not at all."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f"{target.name}.{os.getpid()}.new")
        shutil.copytree(source, beside) if source.is_dir() else shutil.copy2(source, beside)
        beside.replace(target)
