"""Pages as plain files, for a proxy that answers them by itself: `current/<path>/index.html`, `.gz`, `.br` in the folder
that MASTHEAD_PAGE_FACADE names. `DATA_DIR/facade` links to it, so that every writer finds it whatever its settings.

As exact as the store: a writer takes away every file of the subjects it changes *before* it commits, under the write lock,
and files come only while no writer is busy (the same lock, shared) and the page holds. So what lies there is always true.
Only pages without a query that do not change by themselves are put there: a proxy does not look at the clock.

Which files belong to a subject is written in `<epoch>.subjects/<subject>`, a line for each, before the file comes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from site_config.pages.freshness import database_path
from site_config.pages.gone import sync_folder
from site_config.pages.kept import Kept
from site_config.pages.shelf import NEVER, Key

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

PATH = re.compile(r"/(?:[-\w]+/)*")
SUBJECTS = ".subjects"
ENDINGS = {"": "", "gzip": ".gz", "br": ".br"}


class Facade:
    """The files of one epoch. The proxy follows the link `current`, which the newest release's processes set."""

    def __init__(self, root: Path, epoch: str) -> None:
        self.root = root
        self.folder = root / epoch
        self.subjects = root / f"{epoch}{SUBJECTS}"

    def open(self) -> None:
        """Begins with nothing, for this release: what an earlier run left may be out of date. Raises OSError."""
        self._be_found()
        for folder in (self.root, self.folder, self.subjects):
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        link(self.root / "current", Path(self.folder.name))
        for other in self.root.iterdir():
            if other.is_dir() and not other.is_symlink() and other not in {self.folder, self.subjects}:
                shutil.rmtree(other, ignore_errors=True)

    def _be_found(self) -> None:
        """Tells all writers of the folder before anything is in it. The one of before is emptied."""
        place = known_root()
        if place.is_dir() and place.resolve() != self.root.resolve():
            for folder in place.iterdir():
                shutil.rmtree(folder, ignore_errors=True) if not folder.is_symlink() else folder.unlink()
        self.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        link(place, self.root.resolve())

    def has(self, key: str) -> bool:
        return os.path.exists(self.folder / key.lstrip("/") / "index.html")

    def put(self, key: Key, page: Kept, *, holds) -> bool:
        """Puts the page there if it may be and `holds()`; False if a writer is busy, then try again. Raises OSError."""
        if not fits(key, page) or not self.subjects.is_dir():  # a newer release may have taken over
            return True
        assert isinstance(key, str)  # noqa: S101 (fits() looked)
        with quiet() as is_quiet:
            if not is_quiet:
                return False
            if holds():
                self._note(key, page.subjects)
                self._write(key, page)
        return True

    def _note(self, path: str, subjects: Iterable[str]) -> None:
        for subject in subjects:
            with open(self.subjects / subject, "a", encoding="utf-8") as file:
                file.write(path + "\n")

    def _write(self, path: str, page: Kept) -> None:
        place = self.folder / path.lstrip("/")
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        when = stamp_of(page.digest)
        for coding, ending in ENDINGS.items():
            aside = place / f".new{ending}"
            aside.write_bytes(page.variant(coding).whole.body)
            aside.chmod(0o644)
            os.utime(aside, (when, when))
            aside.replace(place / f"index.html{ending}")


def known_root() -> Path:
    return settings.DATA_DIR / "facade"


def link(place: Path, target: Path) -> None:
    """Makes `place` a link to `target`, at once where there was another."""
    if place.is_symlink() and place.readlink() == target:
        return
    aside = place.with_name(f"{place.name}.{os.getpid()}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(place)


def fits(key: Key, page: Kept) -> bool:
    """Whether a proxy may answer this page by itself."""
    kind = next((value for name, value in page.headers if name.lower() == "content-type"), "")
    whole = isinstance(key, str) and PATH.fullmatch(key) is not None
    return whole and page.ends_at == NEVER and kind.startswith("text/html")


def take_away(subjects: Iterable[str], *, for_good: bool) -> None:
    """To be called by every writer, under the write lock, before it commits. `for_good` survives a crash of the machine.

    Costs a `stat` where there is no facade, else some 10 µs for each file. Raises OSError: then nothing may be committed.
    """
    root = known_root()
    if not root.is_dir():
        return
    for index in [entry for entry in root.iterdir() if entry.name.endswith(SUBJECTS)]:
        for subject in subjects:
            take_away_of(index / subject, root / index.name.removesuffix(SUBJECTS), for_good=for_good)


def take_away_of(index: Path, folder: Path, *, for_good: bool) -> None:
    try:
        paths = set(index.read_text(encoding="utf-8").split("\n")) - {""}
    except FileNotFoundError:
        return
    for path in paths:
        place = folder / path.lstrip("/")
        for ending in ENDINGS.values():
            (place / f"index.html{ending}").unlink(missing_ok=True)
        if for_good and place.is_dir():
            sync_folder(place)
    index.unlink()


@contextlib.contextmanager
def quiet() -> Iterator[bool]:
    """Whether no writer is busy, and none begins meanwhile."""
    database = database_path()
    if database is None or fcntl is None:
        yield False
        return
    descriptor = os.open(f"{database}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        yield locked(descriptor)
    finally:
        os.close(descriptor)


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stamp_of(digest: str) -> int:
    """A file time that follows from the content: a proxy makes its entity tag of time and size."""
    return zlib.crc32(digest.encode()) & 0x7FFFFFFF
