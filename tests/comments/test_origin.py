import pytest
from django.contrib.auth.models import AnonymousUser
from django.middleware.csrf import get_token
from django.test import RequestFactory

from comments import origin
from site_config.lib import session_keys
from tests.factories import make_user


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
    ],
)
def test_the_sites_own_pages_and_plain_programs_pass(headers):
    assert not origin.is_foreign(RequestFactory().post("/", headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "anything"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:81"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
)
def test_other_sites_do_not(headers):
    assert origin.is_foreign(RequestFactory().post("/", headers=headers))


def test_the_sites_address_counts_where_a_proxy_hides_it(settings):
    settings.SITE_URL = "https://news.example"
    assert not origin.is_foreign(RequestFactory().post("/", headers={"origin": "https://news.example"}))


def request_of(user, *, proof: bool):
    """A POST with a session cookie; with `proof`, as Django's own forms send it."""
    request = RequestFactory(enforce_csrf_checks=True).post("/")
    request.user = user
    request.COOKIES["sessionid"] = session_keys.new_key()
    if proof:
        token = get_token(request)
        request.COOKIES["csrftoken"] = request.META["CSRF_COOKIE"]
        request.POST = {"csrfmiddlewaretoken": token}
    return request


@pytest.mark.django_db
def test_staff_are_staff_with_djangos_proof():
    user = make_user()
    assert origin.proven_staff(request_of(user, proof=True)) == user


@pytest.mark.django_db
def test_staff_without_the_proof_are_anybody():
    assert origin.proven_staff(request_of(make_user(), proof=False)) is None


@pytest.mark.django_db
def test_nobody_else_is_staff():
    for user in (make_user(is_staff=False), make_user(is_active=False), AnonymousUser()):
        assert origin.proven_staff(request_of(user, proof=True)) is None


@pytest.mark.django_db
def test_without_a_session_cookie_nobody_is_asked_for():
    request = RequestFactory().post("/")
    assert origin.proven_staff(request) is None
