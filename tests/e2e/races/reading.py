"""A reader: asks for public pages without pause and notes what each of them showed.

`python -m tests.e2e.races.reading URL FOLDER NAME`
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from tests.asking import Client, NoAnswer, Reply
from tests.e2e.races import words
from tests.e2e.races.ledger import Notes
from tests.e2e.races.starting import is_over, wait_to_go

WHOLE = ("/", "/feed/")
LISTS = (*WHOLE, "/tag/", "/tag/moving/")
TWINS = ("t1", "t2")
MOVING = "moving"


class Reader:
    """Reads `slugs` and the lists; of the articles under which people talk only those that are busy now."""

    def __init__(self, url: str, notes: Notes, folder: Path, dice: random.Random) -> None:
        self.client, self.notes, self.folder, self.dice = Client(url), notes, folder, dice
        self.seen: set[tuple[str, str]] = set()

    def paths(self) -> list[str]:
        busy = [slug for path in self.folder.glob("*.busy") for slug in path.read_text().split()]
        return [*LISTS, *LISTS, *(f"/{slug}/" for slug in busy)]

    def read(self, path: str) -> None:
        began = time.monotonic()
        try:
            reply = self.client.get(path)
        except NoAnswer as error:
            self.notes.write(trouble=str(error), at=began)
            time.sleep(0.02)
            return
        self.note(path, began, time.monotonic(), reply)

    def note(self, path: str, began: float, ended: float, reply: Reply) -> None:
        tag = (path, reply.headers.get("etag", ""))
        shows, torn = look(path, reply)
        again = bool(tag[1]) and tag in self.seen
        self.seen.add(tag)
        place = path.strip("/") if path not in LISTS else path
        whole = path in WHOLE and reply.status == 200
        self.notes.write(path=path, place=place, whole=whole, began=began, ended=ended, shows=shows, torn=torn, again=again)


def look(path: str, reply: Reply) -> tuple[dict[str, object], list[str]]:
    """What a page shows of the facts, and where it contradicts itself."""
    if reply.status not in {200, 404, 410} and not (reply.status == 301 and path == "/tag/moving/"):
        return {}, [f"answered {reply.status}: {reply.text[:200]}"]
    versions: dict[str, set[int]] = {}
    for slug, number in words.VERSION.findall(reply.text):
        versions.setdefault(slug, set()).add(int(number))
    torn = [f"{slug} in versions {sorted(found)}" for slug, found in versions.items() if len(found) > 1]
    shows: dict[str, object] = {slug: min(found) for slug, found in versions.items()}
    if path in WHOLE:
        return shows, torn + torn_twins(shows)
    if path in LISTS:
        return {"tag": int("/tag/moving/" in reply.text if path == "/tag/" else "v1" in shows)}, torn
    slug = path.strip("/")
    if reply.status != 200:
        return {slug: 0}, torn
    own = {slug: shows.get(slug, 0)}
    if slug == "v1":
        own["tag"] = int(MOVING in words.TAG.findall(reply.text))
    return {**own, **spoken(slug, reply, torn)}, torn + short(slug, reply)


def torn_twins(shows: dict[str, object]) -> list[str]:
    """The twins go, come and change in one transaction."""
    one, other = (shows.get(slug) for slug in TWINS)
    return [f"one twin in version {one}, the other in {other}"] if one != other else []


def short(slug: str, reply: Reply) -> list[str]:
    """An article says its version at its beginning and its end, and four times in its head."""
    count = len(words.VERSION.findall(reply.text))
    return [f"says its version {count} times"] if count < 6 or "</html>" not in reply.text else []


def spoken(slug: str, reply: Reply, torn: list[str]) -> dict[str, object]:
    """The comments under an article. Each is there once, and as many as its heading says."""
    found = words.COMMENT.findall(reply.text)
    said = words.SAID.findall(words.FACTS.sub("", reply.text))
    counted = words.COUNT.search(reply.text)
    told = int(counted[1]) if counted and counted[1] != "no" else 0
    if told != len(found):
        torn.append(f"{slug} tells of {told} comments and shows {len(found)}")
    torn += [f"{word} stands there twice" for word in {word for word in said if said.count(word) > 1}]
    return {f"{slug} {word}": 1 for word in said}


def main(url: str, folder: str, name: str) -> None:
    place = Path(folder)
    reader = Reader(url, Notes(place / f"{name}.jsonl"), place, random.Random(name))
    wait_to_go(place, name)
    while not is_over(place):
        for path in reader.dice.sample(found := reader.paths(), k=len(found)):
            reader.read(path)
        reader.client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
