"""Somebody at the desk who uploads the same large picture again and again."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.ground import Place, host_of

ADD = "/admin/articles/image/add/"
BOUNDARY = "the-border-between-the-fields"
PATIENCE = 120


@contextmanager
def uploading(place: Place, cookie: str) -> Iterator[list[int]]:
    """Uploads during the block; the list has the status of each that was answered. The block's end waits for the last.

    Raises RuntimeError at the end if one was not taken.
    """
    statuses: list[int] = []
    over = threading.Event()
    desk = threading.Thread(target=upload_until, args=(over, place, cookie, statuses))
    desk.start()
    try:
        yield statuses
    finally:
        over.set()
        desk.join(PATIENCE)
    if not statuses or set(statuses) != {302}:
        raise RuntimeError(f"An upload was answered with {statuses}")


def upload_until(over: threading.Event, place: Place, cookie: str, statuses: list[int]) -> None:
    connection = http.client.HTTPConnection(*host_of(place.site), timeout=PATIENCE)
    try:
        token, cookies = csrf(connection, cookie)
        body = form(token, (place.site.data / place.facts["picture"]).read_bytes())
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Cookie": cookies}
        headers["Origin"] = place.site.url
        while not over.is_set():
            connection.request("POST", ADD, body, headers)
            with connection.getresponse() as answer:
                answer.read()
            statuses.append(answer.status)
    except (OSError, http.client.HTTPException):
        statuses.append(0)
    finally:
        connection.close()


def csrf(connection: http.client.HTTPConnection, cookie: str) -> tuple[str, str]:
    """The form's token, and the cookies to send with it."""
    connection.request("GET", ADD, headers={"Cookie": cookie})
    with connection.getresponse() as answer:
        page = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    own = re.search(r"csrftoken=[^;]+", answer.headers.get("Set-Cookie", ""))
    if not token or not own:
        raise http.client.HTTPException("the form has no token")
    return token[1], f"{cookie}; {own[0]}"


def form(token: str, picture: bytes) -> bytes:
    """The multipart body of the library's form."""
    fields = {"csrfmiddlewaretoken": token, "title": "A large picture", "alt": "Soft shapes in many colours."}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="camera.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return "".join(parts).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
