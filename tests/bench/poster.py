"""A lean writer of comments: `python -m tests.bench.poster` reads its task as JSON from stdin and prints what happened.

The task: host, port, clients, seconds, pause (between two comments of a client), places (path and token), prefix.
Standard library only, connections kept alive, little parsing: the machine's time belongs to the server.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

LOCATION = re.compile(rb"\r\nlocation:[^\r]*#c-(\d+)", re.I)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
PATIENCE = 30
WORDS = (
    "river stone paper window quiet morning letter garden winter bridge market story number colour engine harbour island "
    "kitchen ladder mirror orchard pencil ribbon saddle teacher village whistle yellow anchor basket candle desert evening "
    "forest glacier hammer insect jacket kettle lantern meadow needle ocean parcel quarry railway summer tunnel umbrella "
    "valley wagon author column margin printer editor reader question answer evidence"
).split()


class Client:
    """One connection, opened again whenever the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self.address = host, port
        self.connection: socket.socket | None = None

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, int | None]:
        """(status, id of the comment that the answer leads to). Status 0: no answer came."""
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.address[0]}:{self.address[1]}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            if self.connection is None:
                self.connection = socket.create_connection(self.address, timeout=PATIENCE)
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.sendall(head.encode() + body)
            return read_answer(self.connection)
        except OSError:
            self.close()
            return 0, None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def read_answer(connection: socket.socket) -> tuple[int, int | None]:
    """Reads one whole answer. Raises OSError if it breaks off."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += some(connection)
    head, _, rest = got.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    left = (int(length[1]) if length else 0) - len(rest)
    while left > 0:
        left -= len(some(connection))
    location = LOCATION.search(head)
    return int(head[9:12]), int(location[1]) if location else None


def some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed")
    return data


def write(task: dict[str, Any], number: int, happened: list) -> None:
    """Posts until the time is over; adds (seconds waited, status, id, text) for each."""
    client, places = Client(task["host"], task["port"]), task["places"]
    until, nth, dice = time.monotonic() + task["seconds"], 0, random.Random(number)
    while (began := time.monotonic()) < until:
        path, token = places[(number + nth) % len(places)]
        text = f"{task['prefix']} of writer {number}, the {nth}th: {said(dice)}."
        status, pk = client.post(path, {"name": f"Writer {number}", "text": text, "token": token})
        happened.append((time.monotonic() - began, status, pk, text))
        nth += 1
        time.sleep(max(0.0, task["pause"] - (time.monotonic() - began)) if task["pause"] else 0)
    client.close()


def said(dice: random.Random) -> str:
    """Forty words in an order that nobody has written before: the same text again and again is held, and seldom in life."""
    return " ".join(dice.choices(WORDS, k=40))


def main() -> None:
    task, happened = json.load(sys.stdin), []
    writers = [threading.Thread(target=write, args=(task, number, happened)) for number in task["clients"]]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    json.dump(happened, sys.stdout)


if __name__ == "__main__":
    main()
