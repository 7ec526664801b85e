"""A client that posts comments without pause: to two articles, in answer to its own, and to the first of each article, where
all clients meet. What got no answer it sends again.

`python -m tests.e2e.races.storming URL FOLDER NAME`
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from tests.asking import Client, NoAnswer, Reply
from tests.e2e.races.ledger import Notes
from tests.e2e.races.starting import is_over, wait_to_go

ARTICLES = ("k1", "k2")
PAUSE = 0.05
TOKEN = re.compile(r'name="token" value="([^"]+)"')
ACTION = re.compile(r'action="(/comments/on/\d+/)')
FIRST = re.compile(r'id="c-(\d+)"')


class Over(Exception):
    """The storm is over."""


class Poster:
    def __init__(self, url: str, folder: Path, name: str) -> None:
        self.client, self.folder, self.name = Client(url), folder, name
        self.notes = Notes(folder / f"{name}.jsonl")

    def insist(self, act, *statuses: int) -> Reply:
        """Does it until it is answered so. A failure that is no outage ends the client."""
        while not is_over(self.folder):
            try:
                reply = act()
            except NoAnswer as error:
                self.notes.write(trouble=str(error))
                time.sleep(PAUSE)
                continue
            if reply.status in statuses:
                return reply
            if reply.status != 503:
                raise RuntimeError(f"answered {reply.status}: {reply.text[:2000]}")
            self.notes.write(trouble="503")
            time.sleep(PAUSE)
        raise Over

    def page(self, path: str) -> str:
        return self.insist(lambda: self.client.get(path), 200).text

    def say(self, action: str, token: str, text: str) -> str:
        """Posts, again and again until it is acknowledged; gives the comment's number."""
        self.notes.write(asked=text)
        fields = {"name": self.name, "text": text, "token": token}
        reply = self.insist(lambda: self.client.post(action, fields), 303)
        self.notes.write(kept=text)
        return re.search(r"#c-(\d+)", reply.headers["location"])[1]


def main(url: str, folder: str, name: str) -> None:
    poster = Poster(url, Path(folder), name)
    forms = [(ACTION.search(page)[1], TOKEN.search(page)[1]) for page in (poster.page(f"/{slug}/") for slug in ARTICLES)]
    wait_to_go(Path(folder), name)
    number = 0
    try:
        while True:
            number += 1
            own = poster.say(*forms[number % 2], f"{name} says number {number}")
            first = FIRST.search(poster.page(f"/{ARTICLES[number % 2]}/"))[1]
            for parent, words in ((own, "answers"), (first, "joins in with")):
                reply = f"/comments/{parent}/reply/"
                poster.say(reply, TOKEN.search(poster.page(reply))[1], f"{name} {words} number {number}")
    except Over:
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
