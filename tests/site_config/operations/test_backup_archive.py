"""Archives as they are written, and as somebody might write them who means harm."""

import hashlib
import io
import json
import tarfile

import pytest

from site_config.bootstrap import Problem
from site_config.operations import backup_archive
from site_config.operations.backup_archive import DATABASE, MANIFEST, Manifest, Member, Reader, Writer, parse
from site_config.operations.restore import unpack

PICTURE = "media/ab/ab" + "0" * 62 + ".webp"
ORIGINAL = "originals/" + "c" * 64


def member(name: str, data: bytes) -> Member:
    return Member(name, len(data), hashlib.sha256(data).hexdigest())


def manifest(**contents: bytes) -> Manifest:
    return Manifest("2026-01-01T00:00:00+00:00", {}, [], [member(name, data) for name, data in contents.items()])


def archive(contents: dict[str, bytes], of: Manifest | None = None) -> io.BytesIO:
    out = io.BytesIO()
    writer = Writer(out)
    text = (of or manifest(**contents)).as_bytes()
    for name, data in {MANIFEST: text, **contents}.items():
        writer.add(name, len(data), io.BytesIO(data))
    writer.end()
    out.seek(0)
    return out


def unpacked(file, folder) -> dict[str, bytes]:
    reader = Reader(file)
    unpack(reader, reader.manifest(), folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(file, folder) -> str:
    with pytest.raises(Problem) as problem:
        unpacked(file, folder)
    return str(problem.value)


CONTENTS = {DATABASE: b"rows" * 1000, PICTURE: b"", ORIGINAL: bytes(513)}


def test_what_goes_in_comes_out(tmp_path):
    assert unpacked(archive(CONTENTS), tmp_path) == CONTENTS


def test_any_tar_reads_it():
    with tarfile.open(fileobj=archive(CONTENTS)) as tar:
        assert tar.getnames() == [MANIFEST, *CONTENTS]
        assert tar.extractfile(DATABASE).read() == CONTENTS[DATABASE]


def test_files_have_the_modes_of_what_they_are(tmp_path):
    unpacked(archive({**CONTENTS, "secret_key": b"key"}), tmp_path)
    assert [(tmp_path / name).stat().st_mode & 0o7 for name in (DATABASE, "secret_key", ORIGINAL)] == [0, 0, 0]
    assert (tmp_path / PICTURE).stat().st_mode & 0o444 == 0o444


def test_more_than_eight_gigabytes_can_be_said():
    out = io.BytesIO()
    with pytest.raises(Problem):
        Writer(out).add(DATABASE, 2**40, io.BytesIO())
    out.seek(0)
    assert Reader(out).next() == (DATABASE, 2**40)


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key", "/etc/passwd", "media/../secret_key", "media/ab/../../x", "media", "media/ab/x.webp", "settings.py",
        "media/ab/" + "0" * 64 + ".svg", "originals/ab/" + "0" * 64, "database.sqlite3\n", "secret_key/x", "", "./secret_key",
        PICTURE.upper(), MANIFEST,
    ],
)  # fmt: skip
def test_a_manifest_names_only_what_we_write(name):
    with pytest.raises(Problem, match="makes no sense"):
        parse(manifest(**{name: b""}).as_bytes())


@pytest.mark.parametrize(
    "change",
    [
        {"members": [{"name": DATABASE, "size": -1, "sha256": "0" * 64}]},
        {"members": [{"name": DATABASE, "size": 2**70, "sha256": "0" * 64}]},
        {"members": [{"name": DATABASE, "size": True, "sha256": "0" * 64}]},
        {"members": [{"name": DATABASE, "size": 1.5, "sha256": "0" * 64}]},
        {"members": [{"name": DATABASE, "size": 1, "sha256": "x"}]},
        {"members": [{"name": DATABASE, "size": 1}]},
        {"members": [{"name": DATABASE, "size": 1, "sha256": "0" * 64, "mode": 1}]},
        {"members": [{"name": DATABASE, "size": 1, "sha256": "0" * 64}] * 2},
        {"members": {"name": DATABASE}},
        {"members": None},
        {"migrations": [1]},
        {"migrations": None},
        {"made_at": 5},
        {"more": 1},
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(change):
    with pytest.raises(Problem, match="makes no sense"):
        parse(json.dumps(json.loads(manifest().as_bytes()) | change).encode())


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b"null", b'"x"', b"1" * 10_000])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(Problem, match="makes no sense"):
        parse(text)


