"""`manage.py restore` as an owner gives it, into folders of its own."""

import hashlib
import io
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from site_config.operations import premises
from site_config.operations.backup_archive import DATABASE, MANIFEST, Manifest, Member, Reader, Writer
from tests.site_config.operations.commands import Folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Folder(tmp_path_factory.mktemp("site") / "data")
    made.begin()
    made.manage("backup", "--with-key", made.data.parent / "b.tar")
    return made


@pytest.fixture
def backup(site):
    return site.data.parent / "b.tar"


@pytest.fixture
def other(site, tmp_path):
    """Another site, with data of its own."""
    shutil.copytree(site.data, tmp_path / "other")
    made = Folder(tmp_path / "other")
    made.query("UPDATE articles_article SET title = 'Of the other site'")
    (made.data / "secret_key").write_text("another key")
    (made.data / "pages").mkdir()
    (made.data / "pages" / "kept").write_text("a page of the other site")
    return made


def everything(folder) -> dict[str, bytes]:
    """All files but locks and what SQLite keeps beside its database."""
    beside = ("-lock", "-wal", "-shm", "-pages", ".lock")
    return {
        path.relative_to(folder.data).as_posix(): path.read_bytes()
        for path in folder.data.rglob("*")
        if path.is_file() and not path.name.endswith(beside)
    }


def changed(backup, to, sql: str):
    """The backup with another database in it, which `sql` made of the first."""
    with open(backup, "rb") as file:
        reader = Reader(file)
        manifest = reader.manifest()
        contents = {}
        for name, size in reader.members():
            data = bytearray()
            reader.copy(size, data.extend)
            contents[name] = bytes(data)
    path = to.with_suffix(".db")
    path.write_bytes(contents[DATABASE])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(sql)
    contents[DATABASE] = path.read_bytes()
    path.unlink()
    write(to, Manifest(manifest.made_at, {}, [], []), contents)
    return to


def write(to, manifest, contents) -> None:
    manifest.members = [Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in contents.items()]
    with open(to, "wb") as out:
        writer = Writer(out)
        text = manifest.as_bytes()
        for name, data in {MANIFEST: text, **contents}.items():
            writer.add(name, len(data), io.BytesIO(data))
        writer.end()


