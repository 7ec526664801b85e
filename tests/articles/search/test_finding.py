"""One suite for both databases: what is found, in which order, and that nothing typed is an error."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from articles import publishing, revisions, vocabulary
from articles.models import Tag
from articles.search import rebuilding, shelf
from articles.search.query import parse
from site_config.jobs.runner import run_due
from tests.articles.search.hostile import HOSTILE
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def titles(typed: str, **options) -> list[str]:
    return [result.article.title for result in shelf.find(parse(typed), **options).results]


def say(title: str, body: str = "Nothing much.", **data):
    return make_article(title=title, body=f"<p>{body}</p>", summary="", **data)


def test_all_words_must_be_there():
    say("Both", "corporate control")
    say("One", "corporate life")
    assert titles("control corporate") == ["Both"]


def test_title_before_tags_before_headings_before_text():
    make_article(title="D", body="<p>A word about turbines.</p>", summary="")
    make_article(title="C", body="<h2>Turbines</h2><p>Text.</p><h2>More</h2><p>Text.</p><h2>Last</h2>", summary="")
    make_article(title="B", body="<p>Text.</p>", summary="", tags=["turbines"])
    make_article(title="Turbines", body="<p>Text.</p>", summary="")
    assert titles("turbine") == ["Turbines", "B", "C", "D"]


def test_a_new_article_comes_before_an_old_one_like_it():
    old = timezone.now() - timedelta(days=3000)
    make_article(title="Wind, then", body="<p>Wind.</p>", summary="", at=old)
    make_article(title="Wind, now", body="<p>Wind.</p>", summary="")
    assert titles("wind") == ["Wind, now", "Wind, then"]


def test_an_old_article_about_it_comes_before_a_new_one_that_names_it():
    make_article(title="Tidal power", body="<p>Tidal power and tidal barrages.</p>", at=timezone.now() - timedelta(days=3000))
    say("News of the week", "Somewhere somebody said tidal, among very many other things. " + "Other words. " * 60)
    assert titles("tidal") == ["Tidal power", "News of the week"]


def test_phrases_and_exclusions():
    say("Phrase", "They want corporate control now.")
    say("Apart", "Control is corporate.")
    assert titles('"corporate control"') == ["Phrase"]
    assert titles('corporate -"corporate control"') == ["Apart"]
    assert titles("corporate -apart") == ["Phrase"]


def test_no_phrase_reaches_from_one_field_into_the_next():
    say("The corporate", "control")
    assert titles('"corporate control"') == []


def test_inflections_accents_and_case():
    say("Énergies", "Régulations")
    assert titles("energy regulating") == ["Énergies"]


def test_filters_by_tag_author_and_day():
    ada = make_user(display_name="Ada Lovelace")
    old = timezone.now().replace(year=2020, month=5, day=17)
    make_article(title="Hers", tags=["Long reads"], bylines=[ada.pk], at=old)
    make_article(title="Other", tags=["Long reads"])
    assert titles('tag:"long reads" since:2020-05 until:2020-05-17') == ["Hers"]
    assert titles('author:"ada lovelace"') == ["Hers"]
    assert titles("tag:long-reads") == ["Other", "Hers"]
    assert titles("tag:nothing article") == []
    assert titles("until:2019") == []


def test_what_is_of_a_tag_or_an_author_is_left_out():
    ada = make_user(display_name="Ada Lovelace")
    make_article(title="Her reading", tags=["Long reads"], bylines=[ada.pk])
    make_article(title="Other reading", tags=["Long reads", "Energy"])
    make_article(title="Untagged reading", bylines=[])
    assert set(titles('reading -author:"ada lovelace"')) == {"Other reading", "Untagged reading"}
    assert titles('reading -tag:"long reads"') == ["Untagged reading"]
    assert titles("tag:long-reads -tag:energy") == ["Her reading"]
    assert len(titles("reading -tag:nothing")) == 3


def test_readers_find_only_what_they_may_read():
    make_draft(title="Secret draft")
    make_article(title="Secret later", at=timezone.now() + timedelta(days=1))
    make_article(title="Secret unlisted", visibility="unlisted")
    make_article(title="Secret page", kind="page")
    publishing.withdraw(make_article(title="Secret withdrawn"), by=None)
    assert titles("secret") == []


def test_a_scheduled_article_is_found_from_its_minute_on(time_machine):
    tomorrow = timezone.now() + timedelta(days=1)
    make_article(title="Tomorrow", at=tomorrow)
    assert titles("tomorrow") == []
    time_machine.move_to(tomorrow + timedelta(minutes=1))
    assert titles("tomorrow") == ["Tomorrow"]


def test_what_was_rewritten_is_found_by_its_new_words():
    article = say("Rewritten", "Former words.")
    revisions.save(article, {**revisions.newest_data(article), "body": "<p>Latter words.</p>"}, by=None)
    assert titles("former") == ["Rewritten"]
    publishing.publish(article, by=None)
    assert titles('"former words"') == []
    assert titles("latter") == ["Rewritten"]


def test_withdrawn_and_restored():
    article = say("Comes back", "unmistakable")
    publishing.withdraw(article, by=None)
    assert titles("unmistakable") == []
    publishing.restore(article, by=None)
    assert titles("unmistakable") == ["Comes back"]


def test_a_tag_is_found_by_its_new_name():
    make_article(title="Tagged", tags=["Zeppelins"])
    vocabulary.rename(Tag.objects.get(), "Airships", by=None)
    run_due()
    assert titles("airships") == ["Tagged"]
    assert titles("zeppelins") == []


def test_a_misspelt_word_is_put_right_and_that_is_said():
    say("Corporate control", "of the models")
    found = shelf.find(parse("coroprate control"))
    assert [result.article.title for result in found.results] == ["Corporate control"]
    assert found.meant == "corporate control"


def test_a_half_typed_word():
    say("Superintelligence", "and its limits")
    assert titles("superint") == ["Superintelligence"]


def test_some_words_where_no_article_has_all():
    say("Only wind", "blows")
    found = shelf.find(parse("wind quixotry"))
    assert [result.article.title for result in found.results] == ["Only wind"]
    assert found.some


def test_suggestions_follow_what_is_typed():
    say("Superintelligence and us")
    say("Something else")
    assert [one.title for one in shelf.begun(parse("superi"), 6)] == ["Superintelligence and us"]
    assert [one.title for one in shelf.begun(parse("us super"), 6)] == ["Superintelligence and us"]
    assert shelf.begun(parse("-"), 6) == []


def test_pages_of_results():
    for number in range(25):
        say(f"Number {number}", "alike")
    first = shelf.find(parse("alike"))
    last = shelf.find(parse("alike"), start=20)
    assert (len(first.results), first.total, first.more) == (10, 25, 10)
    assert (len(last.results), last.more) == (5, None)


@pytest.mark.parametrize("count", [1, 9])
def test_it_costs_the_same_whatever_is_found(count, django_assert_num_queries):
    for number in range(count):
        say(f"Number {number}", "alike")
    asked = parse("alike")
    with django_assert_num_queries(3):
        shelf.find(asked)


def test_rebuilding_finds_the_same():
    say("First", "alike")
    gone = say("Gone", "alike")
    publishing.withdraw(gone, by=None)
    before = titles("alike")
    assert rebuilding.rebuild() == 1
    assert titles("alike") == before == ["First"]
    assert titles("alikf") == ["First"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_is_an_error(typed, client):
    say("Something", "to be found")
    query = urlencode({"q": typed.encode("utf-8", "surrogatepass")})
    for address in ("/search/", "/search/suggestions/"):
        assert client.get(f"{address}?{query}").status_code == 200