def test_a_form_of_later_days_is_told():
    with pytest.raises(Problem, match="does not know; update"):
        parse(json.dumps(json.loads(manifest().as_bytes()) | {"format": 2}).encode())


@pytest.mark.parametrize("text", [b"", b"x" * 100, b"x" * 10_000, b"\x1f\x8b" + b"x" * 1000, bytes(1024)])
def test_what_is_no_archive_is_refused(tmp_path, text):
    assert "backup" in refusal(io.BytesIO(text), tmp_path)


def test_an_archive_without_a_manifest_at_its_front_is_refused(tmp_path):
    out = io.BytesIO()
    Writer(out).add(DATABASE, 4, io.BytesIO(b"rows"))
    out.seek(0)
    assert refusal(out, tmp_path).startswith("This is not a backup")


def test_a_manifest_is_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(backup_archive, "LARGEST_MANIFEST", 100)
    assert refusal(archive(CONTENTS), tmp_path).startswith("This is not a backup")


KINDS = {
    "symbolic link": tarfile.SYMTYPE, "hard link": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "pipe": tarfile.FIFOTYPE,
    "folder": tarfile.DIRTYPE, "long name": tarfile.GNUTYPE_LONGNAME, "sparse": tarfile.GNUTYPE_SPARSE,
    "extended header": tarfile.XHDTYPE, "global header": tarfile.XGLTYPE, "contiguous": tarfile.CONTTYPE,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_only_plain_files_are_taken(tmp_path, kind):
    """A header that only says how long it is would otherwise be read into memory."""
    whole = archive({DATABASE: b"rows"}).getvalue()
    header = tarfile.TarInfo(PICTURE)
    header.type, header.size, header.linkname = kind, 2**35, "/etc/passwd"
    (tmp_path / "in").mkdir()
    words = refusal(io.BytesIO(whole[: -2 * 512] + header.tobuf(tarfile.GNU_FORMAT)), tmp_path / "in")
    assert words.endswith("which is no plain file; it is not used")


def test_nothing_comes_that_the_manifest_does_not_name(tmp_path):
    assert "otherwise than its manifest says" in refusal(archive(CONTENTS, manifest(**{DATABASE: b"rows" * 1000})), tmp_path)
    assert not (tmp_path / PICTURE).exists()


def test_nothing_comes_twice(tmp_path):
    data = archive({DATABASE: b"rows"}).getvalue()
    again = io.BytesIO()
    Writer(again).add(DATABASE, 4, io.BytesIO(b"rows"))
    assert "otherwise than" in refusal(io.BytesIO(data[: -2 * 512] + again.getvalue()), tmp_path)


def test_nothing_is_larger_than_the_manifest_says(tmp_path):
    assert "otherwise than" in refusal(archive({DATABASE: bytes(10**6)}, manifest(**{DATABASE: b"rows"})), tmp_path)
    assert not (tmp_path / DATABASE).exists()


def test_what_lacks_or_is_cut_off_is_told(tmp_path):
    short = archive(CONTENTS).getvalue()
    for number, length in enumerate([len(short) // 2, 700, 512 * 9 + 100]):
        (tmp_path / str(number)).mkdir()
        assert "copied as a whole" in refusal(io.BytesIO(short[:length]), tmp_path / str(number))
    (tmp_path / "lacks").mkdir()
    assert f"lacks {PICTURE}" in refusal(
        archive({DATABASE: b"rows"}, manifest(**{DATABASE: b"rows", PICTURE: b""})), tmp_path / "lacks"
    )


def test_a_damaged_member_is_named(tmp_path):
    data = bytearray(archive(CONTENTS).getvalue())
    data[data.index(b"rowsrows") + 100] ^= 1
    assert refusal(io.BytesIO(bytes(data)), tmp_path) == f"{DATABASE} is damaged in the backup; nothing was restored"
