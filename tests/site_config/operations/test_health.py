import pytest

from site_config.operations import readiness
from site_config.operations.health import is_permitted
from site_config.operations.readiness import Sign

TOKEN = "a token of the owner's own"
ALL = ["/health/live/", "/health/ready/", "/health/live", "/health/ready"]


def test_live(client):
    response = client.get("/health/live/")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ALL)
def test_answers_are_kept_and_indexed_by_nobody_with_or_without_a_slash(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("path", ALL)
def test_it_is_only_read(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_ready_says_what_was_looked_at(client):
    lines = client.get("/health/ready/").content.decode().splitlines()
    assert lines[:4] == ["ready", "ok database", "ok migrations", "ok data folder"]
    assert lines[4] == "ok page store: off"


@pytest.mark.parametrize(
    ("sign", "status", "line"),
    [
        (Sign("thing"), 200, "ok thing"),
        (Sign("thing", "it is slow; wait", is_needed=False), 200, "warning thing: it is slow; wait"),
        (Sign("thing", "it is gone; look for it"), 503, "bad thing: it is gone; look for it"),
    ],
)
def test_only_what_readers_need_makes_it_unready(client, monkeypatch, sign, status, line):
    monkeypatch.setattr(readiness, "signs", lambda: [Sign("other"), sign])
    response = client.get("/health/ready/")
    first = "ready" if status == 200 else "not ready"
    assert response.status_code == status
    assert response.content.decode().splitlines() == [first, "ok other", line]


class TestMetrics:
    def test_without_a_token_in_the_settings_there_is_no_such_page(self, client, db):
        for path in ("/health/metrics/", "/health/metrics"):
            for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}"}):
                response = client.get(path, headers=headers)
                assert response.status_code == 404
                assert "There is no page at this address" in response.content.decode()
        assert client.post("/health/metrics/").status_code == 404

    @pytest.mark.parametrize("path", ["/health/metrics/", "/health/metrics"])
    def test_the_token_opens_it(self, client, settings, db, path):
        settings.METRICS_TOKEN = TOKEN
        response = client.get(path, headers={"authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert b"\nmasthead_database_up 1\n" in response.content

    @pytest.mark.parametrize(
        "given", ["", "Bearer", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ä"]
    )
    def test_anything_else_is_refused(self, client, settings, given):
        settings.METRICS_TOKEN = TOKEN
        response = client.get("/health/metrics/", headers={"authorization": given} if given else {})
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="metrics"'
        assert b"masthead_" not in response.content
        assert "no-store" in response["Cache-Control"]

    def test_it_is_only_read(self, client, settings):
        settings.METRICS_TOKEN = TOKEN
        assert client.post("/health/metrics/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 405

    def test_a_signed_in_editor_needs_the_token_too(self, desk, settings):
        settings.METRICS_TOKEN = TOKEN
        assert desk.get("/health/metrics/").status_code == 401

    def test_a_session_is_neither_needed_nor_renewed(self, desk, settings):
        settings.METRICS_TOKEN = TOKEN
        assert not desk.get("/health/metrics/", headers={"authorization": f"Bearer {TOKEN}"}).cookies

    @pytest.mark.parametrize("given", ["bearer {}", "BEARER {}", "Bearer  {} "])
    def test_the_scheme_is_written_in_any_case(self, settings, given):
        settings.METRICS_TOKEN = TOKEN
        assert is_permitted(given.format(TOKEN))
