"""How pages are drawn and kept: through Django's own handler, on a database file that other processes write."""

import json
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include
from django.urls import path as address

from site_config import pages
from site_config.lib import session_keys
from site_config.pages import answering, gone, keys, middleware
from site_config.pages.models import Generation
from site_config.pages.shelf import Shelf
from site_config.pages.store import AWAY
from tests.site_config.lib.sqlite.conftest import connected
from tests.site_config.pages.test_changes import in_thread
from tests.site_config.pages.test_store import store_on

MARK = "zzevilzz"


class Drawing:
    """What the views of this module did, and are told to do."""

    def __init__(self) -> None:
        self.count = 0
        self.between = self.last = lambda request: None
        self.subjects = ("site",)
        self.headers: dict[str, str] = {}


drawing = Drawing()


def words() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM content WHERE subject = 'site'")
        return (cursor.fetchone() or ["nothing"])[0]


@pages.page("after", around=("c",))
def view(request):
    """Two queries, with whatever a test wants between them."""
    drawing.count += 1
    pages.depends(request, *drawing.subjects)
    first = words()
    drawing.between(request)
    answer = HttpResponse(f"{first} {words()} {request.GET.get('after', '')}".strip(), headers=drawing.headers)
    drawing.last(answer)
    return answer


@pages.page("after")
def mirror(request):
    """The worst that a view could do: it shows all that it is told."""
    pages.depends(request, "site")
    told = {
        "meta": {name: str(value) for name, value in request.META.items() if not name.startswith("wsgi.")},
        "headers": dict(request.headers),
        "cookies": request.COOKIES,
        "get": dict(request.GET.lists()),
        "all": [request.get_full_path(), request.build_absolute_uri(), request.get_host(), request.method, request.is_secure()],
    }
    return HttpResponse(json.dumps(told), content_type="application/json")


def plain(request):
    return HttpResponse("not a page")


def nobody(get_response):
    """Who is asked for by a session is nobody."""

    def answer(request):
        request.user = AnonymousUser()
        return get_response(request)

    return answer


handler500 = "site_config.errors.server_error"
urlpatterns = [
    address("kept/", view),
    address("mirror/", mirror),
    address("plain/", plain),
    address("", include("site_config.urls")),
]


@pytest.fixture(autouse=True)
def site(settings):
    settings.ROOT_URLCONF = __name__
    settings.PAGES_STRICT = False
    settings.MIDDLEWARE = ["site_config.outage.DatabaseAway", "site_config.pages.middleware.KeepPages", f"{__name__}.nobody"]
    keys.parameters_of.cache_clear()
    drawing.__init__()
    yield
    keys.parameters_of.cache_clear()


@pytest.fixture
def store(on_file, path, tmp_path, monkeypatch):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE content (subject TEXT PRIMARY KEY, words TEXT)")
    other.close()
    made = store_on(path, "counters", shelf=Shelf(tmp_path / "pages", "epoch", 1_000_000))
    for module in (middleware, answering):
        monkeypatch.setattr(module, "the_store", lambda: made)
    yield made
    made.freshness.observer.close()


def write(text: str) -> None:
    """A change that another process commits."""
    other = connected(connection.settings_dict["NAME"])
    mine, connections["default"] = connections["default"], other
    try:
        with pages.changing("site"), other.cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO content VALUES ('site', %s)", [text])
    finally:
        other.close()
        connections["default"] = mine


def get(path="/kept/", *, method="get", **headers):
    headers = {"host": "testserver", **headers}
    return getattr(Client(raise_request_exception=False), method)(path, headers=headers)


def test_it_works(store):
    assert get().content == b"nothing nothing"
    assert get().content == b"nothing nothing"
    assert drawing.count == 1
    write("new")
    assert get().content == b"new new"
    assert drawing.count == 2


def test_what_is_drawn_is_answered_before_django_the_next_time(store):
    get()
    assert answering.answer("GET", "testserver", "/kept/", "", {}).body == b"nothing nothing"


def test_a_page_shows_one_moment(store):
    """A commit between two queries of a view is not seen by the second, and ends the page."""
    write("old")
    drawing.between = lambda request: write("new")
    assert get().content == b"old old"
    assert store.find("/kept/") is None
    drawing.between = lambda request: None
    assert get().content == b"new new"
    assert store.find("/kept/") is not None


