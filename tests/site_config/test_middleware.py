import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from site_config.middleware import RefuseUnreadable, SecurityHeaders, content_security_policy, readable
from tests.factories import make_article


def answer(path: str = "/", query: str = "", *, middleware=RefuseUnreadable, response=None):
    request = RequestFactory().generic("GET", "/", QUERY_STRING=query)
    request.path = request.path_info = path
    return middleware(lambda request: response or HttpResponse("passed"))(request)


def test_a_policy_is_written_as_a_header():
    assert (
        content_security_policy({"default-src": ["'none'"], "img-src": ["'self'", "data:"]})
        == "default-src 'none'; img-src 'self' data:"
    )


def test_every_answer_carries_the_headers():
    response = answer(middleware=SecurityHeaders)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_an_answer_may_bring_its_own():
    own = {
        "Content-Security-Policy": "default-src 'self'",
        "Permissions-Policy": "camera=(self)",
        "X-Frame-Options": "SAMEORIGIN",
    }
    response = answer(middleware=SecurityHeaders, response=HttpResponse(headers=own))
    assert {name: response[name] for name in own} == own


@pytest.mark.parametrize("path", ["/", "/one/", "/ärger/", "/a%20b/", "/日本/"])
def test_what_can_be_read_passes(path):
    assert answer(path).content == b"passed"


@pytest.mark.parametrize("path", ["/\x00", "/one\x00/", "/\ufffd/"])
def test_a_path_that_names_nothing_is_not_found(path):
    assert answer(path).status_code == 404


@pytest.mark.parametrize("query", ["", "q=one", "q=%C3%A4", "q=\xc3\xa4", "q=100%", "q=%zz", "&&=&", "q=%0A"])
def test_queries_that_can_be_read(query):
    assert readable(query)
    assert answer(query=query).content == b"passed"


@pytest.mark.parametrize("query", ["q=%00", "%00=1", "q=%FF", "q=%C3", "q=%ED%A0%80", "q=a\x00b", "q=%C0%80"])
def test_queries_that_cannot(query):
    assert not readable(query)
    assert answer(query=query).status_code == 400


@pytest.mark.django_db
class TestOnTheSite:
    @pytest.mark.parametrize("path", ["/%00/", "/one%00/", "/%FF/", "/tag/%00/", "/by/%ED%A0%80/", "/accounts/%00/"])
    def test_unreadable_paths_are_not_found(self, client, path):
        response = client.get(path)
        assert response.status_code == 404
        assert "Content-Security-Policy" in response

    @pytest.mark.parametrize("query", ["?before=%00", "?x=%FF", "?%00"])
    def test_unreadable_queries_are_refused(self, client, query):
        response = client.get(f"/{query}")
        assert response.status_code == 400
        assert "Content-Security-Policy" in response

    @pytest.mark.parametrize("path", ["/", "/one/", "/none/", "/robots.txt", "/feed/", "/accounts/login/", "/health/live/"])
    def test_all_answers_carry_the_policies(self, client, path):
        make_article(slug="one")
        response = client.get(path)
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"]
        assert response["Permissions-Policy"]
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_a_foreign_host_is_refused(self, client):
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
