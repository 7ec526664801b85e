"""Keeps public pages as they leave Django, with every header they got on the way. The outermost middleware."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict

from site_config.lib import session_keys
from site_config.pages import encoding, figures, keys
from site_config.pages.answering import CACHE_STATUS, respond
from site_config.pages.kept import Answer, variant
from site_config.pages.shelf import Key
from site_config.pages.store import AWAY, Drawn, the_store

NEVER = float("inf")
ABOUT_PATH = {"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"}
GENERATIONS = "SELECT subject, number FROM pages_generation WHERE subject IN ({})"


class KeepPages:
    """Draws each public page in one thread at a time; who asked for the same one meanwhile gets that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        store = the_store()
        key = key_of(request)
        if key is None:
            return pressed(request, self.respond(request))
        request.GET = QueryDict(keys.query_of(key))  # type: ignore[assignment]
        if not store.is_on:
            return pressed(request, self.draw_unkept(request, key))
        request.page_key = key  # type: ignore[attr-defined]
        request.page_asked = LowerCase(request)  # type: ignore[attr-defined]
        if store.is_away():
            return without_database(request, self.get_response)
        figures.miss()
        try:
            with store.turns.take(key) as is_first:
                page = (None if is_first else store.find(key)) or store.fetch(key)
                if page is None:
                    return self.draw(request, key)
        except DatabaseError:
            return without_database(request, self.get_response)
        return as_response(respond(page, request.method or "", request.page_asked))  # type: ignore[attr-defined]

    def draw(self, request: HttpRequest, key: Key) -> HttpResponse:
        """Draws the page from one snapshot of the database, keeps it if nothing has changed since, and answers with it."""
        began_at = request.page_began = time.time()  # type: ignore[attr-defined]
        asked = request.page_asked  # type: ignore[attr-defined]
        with snapshot():
            with bare(request, key):
                response = self.get_response(request)
            subjects = tuple(sorted(getattr(request, "page_subjects", ())))
            keeps = can_be_kept(response) and bool(subjects)
            generations = read_generations(subjects) if keeps else ()
        if was_mended(request, response):
            return self.draw(request, key)
        if not keeps:
            return pressed(request, response)
        ends_at = getattr(request, "page_ends", NEVER)
        drawn = Drawn(list(response.items()), response.content, subjects, generations, began_at, ends_at)
        page = the_store().made(drawn, encoding.choose(asked.get("accept-encoding") or ""))
        figures.drawn(time.time() - began_at)
        if the_store().keep(key, page):
            figures.kept()
        else:
            figures.refused()
        return as_response(respond(page, request.method or "", asked))

    def draw_unkept(self, request: HttpRequest, key: Key) -> HttpResponse:
        """Where nothing is kept, the page is everybody's and of one moment all the same."""
        with suppress(DatabaseError):
            with snapshot(), bare(request, key):
                response = self.get_response(request)
            return self.draw_unkept(request, key) if was_mended(request, response) else response
        return self.get_response(request)  # it says what is wrong with the database

    def respond(self, request: HttpRequest) -> HttpResponse:
        """What is drawn for one person alone."""
        response = self.get_response(request)
        return self.get_response(request) if was_mended(request, response) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page as it was, where the database failed while this one was drawn."""
        key = getattr(request, "page_key", None)
        if key is None or not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        return stale_answer(request, key)


class LowerCase:
    """A request's headers for `answer()`."""

    def __init__(self, request: HttpRequest) -> None:
        self.headers = request.headers

    def get(self, name: str) -> str | None:
        return self.headers.get(name)


def was_mended(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page was given up for something overdue, which has been mended as far as it could be: draw it again."""
    mend = getattr(response, "page_mend", None)
    if mend is None:
        return False
    request.page_mended = True  # type: ignore[attr-defined]
    request.__dict__.pop("page_subjects", None)
    request.__dict__.pop("page_ends", None)
    with suppress(DatabaseError):
        mend()
    return True


def key_of(request: HttpRequest) -> Key | None:
    """The key of the public page that is asked for by nobody in particular; None for anything else."""
    if session_keys.is_genuine(request.COOKIES.get(settings.SESSION_COOKIE_NAME)):
        return None
    host, query = request.META.get("HTTP_HOST", ""), request.META.get("QUERY_STRING", "")
    return keys.page_key(request.method or "", host, request.path, query)


def can_be_kept(response: HttpResponse) -> bool:
    """A whole public page that sets no cookie and varies by nothing."""
    public = getattr(response, "is_public_page", False) and response.get("Cache-Control", "").startswith("public")
    return public and not response.cookies and not response.get("Vary", "")


@contextmanager
def bare(request: HttpRequest, key: Key) -> Iterator[None]:
    """Leaves of the request what its key says: what others will see has nothing of a header, cookie or other parameter."""
    meta, cookies, method = request.META, request.COOKIES, request.method
    request.META = {name: meta[name] for name in meta if name in ABOUT_PATH or name.startswith("wsgi.")}
    request.method = "GET"
    request.META |= {"REQUEST_METHOD": "GET", "HTTP_HOST": keys.HOST, "QUERY_STRING": keys.query_of(key), "REMOTE_ADDR": ""}
    if settings.SECURE_PROXY_SSL_HEADER and settings.HTTPS:
        request.META |= [settings.SECURE_PROXY_SSL_HEADER]
    request.COOKIES = {}
    request.__dict__.pop("headers", None)
    try:
        yield
    finally:
        request.META, request.COOKIES, request.method = meta, cookies, method
        request.__dict__.pop("headers", None)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside belongs together, and nothing can be written."""
    if hasattr(connection, "snapshot"):
        with connection.snapshot():
            yield
    elif connection.in_atomic_block:  # as in tests
        yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def read_generations(subjects: Iterable[str]) -> tuple[int, ...]:
    """As of the snapshot. Not among the queries that are counted: it is the store's own."""
    subjects = tuple(subjects)
    connection.ensure_connection()
    query = GENERATIONS.format(",".join("?" * len(subjects)))
    with connection.wrap_database_errors:
        numbers = dict(connection.connection.execute(query, subjects))
    return tuple(numbers.get(subject, 0) for subject in subjects)


def stale_answer(request: HttpRequest, key: Key) -> HttpResponse | None:
    page = the_store().stale(key)
    if page is None:
        return None
    figures.stale()
    answer = respond(page, request.method or "GET", request.page_asked)  # type: ignore[attr-defined]
    headers = [pair for pair in answer.headers if pair[0] != CACHE_STATUS]
    return as_response(answer._replace(headers=[*headers, (CACHE_STATUS, AWAY)]))


def without_database(request: HttpRequest, get_response: Callable) -> HttpResponse:
    """The page as it was; where there is none, whatever Django says of a database that is away."""
    return stale_answer(request, request.page_key) or pressed(request, get_response(request))  # type: ignore[attr-defined]


def pressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A public page that is not kept, in the reader's coding; any other response as it is."""
    if not can_be_kept(response):
        return response
    coding = encoding.choose(request.headers.get("Accept-Encoding", ""))
    body = encoding.encode(response.content, coding, in_a_hurry=True)
    made = variant(
        list(response.items()), encoding.digest_of(response.content, the_store().salt), coding, body, in_a_hurry=True
    )
    had = request.headers.get("If-None-Match", "")
    return as_response(made.unless(had) if had else made.whole)


def as_response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        response.headers[name] = value
    return response
