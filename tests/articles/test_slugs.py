import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from articles.slugs import LONGEST, SLUG, free_slug, is_reserved, reserved, suggest
from tests.factories import make_draft


def test_the_first_words_of_all_addresses_are_reserved():
    assert {"admin", "accounts", "health", "comments", "tag", "by", "feed"} <= reserved()
    assert {"static", "media", "search", "corrections"} <= reserved()


def test_they_are_taken_from_the_url_configuration():
    from django.urls import get_resolver

    for pattern in get_resolver().url_patterns:
        first = str(pattern.pattern).split("/")[0]
        assert not first or is_reserved(first)


@pytest.mark.parametrize("slug", ["admin", "feed", "2025", "0000", "9999"])
def test_what_is_reserved(slug):
    assert is_reserved(slug)


@pytest.mark.parametrize("slug", ["one", "administrator", "feeds", "20255", "202", "in-2025", "about", "rules", "name", "slug"])
def test_what_is_free(slug):
    assert not is_reserved(slug)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("The Power Struggle in AI: Musk vs. Altman", "the-power-struggle-in-ai-musk-vs-altman"),
        ("Zażółć gęślą jaźń", "zażółć-gęślą-jaźń"),
        ("東京の夏", "東京の夏"),
        ("Élan vital!", "élan-vital"),
        ("  -- one __ two -- ", "one-__-two"),
        ("Admin", "admin-article"),
        ("2025", "2025-article"),
        ("?!", "article"),
        ("", "article"),
        ("🎉🎉", "article"),
        ("a/b\\c?d#e%f", "abcdef"),
    ],
)
def test_a_slug_made_of_a_title(text, slug):
    assert suggest(text) == slug


@given(st.text(max_size=200))
def test_every_title_makes_a_slug_that_can_be_an_address(text):
    slug = suggest(text)
    assert SLUG.match(slug)
    assert not is_reserved(slug)
    assert len(slug) <= LONGEST


def test_a_reserved_default_is_no_way_in():
    assert not is_reserved(suggest("", default="page"))


@pytest.mark.django_db
class TestFreeSlug:
    def test_it_works(self):
        assert free_slug("One", Article.objects.all()) == "one"

    def test_the_next_gets_a_number(self):
        for slug in ("one", "one-2", "one-4", "one-more"):
            make_draft(slug=slug)
        assert free_slug("One", Article.objects.all()) == "one-3"

    def test_it_costs_one_query(self, django_assert_num_queries):
        for _ in range(3):
            make_draft(title="One")
        with django_assert_num_queries(1):
            assert free_slug("One", Article.objects.all()) == "one-4"

    def test_a_long_title_keeps_room_for_its_number(self):
        long = "word " * 60
        first = free_slug(long, Article.objects.all())
        make_draft(slug=first)
        second = free_slug(long, Article.objects.all())
        assert first != second
        assert len(second) <= LONGEST

    def test_what_cannot_be_a_slug_gets_the_default(self):
        make_draft(slug="page")
        assert free_slug("?!", Article.objects.all(), default="page") == "page-2"

    def test_signs_that_a_database_gives_a_meaning_have_none(self):
        make_draft(slug="a_b")
        assert free_slug("axb", Article.objects.all()) == "axb"
