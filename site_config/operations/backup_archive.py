"""The form of a backup: a tar file that begins with a manifest of all that follows.

    manifest.json, database.sqlite3, secret_key, media/<two digits>/<digest>.<extension>, originals/<digest>

Any `tar` opens it. We read it by ourselves: only plain files under these names and of the sizes that the manifest states,
so that no archive can make anything else, or more, than it says in its first lines.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from site_config import media
from site_config.bootstrap import Problem

FORMAT = 1
MANIFEST, DATABASE, KEY = "manifest.json", "database.sqlite3", "secret_key"
PICTURE = re.compile(rf"[0-9a-f]{{2}}/[0-9a-f]{{64}}\.(?:{'|'.join(media.TYPES)})", re.ASCII)
ORIGINAL = re.compile(r"[0-9a-f]{64}", re.ASCII)
NAME = re.compile(rf"{DATABASE}|{KEY}|media/{PICTURE.pattern}|originals/{ORIGINAL.pattern}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
LARGEST_MANIFEST = 100_000_000
CHUNK = 1_000_000
BLOCK = tarfile.BLOCKSIZE
NO_BACKUP = "This is not a backup that `manage.py backup` made"


class Member(NamedTuple):
    name: str
    size: int
    sha256: str


@dataclass
class Manifest:
    """What an archive says of itself. `migrations` are those of the database, as `app.name`."""

    made_at: str
    versions: dict[str, str]
    migrations: list[str]
    members: list[Member] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def names(self) -> set[str]:
        return {member.name for member in self.members}

    @property
    def size(self) -> int:
        return sum(member.size for member in self.members)

    def as_bytes(self) -> bytes:
        members = [member._asdict() for member in self.members]
        return json.dumps(asdict(self) | {"members": members}, indent=1, sort_keys=True).encode()


def parse(text: bytes) -> Manifest:
    """Raises Problem for what is no manifest, or has a name, a size or a digest that none can have."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise Problem(f"This backup has the form {found['format']!r}, which this version does not know; update it first")
        manifest = Manifest(**(found | {"members": [Member(**member) for member in found["members"]]}))
        assert all(map(is_possible, manifest.members))  # noqa: S101 (as good as any other error here)
        assert len(manifest.names) == len(manifest.members)  # noqa: S101
        assert all(isinstance(name, str) for name in (*manifest.migrations, manifest.made_at))  # noqa: S101
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
        raise Problem(f"{NO_BACKUP}: its manifest makes no sense") from None
    return manifest


def is_possible(member: Member) -> bool:
    name, size, sha256 = member
    return bool(NAME.fullmatch(name) and DIGEST.fullmatch(sha256) and type(size) is int and 0 <= size < 2**60)


def digest_of(path: Path) -> tuple[int, str]:
    """(size, SHA-256) of a file."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


class Writer:
    """Writes members in turn, each checked against what the manifest says of it."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def add(self, name: str, size: int, source: IO[bytes]) -> str:
        """The SHA-256 of the `size` bytes that were written."""
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        self.out.write(header.tobuf(tarfile.GNU_FORMAT))
        digest = transfer(source, self.out.write, size)
        self.out.write(bytes(-size % BLOCK))
        return digest

    def end(self) -> None:
        self.out.write(bytes(2 * BLOCK))


class Reader:
    """Reads members in turn. Raises Problem for anything but plain files."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def manifest(self) -> Manifest:
        found = self.next()
        if found is None or found[0] != MANIFEST or found[1] > LARGEST_MANIFEST:
            raise Problem(NO_BACKUP)
        text = bytearray()
        self.copy(found[1], text.extend)
        return parse(bytes(text))

    def members(self) -> Iterator[tuple[str, int]]:
        """(name, size) of each; its content is to be taken by `copy()` before the next one is asked for."""
        while found := self.next():
            yield found

    def next(self) -> tuple[str, int] | None:
        block = self.file.read(BLOCK)
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            return None
        except tarfile.EmptyHeaderError:  # type: ignore[attr-defined]
            raise Problem("The backup ends too early: it was not copied as a whole") from None
        except (tarfile.HeaderError, ValueError):
            raise Problem(f"{NO_BACKUP}, or it is damaged") from None
        if header.type not in {tarfile.REGTYPE, tarfile.AREGTYPE}:
            raise Problem(f"The backup holds {header.name!r}, which is no plain file; it is not used")
        return header.name, header.size

    def copy(self, size: int, write: Callable[[Any], object]) -> str:
        digest = transfer(self.file, write, size)
        self.file.read(-size % BLOCK)
        return digest


def transfer(source: IO[bytes], write: Callable[[Any], object], size: int) -> str:
    """Hands on `size` bytes; their SHA-256. Raises Problem if there are fewer."""
    digest = hashlib.sha256()
    while size:
        chunk = source.read(min(size, CHUNK))
        if not chunk:
            raise Problem("The backup ends too early: it was not copied as a whole")
        digest.update(chunk)
        write(chunk)
        size -= len(chunk)
    return digest.hexdigest()
