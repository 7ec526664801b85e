"""A small HTTP client for journeys without a browser: connections kept alive, forms sent as a browser sends them."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import select
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

FORM = "application/x-www-form-urlencoded"


class NoAnswer(OSError):
    """The server took the connection away, or gave none, before it answered."""


class Reply(NamedTuple):
    """An answer: its status, its headers by lower-case name, its text."""

    status: int
    headers: dict[str, str]
    text: str


class Client:
    """Asks the site at `url`; `headers` go with every request. Raises NoAnswer.

    With `is_crowd` each post comes from a loopback address that follows from what it says, as of a reader of their own: a
    network whose comments were removed is not trusted with the next. The same again comes from the same reader.
    """

    def __init__(self, url: str, *, timeout: float = 30, headers: dict[str, str] | None = None, is_crowd: bool = False) -> None:
        self.url, self.timeout, self.headers = url, timeout, {"Accept-Encoding": "gzip", **(headers or {})}
        self.is_crowd = is_crowd
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str) -> Reply:
        if self.is_crowd:
            self.close()
        headers = {"Content-Type": FORM, "Origin": self.url, "Referer": self.url + path, **headers}
        return self.ask("POST", path, urlencode(fields), headers)

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Reply:
        wanted = {**self.headers, **(headers or {})}
        if self.cookies:
            wanted["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            answer, raw = self._exchange(method, path, body, wanted)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        found = {name.lower(): value for name, value in answer.getheaders()}
        whole = gzip.decompress(raw) if found.get("content-encoding") == "gzip" else raw
        return Reply(answer.status, found, whole.decode("utf-8", "replace"))

    def close(self) -> None:
        """The next request makes a connection of its own, and may meet another worker."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def _exchange(self, method: str, path: str, body: str | None, headers: dict[str, str]):
        if self.connection is not None and is_given_up(self.connection):
            self.close()
        if self.connection is None:
            parts = urlsplit(self.url)
            source = (loopback_of(body or ""), 0) if self.is_crowd else None
            self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, self.timeout, source)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer, answer.read()


def is_given_up(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed a connection on which nothing was asked for long, as browsers see before they ask."""
    return connection.sock is not None and bool(select.select([connection.sock], [], [], 0)[0])


def loopback_of(said: str) -> str:
    return ".".join(["127", *(str(byte % 254 + 1) for byte in hashlib.sha256(said.encode()).digest()[:3])])


class Desk(Client):
    """A client that signs in and fills in the forms that it is given, CSRF token and all."""

    def sign_in(self, name: str, password: str) -> Desk:
        reply = self.submit("/accounts/login/", login=name, password=password)
        assert reply.status == 302, reply.text
        return self

    def submit(self, path: str, button: str = "", **changes: str | list[str]) -> Reply:
        """Opens the page, fills in the form that posts, presses `button` (a name, or name=value), and gives the answer.

        A failure of the server to show the page is given as the answer.
        """
        page = self.get(path)
        if page.status >= 500:
            return page
        assert page.status == 200, f"{path} answered {page.status} {page.headers.get('location', '')}"
        form = form_of(page.text)
        fields = {**fields_of(form), **changes}
        if button:
            name, _, value = button.partition("=")
            fields[name] = value or "1"
        pairs = [(name, item) for name, value in fields.items() for item in (value if isinstance(value, list) else [value])]
        return self.post(urljoin(path, form.attributes.get("action") or ""), pairs)

    def act(self, path: str, **fields: str | list[str]) -> Reply:
        """Posts fields of our own with the CSRF token that the site gave."""
        pairs = [("csrfmiddlewaretoken", self.cookies.get("csrftoken", ""))]
        pairs += [(name, item) for name, value in fields.items() for item in (value if isinstance(value, list) else [value])]
        return self.post(path, pairs)


def form_of(page: str) -> LexborNode:
    """The form that the page is about: the largest with a CSRF token, and never that for signing out."""
    forms = [form for form in LexborHTMLParser(page).css("form") if form.css_first("[name=csrfmiddlewaretoken]")]
    forms = [form for form in forms if not (form.attributes.get("action") or "").endswith("/logout/")]
    assert forms, page
    return max(forms, key=lambda form: len(form.css("[name]")))


def fields_of(form: LexborNode) -> dict[str, str | list[str]]:
    """What a browser would send of it untouched, without any button."""
    found: dict[str, str | list[str]] = {}
    for field in form.css("input[name], textarea[name], select[name]"):
        name, kind = field.attributes["name"] or "", field.attributes.get("type") or ""
        if kind in {"submit", "file", "button", "image"} or (
            kind in {"checkbox", "radio"} and "checked" not in field.attributes
        ):
            continue
        if field.tag == "select":
            chosen = [option.attributes.get("value") or "" for option in field.css("option[selected]")]
            found[name] = chosen or [option.attributes.get("value") or "" for option in field.css("option")[:1]]
        else:
            value = field.text() if field.tag == "textarea" else field.attributes.get("value") or ""
            found[name] = [*found[name], value] if name in found and isinstance(found[name], list) else value
    return found
