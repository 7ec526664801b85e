"""Django's sessions work under keys that prove themselves, and forged ones cost nothing."""

import asyncio

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from site_config.accounts.sessions import SessionStore
from site_config.lib.session_keys import is_genuine, new_key
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def saved(**data) -> SessionStore:
    session = SessionStore()
    session.update(data)
    session.save()
    return session


def test_it_works():
    session = saved(a=1)
    assert is_genuine(session.session_key)
    assert SessionStore(session.session_key)["a"] == 1


@pytest.mark.parametrize("key", ["a" * 40, "x", "", None, "../../etc/passwd", "ä" * 40])
def test_a_forged_key_is_no_session_and_costs_no_query(key):
    with CaptureQueriesContext(connection) as queries:
        session = SessionStore(key)
        assert session.session_key is None
        assert session.get("a") is None
    assert not queries


def test_one_that_nobody_has_is_no_session():
    session = SessionStore(new_key())
    assert session.get("a") is None
    assert session.session_key is None


def test_cycling_keeps_what_is_in_it_under_a_new_key():
    session = saved(a=1)
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert is_genuine(session.session_key)
    assert SessionStore(session.session_key)["a"] == 1
    assert not Session.objects.filter(pk=before).exists()


def test_flushing_leaves_nothing():
    session = saved(a=1)
    session.flush()
    assert not Session.objects.exists()
    assert session.get("a") is None


def test_new_keys_of_asynchronous_code_are_genuine():
    async def made():
        session = SessionStore()
        session.aexists = never
        return await session._aget_new_session_key()

    async def never(key):
        return False

    assert is_genuine(asyncio.run(made()))


def test_signing_in_and_out(client):
    person = make_user(username="ada", password="four plain words here")
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "ada", "password": "four plain words here"})
    key = client.cookies["sessionid"].value
    assert is_genuine(key)
    assert client.session[SESSION_KEY] == str(person.pk)
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.parametrize("cookie", ["a" * 40, "x", "a" * 24 + "0" * 16])
def test_a_forged_cookie_costs_no_query_for_it(client, cookie):
    client.cookies["sessionid"] = cookie
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query for query in queries if "django_session" in query["sql"]]


def test_nor_does_it_become_a_session(client):
    """Nobody can give a key to somebody else and wait for them to sign in."""
    make_user(username="ada", password="four plain words here")
    planted = new_key()
    for key in ("a" * 40, planted):
        client.cookies["sessionid"] = key
        client.post("/accounts/login/", {"login": "ada", "password": "four plain words here"})
        assert client.cookies["sessionid"].value != key
        client.logout()
