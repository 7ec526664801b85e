import os
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from site_config.operations import premises
from site_config.operations.signin import one_time_link

PASSWORD = "a long pass phrase"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_superuser("ada", email="", password=None)


def set_password(client, link):
    form = client.get(urlsplit(link).path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})


def test_it_works(client, user, settings):
    link = one_time_link(user)
    assert link.startswith(f"{settings.SITE_URL}/accounts/")
    set_password(client, link)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_it_works_once(client, user):
    link = one_time_link(user)
    set_password(client, link)
    user.refresh_from_db()
    kept = user.password
    client.logout()
    set_password(client, link)
    user.refresh_from_db()
    assert user.password == kept


def test_the_command_prints_a_link(user, capsys):
    call_command("signin_link", "ada")
    assert capsys.readouterr().out == one_time_link(user) + "\n"


def test_the_command_names_the_address_of_the_running_site(user, capsys, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for name in ("SITE_URL", "HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    premises.announce(claim := premises.claim(tmp_path), "http://127.0.0.1:8123")
    call_command("signin_link", "ada")
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8123/accounts/")
    monkeypatch.setenv("SITE_URL", "http://testserver")
    call_command("signin_link", "ada")
    assert capsys.readouterr().out.startswith(settings.SITE_URL)
    os.close(claim)


@pytest.mark.parametrize("name", ["eve", "reader"])
def test_the_command_knows_staff_only(user, name):
    get_user_model().objects.create_user("reader")
    with pytest.raises(SystemExit, match=f"'{name}'; there are: ada"):
        call_command("signin_link", name)
