import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.names import is_reserved, skeleton
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Editor", "EDITOR", "editor ", "e d i t o r", "Editor.", "✓ Editor", "Éditor", "Ed1tor", "EDIT0R",
        "Еditоr", "ΕDΙΤΟR", "ᴇᴅɪᴛᴏʀ", "𝐄𝐝𝐢𝐭𝐨𝐫", "Ｅｄｉｔｏｒ", "ed\u200bitor", "edi\u00adtor", "\u202eeditor", "edi-tor",
        "The Editor", "Adm1n", "аdmin", "adrnin", "Staff", "$taff", "MODERATOR", "Masthead", "Mαsthead",
    ],
)  # fmt: skip
def test_the_sites_own_names_and_what_looks_like_them_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name", ["Ines", "Ana Editora", "李雷", "Иван", "Δημήτρης", "🙂", "!?", "Edith", "Adam", "O'Neil", "محمد"]
)
def test_other_names_are_free(name):
    assert not is_reserved(name)


def test_the_names_of_staff_are_reserved_while_they_are_staff():
    person = make_user(username="ines.d", display_name="Inês Duarte")
    for name in ("Ines Duarte", "INES DUARTE", "ines.d", "Inés  Duarte", "lnes Duarte"):
        assert is_reserved(name)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert not is_reserved("Ines Duarte")


def test_a_reader_with_an_account_and_no_desk_reserves_nothing():
    make_user(username="priya", display_name="Priya", is_staff=False)
    assert not is_reserved("Priya")


def test_the_owner_names_more(settings):
    settings.RESERVED_NAMES = ["The Publisher"]
    assert is_reserved("the pub1isher")
    assert not is_reserved("Moderator")


def test_a_user_without_a_display_name_reserves_no_empty_name():
    make_user(username="quiet", display_name="")
    assert not is_reserved("…")


def test_it_costs_one_query():
    for _ in range(3):
        make_user()
    with CaptureQueriesContext(connection) as captured:
        is_reserved("Ines")
    assert len(captured) == 1


def test_look_alikes_share_a_skeleton():
    assert skeleton("Jill") == skeleton("JiII") == skeleton("j1ll")
    assert skeleton("Ana") != skeleton("Ann")
