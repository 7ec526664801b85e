"""What readers and writers get from a site, in a few words each; and what they must never get."""

from __future__ import annotations

import contextlib
import itertools
import re
from typing import NamedTuple

from tests.asking import Client, Desk, NoAnswer, Reply, fields_of, form_of
from tests.e2e.journeys import PASSWORD
from tests.server import Site

KEPT = "/d1/"
EDITED = "d2"
TIMES = 4
WORKERS_MET = 24
"""So many connections meet every worker, with a chance of one in millions against it."""
numbers = itertools.count(1)


class Row(NamedTuple):
    """The columns of README's table."""

    kept: str
    unkept: str
    withdrawn: str
    removed: str
    comment: str
    editor: str
    ready: str


class Witness:
    """Looks at one site during one fault; `number` is that of the articles that no other fault uses."""

    def __init__(self, site: Site, number: int) -> None:
        self.site, self.number = site, number
        self.articles = dict(line.split() for line in (site.data / "articles").read_text().splitlines())
        self.withdrawn, self.unkept, self.talk = f"g{number}", f"u{number}", f"p{number}"
        self.word = f"unspeakable{number}"
        self.desk = Desk(site.url, timeout=40)
        self.token = self.action = ""

    def prepare(self) -> None:
        """Has both workers keep pages of which one is then withdrawn, and from another a comment removed."""
        self.desk.sign_in("ada", PASSWORD)
        page = self.fresh(f"/{self.talk}/").text
        self.action = re.search(r'action="(/comments/on/\d+/)', page)[1]
        self.token = re.search(r'name="token" value="([^"]+)"', page)[1]
        place = self.post(f"This is {self.word}.").headers["location"]
        for path in (KEPT, f"/{self.withdrawn}/", f"/{self.talk}/", "/"):
            for _ in range(WORKERS_MET):
                assert self.fresh(path).status == 200
        assert self.word in self.fresh(f"/{self.talk}/").text
        number = re.search(r"#c-(\d+)", place)[1]
        withdrawn = self.desk.act(f"/admin/articles/article/{self.articles[self.withdrawn]}/withdraw/")
        removed = self.desk.act(f"/admin/comments/comment/{number}/decide/", do="remove", seen="visible")
        assert (withdrawn.status, removed.status) == (302, 302)
        for _ in range(WORKERS_MET):
            assert self.fresh(KEPT).status == 200
        self.form = fields_of(form_of(self.desk.get(f"/admin/articles/article/{self.articles[EDITED]}/change/").text))

    def close(self) -> None:
        self.desk.close()

    def gets_through(self) -> None:
        """Everything is answered as usual over one of a few connections, as a load balancer's probe tries again."""
        answered = {path: self.patiently(path) for path in ("/health/ready/", KEPT, f"/{self.withdrawn}/", f"/{self.talk}/")}
        assert [reply.status for reply in answered.values()] == [200, 200, 410, 200]
        assert not any(self.word in reply.text for reply in answered.values())

    def patiently(self, path: str) -> Reply:
        for _ in range(WORKERS_MET):
            with contextlib.suppress(NoAnswer):
                return self.fresh(path, timeout=5)
        raise NoAnswer(path)

    def fresh(self, path: str, timeout: float = 40) -> Reply:
        """An answer over a connection of its own."""
        client = Client(self.site.url, timeout=timeout)
        try:
            return client.get(path)
        finally:
            client.close()

    def post(self, text: str) -> Reply:
        client = Client(self.site.url, timeout=40, is_crowd=True)
        try:
            return client.post(self.action, {"name": "Ines", "text": text, "token": self.token})
        finally:
            client.close()

    def row(self) -> Row:
        """Asks for everything. AssertionError for what must never be shown."""
        self.withdrawn_is_nowhere()
        return Row(
            kept=self.often(KEPT, "d1-version-1"),
            unkept=self.often(f"/{self.unkept}/", f"{self.unkept}-version-1"),
            withdrawn=self.often(f"/{self.withdrawn}/", ""),
            removed=self.often(f"/{self.talk}/", f"{self.talk}-version-1"),
            comment=self.comment(),
            editor=self.save(),
            ready=self.ready(),
        )

    def withdrawn_is_nowhere(self) -> None:
        for path in (f"/{self.withdrawn}/", f"/{self.talk}/", "/", "/feed/"):
            for _ in range(TIMES):
                try:
                    text = self.fresh(path).text
                except NoAnswer:
                    continue
                assert f"{self.withdrawn}-version" not in text, f"{path} shows what was withdrawn"
                assert self.word not in text, f"{path} shows a comment that was removed"

    def often(self, path: str, text: str) -> str:
        return " or ".join(sorted({self.reader(path, text) for _ in range(TIMES)}))

    def reader(self, path: str, text: str) -> str:
        try:
            reply = self.fresh(path)
        except NoAnswer:
            return "no answer"
        if reply.status == 200:
            assert text in reply.text, f"{path} is not itself: {reply.text[:500]}"
            return "the page as it was, marked" if "cache-status" in reply.headers else "the page"
        assert reply.status < 500 or (reply.status == 503 and "retry-after" in reply.headers), (reply.status, reply.text[:2000])
        return str(reply.status)

    def comment(self) -> str:
        text = f"A thought that took long to write, number {next(numbers)} of fault {self.number}."
        reply = self.post(text)
        if reply.status == 303:
            return "posted"
        assert text in reply.text, f"{reply.status}, and the text is lost: {reply.text[:2000]}"
        assert "cannot be saved just now" in reply.text
        return f"{reply.status}, text given back"

    def save(self) -> str:
        """Sends the editor's form, which was opened before."""
        text = f"A paragraph that took long to write, number {next(numbers)} of fault {self.number}."
        path = f"/admin/articles/article/{self.articles[EDITED]}/change/"
        self.desk.close()
        reply = self.desk.act(path, **{**self.form, "body": f"<p>{text}</p>", "session": "0" * 32, "_save": "1"})
        if reply.status == 302 and "/accounts/" not in reply.headers["location"]:
            return "saved"
        assert text in reply.text, f"{reply.status}, and the text is lost: {reply.text[:3000]}"
        return f"{reply.status}, text given back"

    def is_turned_away(self, status: int) -> None:
        """Every request ends with this status, and gets nothing of the site."""
        for path in (KEPT, f"/{self.withdrawn}/", f"/{self.talk}/", "/", "/feed/"):
            for _ in range(TIMES):
                reply = self.fresh(path)
                assert (reply.status, "-version-" in reply.text) == (status, False)

    def ready(self) -> str:
        return " or ".join(sorted({str(self.fresh("/health/ready/").status) for _ in range(TIMES)}))