def test_one_draws_and_the_others_get_that(store, path):
    """However many ask for it at once."""
    waiting, got = threading.Barrier(5), []
    drawing.between = lambda request: time.sleep(0.2)

    def ask():
        connections["default"] = connected(path)
        waiting.wait()
        got.append(get().content)
        connections["default"].close()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [b"nothing nothing"] * 5
    assert drawing.count == 1


def test_head_is_get_without_a_body(store):
    head = get(method="head")
    assert head.content == b""
    assert dict(get().items()) == dict(head.items())
    assert drawing.count == 1


FORGED = {
    "X-Forwarded-Host": MARK, "X-Forwarded-For": MARK, "User-Agent": MARK, "Accept-Language": MARK, "Referer": MARK, "X-Original-URL": MARK,
    "Cookie": f"a={MARK}; sessionid={MARK}; csrftoken={MARK}; messages={MARK}", "Authorization": MARK, "Accept": MARK, "Origin": MARK,
}  # fmt: skip


def test_a_page_is_drawn_from_its_key_alone(store):
    body = get(f"/mirror/?x={MARK}&after=3&y={MARK}", **FORGED).content.decode()
    assert MARK not in body
    told = json.loads(body)
    assert told["get"] == {"after": ["3"]}
    assert told["all"] == ["/mirror/?after=3", "http://testserver/mirror/?after=3", "testserver", "GET", False]
    assert told["headers"] == {"Host": "testserver"}
    assert told["cookies"] == {}
    assert told["meta"]["REMOTE_ADDR"] == ""


def test_the_request_is_whole_again_behind_it(store):
    """What watches over the server outside may want to know who asked."""
    seen = []

    def outside(request):
        answer = middleware.KeepPages(lambda request: view(request))(request)
        seen.append((request.META["REMOTE_ADDR"], request.headers.get("Referer"), request.COOKIES, request.method))
        return answer

    outside(RequestFactory().head("/kept/", headers={"host": "testserver", "referer": "here", "cookie": "a=b"}))
    assert seen == [("127.0.0.1", "here", {"a": "b"}, "HEAD")]


@pytest.mark.parametrize("proto", [None, "http", "https", MARK])
def test_behind_a_proxy_a_page_is_what_it_is_for_the_sites_own_scheme(store, settings, proto):
    settings.SECURE_PROXY_SSL_HEADER, settings.HTTPS = ("HTTP_X_FORWARDED_PROTO", "https"), True
    told = json.loads(get("/mirror/", **({"X-Forwarded-Proto": proto} if proto else {})).content)
    assert told["all"][-1] is True


def test_a_page_that_states_nothing_is_not_kept(store):
    drawing.subjects = ()
    get()
    assert store.find("/kept/") is None
    get()
    assert drawing.count == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer.set_cookie("a", "b"),
        lambda answer: answer.headers.setdefault("Vary", "Cookie"),
        lambda answer: answer.headers.setdefault("Cache-Control", "no-store"),
        lambda answer: setattr(answer, "status_code", 404),
    ],
)
def test_what_is_not_everybodys_is_not_kept(store, spoil):
    drawing.last = spoil
    get()
    assert store.find("/kept/") is None
    assert not list(store.shelf._files())


def test_what_is_no_page_is_not(store):
    assert get("/plain/").content == b"not a page"
    assert store.find("/plain/") is None


def test_a_session_goes_round_it(store):
    get(cookie=f"sessionid={session_keys.new_key()}")
    assert store.find("/kept/") is None
    get(cookie="sessionid=forged")
    assert store.find("/kept/") is not None


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=1), timedelta(seconds=30)])
def test_a_page_ends_at_a_moment_that_comes_while_it_is_drawn(store, ahead):
    """The view may have looked at the clock before it, and stated it after."""
    moments = []

    def state(request):
        moments.append(moment := datetime.now(UTC) + ahead)
        while datetime.now(UTC) < moment and ahead < timedelta(seconds=1):
            pass
        pages.until(request, moment)

    drawing.between = state
    get()
    assert store.shelf.load("/kept/").ends_at == moments[0].timestamp()


def refuse(request):
    with transaction.atomic():
        pass


def insert(request):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO content VALUES ('lost', 'lost')")


@pytest.mark.parametrize("attempt", [refuse, insert])
def test_a_page_that_writes_is_an_error_and_not_a_loss(store, attempt):
    drawing.between = attempt
    assert get().status_code == 500
    assert store.find("/kept/") is None
    assert not connection.is_reading_snapshot
    drawing.between = lambda request: None
    assert get().status_code == 200


