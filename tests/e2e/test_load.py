"""A large site with one busy conversation, and a thousand connections at once: no error."""

from __future__ import annotations

import asyncio
import re
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.asking import Client
from tests.server import start_again, stop

ARTICLES = 1000
CONNECTIONS = 1000
SECONDS = 6.0
A_SECOND = 10
READERS = 4
BUSY = "k1"


@pytest.fixture(scope="module")
def large(copied):
    site = copied("load")
    site.query(f"from tests.e2e.races.sowing import many; many({ARTICLES})")
    running = start_again(site)
    yield running
    stop(running)


def test_one_busy_conversation_slows_and_breaks_nothing_else(large):
    """Ten comments a second on one article while readers go over a thousand: no error, and nothing is lost."""
    wrong: list[str] = []
    reads = [0] * READERS
    over = threading.Event()

    def read(reader: int) -> None:
        client, number = Client(large.url), reader * ARTICLES // READERS
        while not over.is_set():
            number = number % ARTICLES + 1
            reply = client.get(f"/a{number}/" if number % 7 else f"/{BUSY}/")
            if reply.status != 200 or (number % 7 and f"a{number}-version-1" not in reply.text):
                wrong.append(f"/a{number}/ answered {reply.status}")
            reads[reader] += 1
        client.close()

    readers = [threading.Thread(target=read, args=[number]) for number in range(READERS)]
    for reader in readers:
        reader.start()
    posted = talk(large.url)
    over.set()
    for reader in readers:
        reader.join()
    print(f"{sum(reads)} reads, {posted} comments")
    assert wrong == []
    assert sum(reads) > posted > A_SECOND
    client = Client(large.url)
    assert f">{posted} comments<" in client.get(f"/{BUSY}/").text
    client.close()


def talk(url: str) -> int:
    """Posts A_SECOND comments a second, as far as the machine lets it; how many."""
    client, number, began = Client(url), 0, time.monotonic()
    page = client.get(f"/{BUSY}/").text
    action, token = re.search(r'action="(/comments/on/\d+/)', page)[1], re.search(r'name="token" value="([^"]+)"', page)[1]
    while time.monotonic() < began + SECONDS:
        reply = client.post(action, {"name": "Ines", "text": f"Thought number {number}.", "token": token})
        assert reply.status == 303, reply.text
        number += 1
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
    client.close()
    return number


def test_a_thousand_connections_get_a_kept_page(large):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * CONNECTIONS:
        pytest.skip(f"This machine lets a process open only {hard} files.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * CONNECTIONS), hard))
    try:
        with ThreadPoolExecutor(1) as pool:  # another test's browser may have a loop running in this thread
            answers = pool.submit(lambda: asyncio.run(at_once(large.url))).result()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert answers == [(b"HTTP/1.1 200 OK", True)] * (2 * CONNECTIONS)


async def at_once(url: str) -> list[tuple[bytes, bool]]:
    """Opens all connections, and asks twice on each; the status lines, and whether the whole page came."""
    parts, gate = urlsplit(url), asyncio.Event()
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(CONNECTIONS)]

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[tuple[bytes, bool]]:
        await gate.wait()
        found = []
        for _ in range(2):
            writer.write(f"GET /a1/ HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", head, re.I)[1])
            found.append((head.split(b"\r\n")[0], (await reader.readexactly(length)).rstrip().endswith(b"</html>")))
        writer.close()
        await writer.wait_closed()
        return found

    asking = [asyncio.create_task(ask(*pair)) for pair in opened]
    gate.set()
    return [one for found in await asyncio.gather(*asking) for one in found]
