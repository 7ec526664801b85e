"""A site is backed up while readers post without pause, and nothing that was acknowledged before is missing."""

import re
import sqlite3
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

from tests.server import run_site, stop
from tests.site_config.operations.commands import Folder

ARTICLE = "/the-power-struggle-in-ai/"
WRITERS = 3
pytestmark = pytest.mark.slow


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture
def site(tmp_path):
    running = run_site(tmp_path / "data", MASTHEAD_COMMENT_RATE="100000/m", MASTHEAD_COMMENT_MODERATION="open")
    yield running
    stop(running)


class Writers:
    """Threads that post comments; `acknowledged` are the words of those that were answered with 303."""

    def __init__(self, site) -> None:
        with urllib.request.urlopen(site.url + ARTICLE, timeout=30) as answer:
            page = answer.read().decode()
        self.address = site.url + re.search(r'action="(/comments/on/\d+/)', page)[1]
        self.token = re.search(r'name="token" value="([^"]+)"', page)[1]
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self.over = threading.Event()
        self.opener = urllib.request.build_opener(NoRedirect)
        self.threads = [threading.Thread(target=self.write, args=[number]) for number in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def write(self, writer: int) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            word = f"word{writer}x{number}"
            fields = urllib.parse.urlencode({"name": f"Ada {writer}", "text": word, "token": self.token}).encode()
            try:
                self.opener.open(self.address, fields, timeout=30)
            except urllib.error.HTTPError as answer:
                (self.acknowledged if answer.code == 303 else self.failures).append(word)
            except OSError as error:
                self.failures.append(repr(error))

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def words_in(database) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [text for (text,) in connection.execute("SELECT source FROM comments_comment WHERE source LIKE 'word%'")]


def test_a_backup_of_a_busy_site_has_all_that_was_acknowledged_before_it(site, tmp_path):
    if "DATABASE_URL" in site.environment:
        pytest.skip("PostgreSQL is backed up with its own tools")
    writers = Writers(site)
    try:
        while len(writers.acknowledged) < 50 and not writers.failures:
            writers.over.wait(0.05)
        before = list(writers.acknowledged)
        site.manage("backup", str(tmp_path / "b.tar"))
        after = list(writers.acknowledged)
    finally:
        writers.stop()
    assert writers.failures == []
    assert len(after) > len(before)
    new = Folder(tmp_path / "new")
    new.manage("restore", tmp_path / "b.tar")
    found = words_in(new.database)
    assert len(found) == len(set(found))
    assert set(before) <= set(found) <= set(writers.acknowledged)
    counted = "SELECT comment_count FROM articles_article WHERE comment_count > 0"
    assert new.query(counted) == [(len(found),)]