def test_a_view_that_fails_leaves_no_snapshot_and_no_turn(store):
    drawing.between = lambda request: 1 / 0
    assert get().status_code == 500
    assert store.turns.drawing == {}
    assert not connection.connection.in_transaction
    write("new")
    drawing.between = lambda request: None
    assert get().content == b"new new"


class TestOutage:
    """The database fails, is away, and comes back."""

    def fail(self, request):
        raise OperationalError("disk I/O error")

    def outdate(self, store):
        """The page is kept, and no longer what the database says."""
        get()
        write("new")

    def test_a_view_whose_database_fails_gives_the_page_as_it_was(self, store):
        self.outdate(store)
        drawing.between = self.fail
        answer = get(accept_encoding="br")
        assert answer.status_code == 200
        assert answer["Cache-Status"] == AWAY
        assert answer["Content-Encoding"] == "br"

    def test_but_not_what_was_hidden(self, store):
        get()
        gone.remember({"site": 1})
        write("new")
        drawing.between = self.fail
        assert get().status_code == 503

    def test_nor_what_never_was(self, store):
        drawing.between = self.fail
        answer = get()
        assert answer.status_code == 503
        assert answer["Cache-Control"] == "no-store"

    def test_what_is_not_the_databases_fault_is_no_outage(self, store):
        self.outdate(store)
        drawing.between = lambda request: 1 / 0
        assert get().status_code == 500

    def test_generations_that_cannot_be_read_are_an_outage_too(self, store, monkeypatch):
        self.outdate(store)
        monkeypatch.setattr(middleware, "GENERATIONS", "SELECT broken FROM nowhere WHERE subject IN ({})")
        assert get()["Cache-Status"] == AWAY

    def away(self, store, path):
        connection.close()
        path.rename(path.with_suffix(".away"))
        store.note_trouble(store.freshness.observer.trouble())
        assert store.away

    def back(self, path):
        path.with_suffix(".away").rename(path)

    def test_while_it_is_away_pages_are_as_they_were(self, store, path):
        self.outdate(store)
        self.away(store, path)
        answer = get()
        assert answer.content == b"nothing nothing"
        assert answer["Cache-Status"] == AWAY
        assert get("/kept/?after=3").status_code == 503
        self.back(path)

    def test_once_it_is_back_the_next_reader_sees_what_was_changed(self, store, path):
        """Whatever this process still believes: there is no second in which an older page is shown."""
        get()
        self.away(store, path)
        self.back(path)
        write("new")
        assert store.away
        assert get().content == b"new new"
        assert not store.away

    def test_nor_after_a_moment_in_which_it_did_not_answer(self, store, path):
        get()
        write("new")
        store.freshness.observer.away_until = time.monotonic() + 60
        assert store.find("/kept/") is None
        assert get().content == b"new new"

    def test_who_has_the_page_is_told_so_then_too(self, store, path):
        tag = get()["ETag"]
        write("new")
        self.away(store, path)
        answer = get(if_none_match=tag)
        assert (answer.status_code, answer["Cache-Status"]) == (304, AWAY)
        self.back(path)


@pages.page()
def numbers(request):
    """What the database says twice, with whatever a test wants between."""
    pages.depends(request, "site")
    first = Generation.objects.count()
    drawing.between(request)
    return HttpResponse(f"{first} {Generation.objects.count()}")


urlpatterns.insert(0, address("numbers/", numbers))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's own snapshots are tested above.")
class TestWithoutStore:
    """A page of one moment, on a database that offers it with its transactions."""

    @pytest.fixture(autouse=True)
    def database(self, transactional_db):
        pass

    def test_what_is_committed_meanwhile_is_seen_by_the_next(self):
        drawing.between = lambda request: in_thread(lambda: Generation.objects.create(subject="lists", number=1))
        before = Generation.objects.count()
        assert get("/numbers/").content == f"{before} {before}".encode()
        assert Generation.objects.count() == before + 1

    def test_a_view_cannot_write(self):
        drawing.between = lambda request: Generation.objects.create(subject="lists", number=1)
        before = Generation.objects.count()
        assert get("/numbers/").status_code in {500, 503}
        assert Generation.objects.count() == before
        drawing.between = lambda request: None
        assert get("/numbers/").status_code == 200
