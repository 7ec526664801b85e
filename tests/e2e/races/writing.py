"""The writers that come over HTTP: an editor, a commenter, a moderator. Each notes what it began and what was acknowledged.

`python -m tests.e2e.races.writing ROLE URL FOLDER`. An answer that was lost is asked for again.
"""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.asking import Client, Desk, NoAnswer, Reply
from tests.e2e.journeys import PASSWORD
from tests.e2e.races import words
from tests.e2e.races.ledger import Notes
from tests.e2e.races.starting import is_over, wait_to_go

ARTICLES = "/admin/articles/article/"
COMMENTS = "/admin/comments/comment/"
TALKS = 40
EACH = 40
PAUSE = 0.02


class Over(Exception):
    """The race is over."""


class Writer:
    """One role. `numbers` are the primary keys of the articles by slug."""

    def __init__(self, role: str, url: str, folder: Path) -> None:
        self.folder, self.role = folder, role
        self.notes = Notes(folder / f"{role}.jsonl")
        self.numbers = dict(line.split() for line in (folder / "articles").read_text().splitlines())
        self.anybody, self.desk = Client(url, is_crowd=True), Desk(url)
        self.forms: dict[str, tuple[str, str]] = {}

    def sign_in(self) -> None:
        self.insist(lambda: self.desk.sign_in("ada", PASSWORD).get("/admin/"))

    def insist(self, act: Callable[[], Reply]) -> Reply:
        """Does it until there is an answer that is no failure of the server. Raises Over at the end of the race."""
        while not is_over(self.folder):
            try:
                reply = act()
                if reply.status < 500:
                    return reply
                self.notes.write(trouble=f"{reply.status}", at=time.monotonic(), writer=self.role)
            except NoAnswer as error:
                self.notes.write(trouble=str(error), at=time.monotonic(), writer=self.role)
            time.sleep(PAUSE)
        raise Over

    def write(self, values: dict[str, Any], *acts: Callable[[], Reply]) -> Reply:
        """Does what gives the facts these values; acknowledged once the last act is."""
        begun = [self.notes.begin(fact, value) for fact, value in values.items()]
        for act in acts:
            reply = self.do(act)
        for name in begun:
            self.notes.done(name)
        time.sleep(PAUSE)
        return reply

    def do(self, act: Callable[[], Reply]) -> Reply:
        """Insists, and fails where the answer is not the redirect that follows what was done.

        Comments are told by 409 that an act whose answer was lost has been done.
        """
        reply = self.insist(act)
        if reply.status == 409 and " the comment by " in reply.text:
            return reply
        if reply.status not in {302, 303} or "/accounts/" in reply.headers["location"]:
            raise RuntimeError(f"{self.role} was answered {reply.status} {reply.headers.get('location')}: {reply.text[:3000]}")
        return reply

    def busy(self, *slugs: str) -> None:
        """Says what readers shall read now."""
        aside = self.folder / f"{self.role}.new"
        aside.write_text(" ".join(slugs))
        aside.replace(self.folder / f"{self.role}.busy")

    # --- acts ---------------------------------------------------------------------------------------------------

    def edit(self, slug: str, number: int) -> Callable[[], Reply]:
        return lambda: self.desk.submit(f"{ARTICLES}{self.numbers[slug]}/change/", "_save", **words.article_of(slug, number))

    def confirm(self, slug: str, verb: str) -> Callable[[], Reply]:
        """Publish, withdraw or restore by their own pages."""
        return lambda: self.desk.submit(f"{ARTICLES}{self.numbers[slug]}/{verb}/")

    def bulk(self, path: str, action: str, *numbers: str, **more: str) -> Callable[[], Reply]:
        """One of the actions over a list of the admin, on the page that asks whether to go on."""
        return lambda: self.desk.act(
            path, action=action, _selected_action=list(numbers), confirmed="yes", post="yes", index="0", **more
        )

    def say(self, slug: str, word: str) -> tuple[Reply, str]:
        """Posts a comment as anybody; gives its number."""
        if slug not in self.forms:
            page = self.insist(lambda: self.anybody.get(f"/{slug}/")).text
            action, token = re.search(r'action="(/comments/on/\d+/)', page), re.search(r'name="token" value="([^"]+)"', page)
            self.forms[slug] = action[1], token[1]
        action, token = self.forms[slug]
        reply = self.write(
            {f"{slug} {word}": 1},
            lambda: self.anybody.post(action, {"name": "Ines", "text": f"So {word} it is.", "token": token}),
        )
        return reply, re.search(r"#c-(\d+)", reply.headers["location"])[1]

    def answer(self, slug: str, parent: str, word: str) -> None:
        path = f"/comments/{parent}/reply/"
        page = self.insist(lambda: self.anybody.get(path)).text
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        fields = {"name": "Ben", "text": f"But {word} it is not.", "token": token}
        self.write({f"{slug} {word}": 1}, lambda: self.anybody.post(path, fields))


