"""Kept pages as files, one for each key, so that a restart is warm and an outage can be survived.

`DATA_DIR/pages/<epoch>/<two digits>/<digest of the key>`: a line of JSON, then the bodies. A file is written aside and
renamed, and says a digest of itself: what is damaged, of another epoch or of another key is not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import threading
import time
from pathlib import Path

from site_config.pages.kept import Kept

logger = logging.getLogger(__name__)

Key = str | tuple[str, tuple[tuple[str, str], ...]]
PAUSE = 60.0
OLD = 3600.0
NEVER = float("inf")


class Shelf:
    """The files of one epoch below `folder`; at most `most` bytes between two sweeps. No method raises OSError:
    a shelf that cannot be used is an empty one, and says so in the log once in PAUSE seconds."""

    def __init__(self, folder: Path, epoch: str, most: int) -> None:
        self.root = folder
        self.folder = folder / epoch
        self.most = most
        self.written = 0
        self.counts_from = 0.0
        self.rests_until = 0.0
        self.is_swept = False

    def put(self, key: Key, page: Kept) -> bool:
        """Writes the page; whether it is there now. About 0.1 ms."""
        now = time.monotonic()
        if now < self.rests_until or not self._has_room(now):
            return False
        self.is_swept = False
        path = self._path(key)
        content = packed(key, page)
        aside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
        try:
            path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            aside.write_bytes(content)
            aside.replace(path)
        except OSError as error:
            self._rest(error)
            unlink(aside)
            return False
        self.written += len(content)
        return True

    def load(self, key: Key) -> Kept | None:
        """The page as it was put there, unchecked: it may be out of date. About 0.1 ms."""
        path = self._path(key)
        try:
            return unpacked(key, path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            self._rest(error)
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            unlink(path)
            return None

    def sweep(self) -> int:
        """Removes what other releases left, and the oldest files over `most` bytes; how many bytes are left."""
        self.is_swept = True
        for other in self._folders():
            if other != self.folder and time.time() - newest_in(other) > OLD:
                shutil.rmtree(other, ignore_errors=True)
        files = sorted(self._files())
        size = sum(length for _, length, _ in files)
        for _, length, path in files:
            if size <= self.most:
                break
            unlink(Path(path))
            size -= length
        return size

    def _has_room(self, now: float) -> bool:
        """A flood of pages must not fill the disk before the next sweep."""
        if now - self.counts_from > PAUSE:
            self.counts_from, self.written = now, 0
        return self.written < self.most // 4

    def _rest(self, error: OSError) -> None:
        if time.monotonic() >= self.rests_until:
            logger.warning("Pages are not kept in %s for now: %s", self.root.name, error.strerror)
        self.rests_until = time.monotonic() + PAUSE

    def _path(self, key: Key) -> Path:
        name = hashlib.blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
        return self.folder / name[:2] / name

    def _folders(self) -> list[Path]:
        try:
            return [entry for entry in self.root.iterdir() if entry.is_dir()]
        except OSError:
            return []

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        for folder in self._folders():
            for place, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(place, name)
                    try:
                        stat = os.stat(path)
                    except OSError:
                        continue
                    found.append((stat.st_mtime, stat.st_size, path))
        return found


def newest_in(folder: Path) -> float:
    """When something was last put into it; now, where it cannot be told."""
    try:
        return max(entry.stat().st_mtime for entry in [folder, *folder.iterdir()])
    except OSError:
        return time.time()


def unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def packed(key: Key, page: Kept) -> bytes:
    bodies = {coding: variant for coding, variant in list(page.variants.items()) if coding}
    data = b"".join(variant.whole.body for variant in bodies.values())
    head = {
        "key": repr(key),
        "headers": page.headers,
        "digest": page.digest,
        "subjects": page.subjects,
        "generations": page.generations,
        "kept_at": page.kept_at,
        "ends_at": None if page.ends_at == NEVER else page.ends_at,
        "polished": page.is_polished,
        "lengths": {coding: len(variant.whole.body) for coding, variant in bodies.items()},
        "sum": hashlib.blake2b(data, digest_size=16).hexdigest(),
    }
    line = json.dumps(head).encode()
    return hashlib.blake2b(line, digest_size=16).hexdigest().encode() + b" " + line + b"\n" + data


def unpacked(key: Key, content: bytes) -> Kept:
    """Raises ValueError or KeyError for anything but the packed page of this key."""
    line, _, data = content.partition(b"\n")
    if hashlib.blake2b(line[33:], digest_size=16).hexdigest().encode() != line[:32]:
        raise ValueError("The head of this page is damaged.")
    head = json.loads(line[33:])
    if head["key"] != repr(key) or hashlib.blake2b(data, digest_size=16).hexdigest() != head["sum"]:
        raise ValueError("This is another page, or a damaged one.")
    page = Kept(
        headers=[(name, value) for name, value in head["headers"]],
        digest=head["digest"],
        subjects=tuple(head["subjects"]),
        generations=tuple(head["generations"]),
        kept_at=head["kept_at"],
        ends_at=NEVER if head["ends_at"] is None else head["ends_at"],
        is_polished=head["polished"],
    )
    start = 0
    for coding, length in head["lengths"].items():
        page.add(coding, data[start : start + length], in_a_hurry=not page.is_polished)
        start += length
    return page
