"""Comments posted over HTTP by lean clients in processes of their own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.bench.ground import Place, fetch, host_of, in_shell
from tests.server import ROOT

FORM = re.compile(r'action="(/comments/on/\d+/)[^"]*".*?name="token" value="([^"]+)"', re.S)
PROCESSES = 2


class Post(NamedTuple):
    waited: float
    """Seconds from sending to the whole answer."""
    status: int
    pk: int | None
    text: str


@dataclass
class Writing:
    """What the writers did, complete once their block is over."""

    posts: list[Post] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[Post]:
        return [post for post in self.posts if post.status == 303 and post.pk]

    @property
    def refused(self) -> int:
        return len(self.posts) - len(self.acknowledged)

    def waited(self, share: float) -> float:
        """Seconds that this share of the posts took at most."""
        times = sorted(post.waited for post in self.posts)
        return times[min(len(times) - 1, int(share * len(times)))]


def form_of(place: Place, path: str) -> tuple[str, str]:
    """Where the comment form on this page leads, and its token."""
    found = FORM.search(fetch(place.site.url + path).decode())
    if not found:
        raise RuntimeError(f"{path} has no comment form")
    return found[1], found[2]


@contextmanager
def writing(
    place: Place, paths: list[str], *, clients: int, seconds: float, prefix: str, pause: float = 0
) -> Iterator[Writing]:
    """`clients` write under these articles for `seconds`; the block's end waits for them."""
    host, port = host_of(place.site)
    task = {"host": host, "port": port, "seconds": seconds, "pause": pause, "prefix": prefix}
    task["places"] = [form_of(place, path) for path in paths]
    numbers = [list(range(clients))[first::PROCESSES] for first in range(PROCESSES)]
    with ExitStack() as ending:
        done = Writing()
        started = [start(task | {"clients": some}, ending) for some in numbers if some]
        yield done
        for process in started:
            out, _ = process.communicate(timeout=seconds + 60)
            done.posts += [Post(*happened) for happened in json.loads(out)]


def start(task: dict[str, Any], ending: ExitStack) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.bench.poster"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    ending.callback(process.wait)
    ending.callback(process.kill)
    process.stdin.write(json.dumps(task))
    process.stdin.close()
    process.stdin = None
    return process


def lost(place: Place, done: Writing) -> dict[str, list]:
    """Acknowledged comments that are not there as they were sent, and articles whose count is not what they have."""
    file = place.site.data.parent / "acknowledged.json"
    file.write_text(json.dumps([(post.pk, post.text) for post in done.acknowledged]))
    return in_shell(place.site, f"from tests.bench import sowing; sowing.missing({str(file)!r})")
