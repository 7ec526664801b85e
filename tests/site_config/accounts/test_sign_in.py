import re

import pytest
from django.urls import reverse

from site_config.operations.signin import one_time_link
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PASSWORD = "four plain words here"


def sign_in(client, password: str = PASSWORD):
    return client.post(LOGIN, {"login": "ada", "password": password})


def test_it_works(client):
    make_user(username="ada", password=PASSWORD)
    answer = sign_in(client)
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_desk_sends_strangers_to_sign_in_and_back(client):
    answer = client.get("/admin/articles/article/", follow=True)
    address, _ = answer.redirect_chain[-1]
    assert address.startswith(LOGIN)
    assert "next=" in address


def test_a_wrong_password_is_explained_and_the_name_kept(client):
    make_user(username="ada", password=PASSWORD)
    page = sign_in(client, "wrong").content.decode()
    assert 'role="alert"' in page
    assert 'value="ada"' in page


def test_guessing_is_throttled(client):
    make_user(username="ada", password=PASSWORD)
    for _ in range(5):
        sign_in(client, "wrong")
    page = sign_in(client).content.decode()
    assert "Too many failed login attempts" in page
    assert client.get("/admin/").status_code == 302


def test_who_is_no_staff_does_not_get_to_the_desk(client):
    make_user(username="ada", password=PASSWORD, is_staff=False)
    sign_in(client)
    assert client.get("/admin/", follow=True).status_code == 403


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").headers["Location"] == LOGIN


def test_a_link_sets_the_password_once(client, settings):
    user = make_user(username="ada", password=None)
    path = one_time_link(user).removeprefix(settings.SITE_URL)
    form = client.get(path, follow=True)
    assert "Set your password" in form.content.decode()
    assert "<strong>ada</strong>" in form.content.decode()
    assert 'autocomplete="username" value="ada"' in form.content.decode()
    address = form.redirect_chain[-1][0]
    answer = client.post(address, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/"
    client.logout()
    assert "works no more" in client.get(path, follow=True).content.decode()
    client.logout()
    assert sign_in(client).headers["Location"] == "/admin/"


@pytest.mark.parametrize("password", ["short", "password12", "1234567890"])
def test_a_weak_password_is_refused_with_a_reason(client, settings, password):
    path = one_time_link(make_user(username="ada", password=None)).removeprefix(settings.SITE_URL)
    address = client.get(path, follow=True).redirect_chain[-1][0]
    page = client.post(address, {"password1": password, "password2": password}).content.decode()
    assert re.search(r'class="error"[^>]*>.*?(too short|too common)', page, re.S)


@pytest.mark.parametrize("key", ["1-abc-def", "zzz-x-y", "0-0-0"])
def test_a_forged_link_is_explained(client, key):
    page = client.get(reverse("account_reset_password_from_key", args=key.split("-", 1)), follow=True)
    assert "works no more" in page.content.decode()


def test_a_name_on_articles_follows_the_person(client):
    user = make_user(display_name="Old name")
    article = make_article(bylines=[user.pk])
    user.display_name = "New name"
    user.save()
    assert "New name" in client.get(article.get_absolute_url()).content.decode()


def test_every_person_has_an_address_of_their_own():
    assert len({make_user(display_name="Same name").slug for _ in range(3)}) == 3


def test_an_old_author_address_leads_to_the_new_one(client):
    user = make_user(slug="ada")
    make_article(bylines=[user.pk])
    user.slug = "ada-l"
    user.save()
    assert client.get("/by/ada/").headers["Location"] == "/by/ada-l/"
    user.slug = "ada"
    user.save()
    assert client.get("/by/ada/").status_code == 200
    assert client.get("/by/ada-l/").headers["Location"] == "/by/ada/"


def test_the_desk_leads_to_the_page_of_who_has_written_something(desk):
    silent, writer = make_user(slug="silent"), make_user(slug="writer")
    make_article(bylines=[writer.pk])
    assert "/by/silent/" not in desk.get(f"/admin/accounts/user/{silent.pk}/change/").content.decode()
    assert 'href="/by/writer/"' in desk.get(f"/admin/accounts/user/{writer.pk}/change/").content.decode()
