import gzip

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from site_config import pages
from site_config.lib import session_keys
from site_config.pages import keys
from site_config.pages.middleware import KeepPages
from tests.factories import make_article, make_user

BODY = b"<!doctype html><p>The same for every reader.</p>" * 20


@pages.page("before", around=("c",))
def view(request, status: int = 200):
    pages.depends(request, "site")
    request.seen = dict(request.GET.lists())
    return HttpResponse(BODY, status=status)


def ask(query: str = "", *, by=None, method: str = "get", view=view, **headers):
    request = getattr(RequestFactory(), method)(f"/{query}", headers=headers)
    if by:
        request.COOKIES["sessionid"] = session_keys.new_key()
        request.user = by
    response = KeepPages(view)(request)
    response.asked = request
    return response


def test_it_works():
    response = ask()
    assert response.status_code == 200
    assert response.content == BODY
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Content-Length"] == str(len(BODY))
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    ("accept", "coding", "decode"),
    [("br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("br, gzip", "br", brotli.decompress)],
)
def test_it_is_coded_as_the_reader_likes(accept, coding, decode):
    response = ask(accept_encoding=accept)
    assert response["Content-Encoding"] == coding
    assert decode(response.content) == BODY
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize("accept", ["", "identity", "identity;q=0", "deflate", "br;q=0"])
def test_else_it_comes_plain(accept):
    response = ask(accept_encoding=accept)
    assert "Content-Encoding" not in response
    assert response.content == BODY


@pytest.mark.parametrize("accept", ["", "gzip", "br"])
def test_who_has_it_gets_no_second_copy(accept):
    tag = ask(accept_encoding=accept)["ETag"]
    again = ask(accept_encoding=accept, if_none_match=f'"other", W/{tag}')
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert again["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in again


def test_a_tag_of_another_coding_does_not_match():
    tag = ask(accept_encoding="gzip")["ETag"]
    assert ask(accept_encoding="br", if_none_match=tag).status_code == 200


def test_head_has_the_headers_of_get():
    get, head = ask(accept_encoding="br"), ask(accept_encoding="br", method="head")
    assert dict(head.items()) == dict(get.items())


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_answers_nothing_else(method):
    response = ask(method=method)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_unknown_parameters_are_dropped():
    response = ask("?utm_source=x&before=3&fbclid=y&x=1,2,3&before=4&=")
    assert response.asked.seen == {"before": ["3", "4"]}


def test_the_etag_is_the_same_round_unknown_parameters():
    assert ask("?utm_source=x")["ETag"] == ask()["ETag"]


@pytest.fixture
def proof(monkeypatch):
    monkeypatch.setitem(keys._proofs, "c", lambda token: token == "token")


def test_a_forged_token_is_dropped(proof):
    response = ask("?c=forged&before=3")
    assert response.asked.seen == {"before": ["3"]}
    assert response["Cache-Control"].startswith("public")


def test_a_token_goes_round_the_store(proof):
    response = ask("?c=token&before=3", accept_encoding="br")
    assert response.asked.seen == {"c": ["token"], "before": ["3"]}
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert response.content == BODY


def test_staff_go_round_the_store():
    person = make_staff()
    response = ask(by=person)
    assert response.asked.staff is person
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_who_is_not_staff_does_not(fields):
    response = ask(by=make_staff(**fields))
    assert response.asked.staff is None
    assert response["Cache-Control"].startswith("public")


def test_a_session_of_nobody_does_not():
    assert ask(by=AnonymousUser())["Cache-Control"].startswith("public")


def make_staff(**fields):
    from django.contrib.auth import get_user_model

    return get_user_model()(**{"username": "x", "is_staff": True, "is_active": True, **fields})


@pytest.mark.parametrize("status", [404, 410, 301])
def test_other_answers_are_public_and_plain(status):
    response = ask(view=lambda request: view(request, status=status), accept_encoding="br")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "ETag" not in response
    assert "Content-Encoding" not in response


def test_a_stream_is_left_alone():
    @pages.page()
    def streamed(request):
        pages.depends(request, "site")
        return StreamingHttpResponse([b"a", b"b"])

    response = ask(view=streamed, accept_encoding="br")
    assert b"".join(response.streaming_content) == b"ab"
    assert "ETag" not in response


def test_its_own_freshness_stays():
    @pages.page()
    def kept(request):
        pages.depends(request, "site")
        return HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})

    assert ask(view=kept)["Cache-Control"] == "public, max-age=60"


def test_a_page_that_states_nothing_is_refused():
    @pages.page()
    def silent(request):
        return HttpResponse("x")

    with pytest.raises(RuntimeError, match="silent is a page but states no"):
        ask(view=silent)


def test_in_production_it_is_answered(settings):
    settings.PAGES_STRICT = False

    @pages.page()
    def silent(request):
        return HttpResponse("x")

    assert ask(view=silent).status_code == 200


def test_what_is_stated_is_gathered():
    request = RequestFactory().get("/")
    pages.depends(request, "site")
    pages.depends(request, "lists", "site")
    assert request.page_subjects == {"site", "lists"}


def test_nothing_is_kept_yet():
    assert pages.answer("GET", "testserver", "/", "", {}) is None


@pytest.mark.django_db
class TestOnTheSite:
    """Through all middleware, as readers come."""

    def paths(self) -> list[str]:
        article = make_article(tags=["AI"], bylines=[make_user(display_name="Ann").pk], slug="one")
        return [
            "/",
            f"/{article.slug}/",
            "/tag/",
            "/tag/ai/",
            "/by/ann/",
            f"/{timezone.now().year}/",
            "/feed/",
            "/sitemap.xml",
            "/robots.txt",
        ]

    def test_a_reader_is_given_no_cookie(self, client):
        for path in [*self.paths(), "/none/", "/tag/none/", "/one/?c=x"]:
            response = client.get(path)
            assert response.status_code in {200, 404}, path
            assert not response.cookies, path
            assert "Set-Cookie" not in response.headers, path
            assert "cookie" not in response.get("Vary", "").lower(), path

    @pytest.mark.parametrize("cookie", ["junk", ""])
    def test_nor_is_one_who_brings_a_stale_session(self, client, cookie):
        """And what is public says nothing of cookies: a shared cache may keep it for all."""
        paths = self.paths()
        for path in paths[:2]:
            client.cookies["sessionid"] = cookie
            response = client.get(path)
            assert response["Cache-Control"].startswith("public"), path
            assert "Set-Cookie" not in response.headers, path
            assert not response.cookies, path
            assert "cookie" not in response.get("Vary", "").lower(), path

    def test_a_reader_costs_no_query_for_who_they_are(self, client):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        paths = self.paths()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(paths[1])
        assert not [query for query in queries if "django_session" in query["sql"]]

    def test_staff_see_their_own_page_and_nobody_keeps_it(self, desk):
        for path in self.paths()[:4]:
            response = desk.get(path)
            assert response["Cache-Control"] == "private, no-store", path
            assert "ETag" not in response, path

    def test_who_signed_out_is_a_reader(self, desk):
        path = self.paths()[1]
        desk.logout()
        assert desk.get(path)["Cache-Control"].startswith("public")
