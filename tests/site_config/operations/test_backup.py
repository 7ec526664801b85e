"""`manage.py backup` as an owner gives it."""

import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time

import pytest

from tests.server import ROOT
from tests.site_config.operations.commands import Folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Folder(tmp_path_factory.mktemp("site") / "data")
    made.begin()
    return made


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {name: tar.extractfile(name).read() for name in tar.getnames()}


def test_it_holds_the_database_and_every_picture_and_a_manifest_of_them(site, tmp_path):
    words = site.manage("backup", tmp_path / "b.tar")
    found = members((tmp_path / "b.tar").read_bytes())
    said = json.loads(found.pop("manifest.json"))
    assert list(found) == [member["name"] for member in said["members"]]
    for member in said["members"]:
        data = found[member["name"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (member["size"], member["sha256"])
    (tmp_path / "db").write_bytes(found.pop("database.sqlite3"))
    assert found == site.files()
    assert len(found) >= 4
    connection = sqlite3.connect(f"file:{tmp_path / 'db'}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert {"masthead", "django", "python", "sqlite"} == set(said["versions"])
    assert "comments.0001_initial" in said["migrations"]
    assert "key" in words
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["b.tar", "db"]


def test_the_key_comes_only_when_asked_for(site, tmp_path):
    words = site.manage("backup", tmp_path / "without.tar")
    assert "The secret key is not in it" in words
    assert "links to set a password" in words
    assert "hashes of networks" in words
    words = site.manage("backup", "--with-key", tmp_path / "with.tar")
    assert "Keep it as you keep a password" in words
    assert "secret_key" not in members((tmp_path / "without.tar").read_bytes())
    assert members((tmp_path / "with.tar").read_bytes())["secret_key"] == b"the key of this site"


def test_it_goes_to_standard_output_and_only_there(site):
    done = site.run("backup", "-")
    assert done.returncode == 0
    assert "database.sqlite3" in members(done.stdout)
    assert b"Copying the database" in done.stderr


def test_a_file_that_is_there_is_overwritten_only_by_force(site, tmp_path):
    (tmp_path / "b.tar").write_text("precious")
    assert site.refusal("backup", tmp_path / "b.tar").endswith("exists already; choose another name, or say --force")
    assert (tmp_path / "b.tar").read_text() == "precious"
    site.manage("backup", "--force", tmp_path / "b.tar")
    assert members((tmp_path / "b.tar").read_bytes())
    assert "is a folder; name a file in it" in site.refusal("backup", "--force", tmp_path)
    assert os.listdir(tmp_path) == ["b.tar"]


def test_trouble_is_one_sentence_and_leaves_nothing(site, tmp_path):
    assert "No such file or directory" in site.refusal("backup", tmp_path / "no" / "b.tar")
    command = [sys.executable, str(ROOT / "manage.py"), "backup", "-"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, env=site.environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "..." not in line] == ["The disk is full; make room and start again"]
    nothing = Folder(tmp_path / "nothing")
    nothing.data.mkdir()
    assert "There is no database at" in nothing.refusal("backup", tmp_path / "b.tar")
    nothing.database.write_bytes(b"no database at all" * 1000)
    assert "The database cannot be used (file is not a database)" in nothing.refusal("backup", tmp_path / "b.tar")
    nothing.database.unlink()
    nothing.query("CREATE TABLE other (x)")
    assert "is not a database of Masthead" in nothing.refusal("backup", tmp_path / "b.tar")
    assert os.listdir(tmp_path) == ["nothing"]


def test_a_backup_that_is_stopped_leaves_nothing(site, tmp_path):
    (site.data / "media" / "00").mkdir(exist_ok=True)
    large = site.data / "media" / "00" / f"{'0' * 64}.webp"
    with open(large, "wb") as file:
        file.truncate(4_000_000_000)
    command = [sys.executable, str(ROOT / "manage.py"), "backup", str(tmp_path / "b.tar")]
    process = subprocess.Popen(command, env=site.environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".b.tar-*/database.sqlite3")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    large.unlink()
    assert os.listdir(tmp_path) == []


def test_a_picture_that_is_gone_is_told_and_the_rest_is_backed_up(site, tmp_path):
    gone = next(path for path in (site.data / "media").rglob("*.avif"))
    data = gone.read_bytes()
    gone.unlink()
    try:
        assert f"Missing, though the database names it: media/{gone.parent.name}/{gone.name}" in site.manage(
            "backup", tmp_path / "b.tar"
        )
    finally:
        gone.write_bytes(data)


def test_what_is_not_ours_in_the_folders_stays_out(site, tmp_path):
    strange = [site.data / "media" / "notes.txt", site.data / "media" / "ab" / ("a" * 64 + ".webp")]
    strange[1].parent.mkdir(exist_ok=True)
    strange[0].write_text("x")
    strange[1].symlink_to("/etc/passwd")
    try:
        site.manage("backup", tmp_path / "b.tar")
        names = members((tmp_path / "b.tar").read_bytes())
        assert not [name for name in names if "notes" in name or "a" * 64 in name]
    finally:
        for path in strange:
            path.unlink()


def test_on_postgresql_it_takes_the_pictures_and_names_the_tool_for_the_rest(site, tmp_path):
    there = Folder(site.data, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    words = there.refusal("backup", tmp_path / "b.tar")
    assert "pg_dump" in words
    assert "--media-only" in words
    there.manage("backup", "--media-only", tmp_path / "b.tar")
    found = members((tmp_path / "b.tar").read_bytes())
    found.pop("manifest.json")
    assert found == site.files()
