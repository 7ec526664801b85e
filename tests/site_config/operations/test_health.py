import pytest
from django.db import DatabaseError, connection


def test_live(client):
    response = client.get("/health/live/")
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready(client):
    assert client.get("/health/ready/").content == b"ready\n"


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def down():
        raise DatabaseError("gone: host=db password=secret")

    monkeypatch.setattr(connection, "cursor", down)
    response = client.get("/health/ready/")
    assert response.status_code == 503
    assert b"secret" not in response.content


@pytest.mark.parametrize("path", ["/health/live/", "/health/ready/"])
def test_it_is_only_read(client, path):
    assert client.post(path).status_code == 405
