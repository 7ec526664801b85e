"""The groups of the four roles, and what the log says of who may what."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from site_config.accounts import roles
from site_config.accounts.models import User
from site_config.audit.models import Entry
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "four quiet words here"


def has(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def test_it_works():
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
    assert has("Author") == roles.WRITES
    assert has("Editor") == roles.EDITS
    assert has("Moderator") == roles.MODERATES
    assert len(has("Administrator")) == Permission.objects.count()


def test_after_a_migration_what_is_missing_is_added_and_what_the_owner_added_stays():
    Group.objects.get(name="Moderator").delete()
    author = Group.objects.get(name="Author")
    author.permissions.remove(Permission.objects.get(codename="add_image"))
    author.permissions.add(Permission.objects.get(codename="publish_article"))
    own = Group.objects.create(name="Interns")
    call_command("migrate", verbosity=0)
    assert has("Moderator") == roles.MODERATES
    assert has("Author") == roles.WRITES | {"articles.publish_article"}
    assert not own.permissions.exists()


def test_where_nothing_is_missing_nothing_is_written(django_assert_num_queries):
    with django_assert_num_queries(9):
        roles.make_groups()


def test_signing_in_is_logged(client):
    user = make_user(username="ada", password=PASSWORD)
    client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    assert not Entry.objects.exists()
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert list(Entry.objects.values_list("verb", "actor")) == [("signed in", user.pk)]


def fields(user, **changes) -> dict:
    known = {"username": user.username, "display_name": user.display_name, "slug": user.slug, "email": user.email}
    return {**known, "is_active": "on", "is_staff": "on", **changes}


def test_a_change_of_role_is_logged_with_what_it_was(desk, editor):
    user, author = make_user(), Group.objects.get(name="Author")
    desk.post(f"/admin/accounts/user/{user.pk}/change/", fields(user, groups=[author.pk]))
    assert list(user.groups.all()) == [author]
    entry = Entry.objects.get(verb="role changed")
    assert (entry.actor, entry.object_name, entry.details) == (editor, str(user), {"roles": [[], ["Author"]]})
    desk.post(f"/admin/accounts/user/{user.pk}/change/", fields(user, groups=[author.pk], biography="Words."))
    assert Entry.objects.filter(verb="role changed").count() == 1


def test_an_account_is_made_and_logged(desk):
    names = {"username": "new", "display_name": "New Person", "email": "", "usable_password": "true"}
    answer = desk.post("/admin/accounts/user/add/", {**names, "password1": PASSWORD, "password2": PASSWORD})
    user = User.objects.get(username="new")
    assert answer.status_code == 302
    assert user.slug == "new-person"
    assert Entry.objects.get(verb="role changed").object_name == "New Person"
    assert desk.get("/admin/accounts/user/add/").status_code == 200


def administrator(client) -> User:
    user = make_user()
    user.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(user)
    return user


def test_an_administrator_makes_nobody_a_superuser(client):
    administrator(client)
    user = make_user()
    client.post(f"/admin/accounts/user/{user.pk}/change/", fields(user, is_superuser="on"))
    user.refresh_from_db()
    assert not user.is_superuser


def test_nor_takes_over_the_account_of_one(client):
    administrator(client)
    owner = make_user(is_superuser=True)
    new = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(f"/admin/accounts/user/{owner.pk}/password/", new).status_code == 403
    assert client.post(f"/admin/accounts/user/{owner.pk}/change/", fields(owner, email="mine@example.org")).status_code == 403
    assert client.post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"}).status_code == 403
    owner.refresh_from_db()
    assert (owner.email, owner.check_password(PASSWORD)) == ("", False)


def test_a_superuser_does_both(desk):
    owner = make_user(is_superuser=True)
    desk.post(f"/admin/accounts/user/{owner.pk}/change/", fields(owner, email="new@example.org"))
    owner.refresh_from_db()
    assert (owner.email, owner.is_superuser) == ("new@example.org", False)
