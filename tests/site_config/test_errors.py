import pytest
from django.test import Client

from articles import views
from site_config import errors
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_what_is_not_there_says_so(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "", "[::1"])
def test_another_sites_name_is_refused_and_not_repeated(client, host):
    answer = client.get("/", headers={"host": host})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This request could not be read" in page
    assert "evil" not in page


def test_a_post_of_ten_megabytes_is_too_large(client):
    article = make_article()
    answer = client.post(f"/comments/on/{article.pk}/", {"name": "Ada", "text": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/admin/login/", "/"])
def test_a_form_without_proof_of_its_origin_says_what_to_do(address):
    answer = Client(enforce_csrf_checks=True).post(address, {"login": "ada", "password": "x"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form could not be accepted" in page
    assert "back button" in page
    assert "<style" not in page


def test_a_fault_of_ours_is_a_page_too(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(views.share, "links", lambda *args: 1 / 0)
    answer = client.get(make_article().get_absolute_url())
    assert answer.status_code == 500
    assert "This page could not be made" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()
    assert f"tell the owner this number: <code>{answer['X-Request-ID']}</code>" in answer.content.decode()


def test_outside_of_a_request_there_is_no_number_to_tell(rf):
    assert "this number" not in errors.server_error(rf.get("/")).content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/nowhere/", "/admin/login/", "/accounts/login/", "/feed/", "/robots.txt", "/health/live/"]
)
def test_every_answer_carries_the_policy(client, address):
    headers = client.get(address, follow=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    framed = "login" in address  # the desk shows it to who was signed out while writing
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
    assert ("frame-ancestors 'self'" if framed else "frame-ancestors 'none'") in policy
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_nothing_waits_for_ever_on_a_method_that_is_not_known(client):
    for method in ("put", "delete", "patch", "post"):
        assert getattr(client, method)("/").status_code == 405
