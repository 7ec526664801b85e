import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from site_config.lib import logs
from site_config.lib.policy import content_security_policy
from site_config.middleware import RefuseUnreadable, RequestId, SecurityHeaders, note, readable
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


class TestRequestId:
    @staticmethod
    def ask(get_response=None, **headers: str):
        seen = []

        def view(request):
            seen.append(logs.request_id.get())
            return get_response(request) if get_response else HttpResponse()

        response = RequestId(view)(RequestFactory().get("/some/path/", headers=headers))
        assert seen == [response["X-Request-ID"]]
        assert logs.request_id.get() == ""
        return response["X-Request-ID"]

    def test_each_request_has_one_of_its_own(self):
        first, second = self.ask(), self.ask()
        assert first != second
        assert re.fullmatch(r"[0-9a-f]{16}", first)

    @pytest.mark.parametrize("given", ["a1b2c3d4", "7b0c5d3e-8a41-4f6e-9d3c-0c2f5b7a1e9d", "x" * 64])
    def test_a_trusted_proxy_may_bring_one(self, settings, given):
        settings.TRUSTED_PROXIES = 1
        assert self.ask(X_Request_ID=given) == given
        settings.TRUSTED_PROXIES = 0
        assert self.ask(X_Request_ID=given) != given

    @pytest.mark.parametrize(
        "given", ["", "short", "x" * 65, "with space", "ada@example.org", "a\nb-forged-line", "äöüäöüäöü", "12345678\n"]
    )
    def test_what_is_no_id_is_replaced(self, settings, given):
        settings.TRUSTED_PROXIES = 1
        assert re.fullmatch(r"[0-9a-f]{16}", self.ask(X_Request_ID=given))

    def test_after_a_failure_the_next_one_begins_afresh(self):
        with pytest.raises(ZeroDivisionError):
            self.ask(lambda request: 1 / 0)
        assert logs.request_id.get() == ""

    @pytest.mark.parametrize(
        ("status", "seconds", "level"),
        [(200, 0.2, "DEBUG"), (404, 0.2, "DEBUG"), (500, 0.2, "INFO"), (200, 1.5, "WARNING"), (503, 1.5, "WARNING")],
    )
    def test_only_faults_and_slowness_are_told(self, caplog, status, seconds, level):
        caplog.set_level("DEBUG", "masthead.requests")
        request = RequestFactory().get("/some/path/?q=illness")
        note(request, HttpResponse(status=status), seconds)
        [record] = caplog.records
        assert record.levelname == level
        assert (record.method, record.route, record.status, record.milliseconds) == ("GET", "-", status, seconds * 1000)
        assert "illness" not in repr(record.__dict__)

    def test_a_calm_site_is_silent(self, caplog):
        caplog.set_level("INFO", "masthead.requests")
        self.ask()
        assert caplog.records == []

    def test_an_invented_method_is_not_repeated(self, caplog):
        caplog.set_level("DEBUG", "masthead.requests")
        note(RequestFactory().generic("ADA", "/"), HttpResponse(), 0.1)
        assert caplog.records[0].method == "other"

    def test_it_is_the_outermost(self, settings):
        assert settings.MIDDLEWARE[0] == "site_config.middleware.RequestId"

    @pytest.mark.django_db
    @pytest.mark.parametrize("path", ["/", "/none/", "/%00/", "/?%00", "/health/live/", "/accounts/login/"])
    def test_every_answer_of_django_carries_one(self, client, path):
        assert re.fullmatch(r"[0-9a-f]{16}", client.get(path)["X-Request-ID"])
