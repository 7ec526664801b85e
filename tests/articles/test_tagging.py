import threading

import pytest
from django.db import connection

from articles import tagging
from articles.models import Tag, TagAlias
from site_config import pages
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def resolve(*names: str) -> list[Tag]:
    with pages.changing("lists"):
        return tagging.resolve(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" , ;, ", []),
        ("One, Two;Three", ["One", "Two", "Three"]),
        ("AI, ai,AI , Ai", ["AI"]),
        ("Énergie, energie, ENERGIE", ["Énergie"]),
        ("two  words,two\nwords", ["two words"]),
        ("A\x00I, A\u200bI", ["AI"]),
        ("\u200b, \u3164", []),
        ("バス, パス", ["バス", "パス"]),
        ("!!!, 🎉, --, C++", ["C++"]),
    ],
)
def test_names_in_a_text(text, names):
    assert tagging.parse(text) == names


def test_resolving_makes_what_is_missing_and_keeps_the_order():
    assert [tag.name for tag in resolve("Two", "One")] == ["Two", "One"]
    assert set(Tag.objects.values_list("folded", "slug")) == {("one", "one"), ("two", "two")}


def test_an_existing_tag_keeps_its_spelling():
    (first,) = resolve("Énergie")
    assert resolve("energie", "ENERGIE ", "E\u0301nergie") == [first]
    assert Tag.objects.get().name == "Énergie"


@pytest.mark.parametrize("name", ["", " ", "\u200b", "!!!", "🎉", "___"])
def test_a_name_without_letters_or_digits_makes_no_tag(name):
    """It could have no address."""
    assert resolve(name) == []


@pytest.mark.parametrize("name", ["C++", "C#", ".NET", "東京", "Łódź", "3D", "_x_", "R&D", "admin", "क"])
def test_every_tag_has_an_address_that_answers(client, name):
    make_article(tags=[name])
    response = client.get(Tag.objects.get().get_absolute_url())
    assert response.status_code == 200


def test_tags_with_the_same_slug_stay_two():
    assert len({tag.slug for tag in resolve("C", "C++", "C#")}) == 3


def test_known_names_cost_one_query(django_assert_num_queries):
    names = [f"Tag {number}" for number in range(3)]
    resolve(*names)
    with pages.changing("lists"), django_assert_num_queries(1):
        tagging.resolve(names)


def test_a_former_name_is_its_tag_even_if_it_is_typed_anew(django_assert_num_queries):
    (tag,) = resolve("Artificial intelligence")
    TagAlias.objects.create(folded="ai", tag=tag)
    TagAlias.objects.create(folded="ki", tag=tag)
    with pages.changing("lists"), django_assert_num_queries(2):
        assert tagging.resolve(["AI", "Artificial Intelligence", "KI"]) == [tag]
    assert Tag.objects.count() == 1


def test_a_tag_that_another_made_meanwhile_is_taken(monkeypatch):
    """It appears between the look and the insert, as beside another transaction."""
    look = Tag.objects.filter

    def look_and_be_overtaken(**wanted):
        found = list(look(**wanted))
        monkeypatch.undo()
        Tag.objects.create(name="AI")
        return found

    with pages.changing("lists"):
        monkeypatch.setattr(Tag.objects, "filter", look_and_be_overtaken)
        (tag,) = tagging.resolve(["ai"])
    assert tag.name == "AI"
    assert Tag.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="races are run on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_make_one_tag_between_them():
    ready, made = threading.Barrier(2), []

    def publish(*names: str) -> None:
        ready.wait()
        try:
            for number in range(20):
                with pages.changing("lists"):
                    made.append([tag.pk for tag in tagging.resolve([f"{name} {number}" for name in names])])
        except Exception as error:
            made.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=names) for names in (["AI", "Tag"], ["ai ", "TAG"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error for error in made if isinstance(error, Exception)] == []
    assert Tag.objects.count() == 40
    assert len({tuple(pair) for pair in made}) == 20