def editor(writer: Writer) -> None:
    """Edits and publishes changes without end; every fourth time takes an article back, and restores it."""
    writer.busy("d1", "d2")
    number = 1
    while True:
        number += 1
        for slug in ("d1", "d2"):
            writer.write({slug: number}, writer.edit(slug, number), writer.confirm(slug, "publish"))
            if number % 4 == 0:
                writer.write({slug: 0}, writer.confirm(slug, "withdraw"))
                writer.write({slug: number}, writer.confirm(slug, "restore"))


def commenter(writer: Writer) -> None:
    """Posts comments, every third in answer to the one before."""
    for talk in range(TALKS):
        slug = f"k{talk + 1}"
        writer.busy(slug)
        parent = ""
        for number in range(EACH):
            word = words.comment_of(slug, talk, number)
            if number % 3 == 2:
                writer.answer(slug, parent, word)
            else:
                parent = writer.say(slug, word)[1]


def moderator(writer: Writer) -> None:
    """Removes comments one by one and several at once, and brings them back; moves the twins in bulk, and the tag."""
    version = 1
    for talk in range(TALKS):
        slug = f"m{talk + 1}"
        writer.busy(slug, "v1", "t1", "t2")
        for number in range(0, EACH, 3):
            moderate(writer, slug, [words.comment_of(slug, talk, number + more) for more in range(3)])
            version += 1
            move_twins(writer, version)
            move_tag(writer)
            discard(writer)


def moderate(writer: Writer, slug: str, said: list[str]) -> None:
    facts = [f"{slug} {word}" for word in said]
    numbers = [writer.say(slug, word)[1] for word in said]
    decide = f"{COMMENTS}{numbers[0]}/decide/"
    writer.write({facts[0]: 0}, lambda: writer.desk.act(decide, do="remove", seen="visible"))
    writer.write(dict.fromkeys(facts[1:], 0), remove_several(writer, *numbers[1:]))
    writer.write({facts[0]: 1}, lambda: writer.desk.act(decide, do="approve", seen="removed"))


def remove_several(writer: Writer, *numbers: str) -> Callable[[], Reply]:
    """Sends the page to which the list's action leads, with comments that nobody has decided about."""
    take = [f"{number} visible " for number in numbers]
    return lambda: writer.desk.act(f"{COMMENTS}queue/several/", chosen=list(numbers), do="remove", take=take)


def move_twins(writer: Writer, version: int) -> None:
    """Two articles that go, come and change in one transaction."""
    numbers = [writer.numbers[slug] for slug in ("t1", "t2")]
    writer.write({"t1": 0, "t2": 0}, writer.bulk(ARTICLES, "withdraw", *numbers))
    for slug in ("t1", "t2"):
        writer.do(writer.edit(slug, version))
    writer.write({"t1": version, "t2": version}, writer.bulk(ARTICLES, "publish", *numbers))


def move_tag(writer: Writer) -> None:
    """Gives a tag another name, by which its address moves, and the old one back; and adds it once more in bulk."""
    page = writer.insist(lambda: writer.desk.get("/admin/articles/tag/?q=moving")).text
    path = f"/admin/articles/tag/{re.search(r'/admin/articles/tag/([0-9]+)/change/', page)[1]}/change/"
    writer.write({"tag": 0}, lambda: writer.desk.act(path, name="Standing", description=""))
    writer.write({"tag": 1}, lambda: writer.desk.act(path, name="Moving", description=""))
    writer.do(writer.bulk(ARTICLES, "add_tags", writer.numbers["v1"], tags="Moving"))


def discard(writer: Writer) -> None:
    """Begins a draft and deletes it: no reader ever sees it."""
    fields = words.article_of("x1", 1) | {"slug": ""}
    reply = writer.do(lambda: writer.desk.submit(f"{ARTICLES}add/", "_save", **fields))
    made = re.search(r"/article/(\d+)/change/", reply.headers["location"])
    writer.do(lambda: writer.desk.act(f"{ARTICLES}{made[1]}/delete/", post="yes"))


ROLES = {role.__name__: role for role in (editor, commenter, moderator)}


def main(role: str, url: str, folder: str) -> None:
    writer = Writer(role, url, Path(folder))
    writer.sign_in()
    wait_to_go(Path(folder), role)
    with contextlib.suppress(Over):
        ROLES[role](writer)


if __name__ == "__main__":
    main(*sys.argv[1:])