def test_a_site_comes_back_as_it_was(site, backup, tmp_path):
    new = Folder(tmp_path / "new")
    words = new.manage("restore", backup)
    assert new.content() == site.content()
    assert new.files() == site.files()
    assert (new.data / "secret_key").read_text() == "the key of this site"
    assert (new.data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert "quickstart" in words
    assert not [path for path in new.data.iterdir() if path.name.startswith("restoring-")]


def test_a_backup_of_what_was_restored_holds_the_same(site, backup, tmp_path):
    new = Folder(tmp_path / "new")
    new.manage("restore", backup)
    new.manage("backup", "--with-key", tmp_path / "again.tar")
    found = []
    for path in (backup, tmp_path / "again.tar"):
        with open(path, "rb") as file:
            manifest = Reader(file).manifest()
            found.append((manifest.migrations, [member for member in manifest.members if member.name != DATABASE]))
    assert found[0] == found[1]
    assert new.content() == site.content()


def test_it_comes_from_standard_input_too(site, backup, tmp_path):
    new = Folder(tmp_path / "new")
    done = new.run("restore", "-", input=backup.read_bytes())
    assert done.returncode == 0, done.stderr
    assert new.content() == site.content()


def test_every_page_counts_as_changed_and_none_of_before_is_kept(site, backup, other):
    number = "SELECT number FROM pages_generation WHERE subject = 'site'"
    other.manage("restore", "--replace", backup)
    assert other.query(number) > site.query(number)
    assert not (other.data / "pages").exists()


def test_a_site_that_is_there_is_replaced_only_when_asked(site, backup, other):
    before = everything(other)
    assert "There is a site already" in other.refusal("restore", backup)
    assert everything(other) == before
    words = other.manage("restore", "--replace", backup)
    assert other.content() == site.content()
    aside = other.data / "masthead.sqlite3-before-restore-1"
    assert f"What was there before is {aside}" in words
    with closing(sqlite3.connect(aside)) as old:
        assert set(old.execute("SELECT title FROM articles_article")) == {("Of the other site",)}
    assert (other.data / "secret_key-before-restore-1").read_text() == "another key"
    kept = everything(other)
    assert {name.replace("media/", "media-before-restore-1/") for name in before if name.startswith("media/")} <= set(kept)


def test_each_restore_keeps_its_own_past(backup, other):
    for _ in range(2):
        other.manage("restore", "--replace", backup)
    names = {path.name for path in other.data.iterdir()}
    assert {"media-before-restore-1", "media-before-restore-2", "originals-before-restore-2"} <= names


def test_nothing_is_restored_beneath_a_running_site(backup, other):
    before = everything(other)
    lock = premises.claim(other.data)
    try:
        assert "Masthead is running already" in other.refusal("restore", "--replace", backup)
    finally:
        os.close(lock)
    assert everything(other) == before


def test_a_damaged_backup_changes_nothing(backup, other, tmp_path):
    data = bytearray(backup.read_bytes())
    data[-2000] ^= 1
    (tmp_path / "damaged.tar").write_bytes(data)
    (tmp_path / "short.tar").write_bytes(data[:-5000])
    (tmp_path / "none.tar").write_bytes(b"")
    before = everything(other)
    assert "is damaged in the backup; nothing was restored" in other.refusal("restore", "--replace", tmp_path / "damaged.tar")
    assert "not copied as a whole" in other.refusal("restore", "--replace", tmp_path / "short.tar")
    assert "not copied as a whole" in other.refusal("restore", "--replace", tmp_path / "none.tar")
    assert "No such file" in other.refusal("restore", "--replace", tmp_path / "missing.tar")
    assert everything(other) == before


NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_of_next_year', '2030-01-01')"
REFUSED = {
    NEWER: "made by a newer version of Masthead (articles.9999_of_next_year is not known here); update it first",
    "CREATE TRIGGER t AFTER INSERT ON articles_article BEGIN DELETE FROM accounts_user; END": "has 't', which Masthead did not",
    "CREATE VIEW v AS SELECT 1": "has 'v', which Masthead did not make",
    "DROP TABLE django_migrations": "cannot be read (no such table: django_migrations)",
}


@pytest.mark.parametrize("sql", REFUSED, ids=["newer", "trigger", "view", "another"])
def test_a_database_that_does_not_fit_is_refused(backup, other, tmp_path, sql):
    before = everything(other)
    assert REFUSED[sql] in other.refusal("restore", "--replace", changed(backup, tmp_path / "c.tar", sql))
    assert everything(other) == before


def test_an_older_schema_is_brought_up_to_date(site, backup, tmp_path):
    old = "DROP TABLE audit_entry; DELETE FROM django_migrations WHERE app = 'audit'"
    new = Folder(tmp_path / "new")
    new.manage("restore", changed(backup, tmp_path / "old.tar", old))
    assert new.query("SELECT count(*) FROM audit_entry") == [(0,)]
    assert [line for line in new.content() if "articles_article" in line] == [
        line for line in site.content() if "articles_article" in line
    ]


def test_a_migration_that_fails_puts_everything_back(backup, other, tmp_path):
    """The table is there already, which no version ever made so."""
    before = everything(other)
    del before["pages/kept"]
    broken = changed(backup, tmp_path / "c.tar", "DELETE FROM django_migrations WHERE app = 'audit'")
    assert "already exists" in other.refusal("restore", "--replace", broken)
    assert everything(other) == before


def test_what_does_not_fit_on_the_disk_is_told_before_it_is_unpacked(tmp_path):
    manifest = Manifest("2026", {}, [], [])
    write(tmp_path / "large.tar", manifest, {})
    manifest.members = [Member(DATABASE, 2**55, "0" * 64)]
    text = manifest.as_bytes()
    with open(tmp_path / "large.tar", "wb") as out:
        Writer(out).add(MANIFEST, len(text), io.BytesIO(text))
    assert "MB left, and the backup needs 36,028,797,019 MB" in Folder(tmp_path / "new").refusal(
        "restore", tmp_path / "large.tar"
    )


def test_on_postgresql_it_brings_the_pictures_and_names_the_tool_for_the_rest(site, backup, tmp_path):
    there = Folder(tmp_path / "there", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    words = there.refusal("restore", backup)
    assert "pg_restore" in words
    site.manage("backup", "--media-only", tmp_path / "m.tar")
    there.manage("restore", tmp_path / "m.tar")
    assert there.files() == site.files()
    (there.data / "media" / "notes.txt").write_text("stays")
    there.manage("restore", tmp_path / "m.tar")
    assert there.files() == {**site.files(), "media/notes.txt": b"stays"}
