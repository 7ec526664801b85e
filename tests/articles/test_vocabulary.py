import pytest
from django.core.exceptions import PermissionDenied

from articles import publishing, revisions, tagging, vocabulary
from articles.models import Redirect, Tag, TagAlias
from articles.vocabulary import BadTag, Taken
from site_config.audit.models import Entry
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def leads_to(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 301
    return answer.headers["Location"]


def names(article) -> list[str]:
    return [found.name for found in article.tags.order_by("items__pk")]


def publish_again(article, *tags: str):
    revisions.save(article, {**revisions.newest_data(article), "tags": list(tags), "summary": "Again."}, by=None)
    return publishing.publish(article, by=None)


def test_it_works(client):
    article = make_article(tags=["AI"])
    vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    assert leads_to(client, "/tag/ai/") == "/tag/artificial-intelligence/"
    assert "Artificial intelligence" in client.get("/tag/artificial-intelligence/").content.decode()
    assert "/tag/artificial-intelligence/" in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("act", [vocabulary.rename, vocabulary.describe])
def test_it_checks_access(act):
    make_article(tags=["AI"])
    with pytest.raises(PermissionDenied):
        act(tag("AI"), "Other", by=make_user(permissions=("articles.publish_article",)))
    act(tag("AI"), "Other", by=make_user(permissions=("articles.change_tag",)))
    assert Entry.objects.get(object_type="articles.tag").actor_name


def test_merging_and_dropping_check_access():
    make_article(tags=["AI", "OpenAI"])
    stranger, keeper = make_user(), make_user(permissions=("articles.change_tag",))
    with pytest.raises(PermissionDenied):
        vocabulary.merge(tag("AI"), tag("OpenAI"), by=stranger)
    vocabulary.merge(tag("AI"), tag("OpenAI"), by=keeper)
    with pytest.raises(PermissionDenied):
        vocabulary.drop(TagAlias.objects.get(), by=stranger)
    vocabulary.drop(TagAlias.objects.get(), by=keeper)
    assert not TagAlias.objects.exists()


def test_addresses_of_before_lead_on_in_one_step(client):
    make_article(tags=["One"])
    for name in ("Two", "Three", "Four"):
        vocabulary.rename(Tag.objects.get(), name, by=None)
    for address in ("/tag/one/", "/tag/two/", "/tag/three/"):
        assert leads_to(client, address) == "/tag/four/"
    assert leads_to(client, "/feed/tag/one/") == "/feed/tag/four/"


def test_a_tag_that_gets_its_name_back_leads_nowhere_else(client):
    make_article(tags=["One"])
    vocabulary.rename(tag("One"), "Two", by=None)
    vocabulary.rename(tag("Two"), "One", by=None)
    assert client.get("/tag/one/").status_code == 200
    assert leads_to(client, "/tag/two/") == "/tag/one/"
    assert [alias.folded for alias in TagAlias.objects.all()] == ["two"]


def test_a_new_spelling_of_the_same_name_leaves_nothing_behind(client):
    make_article(tags=["ai"])
    vocabulary.rename(tag("ai"), "AI", by=None)
    assert tag("AI").get_absolute_url() == "/tag/ai/"
    assert not TagAlias.objects.exists()
    assert not Redirect.objects.exists()


def test_the_same_name_changes_nothing():
    make_article(tags=["AI"])
    vocabulary.rename(tag("AI"), " AI ", by=None)
    assert not Entry.objects.filter(verb="renamed").exists()


def test_two_tags_whose_addresses_would_be_one_get_two(client):
    make_article(tags=["C", "Law"])
    vocabulary.rename(tag("Law"), "C++", by=None)
    assert len(set(Tag.objects.values_list("slug", flat=True))) == 2
    assert client.get(tag("C++").get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["", "  ", "!!!", "🎉", "x" * 61, "One, two", "One;two"])
def test_a_name_that_no_tag_can_have_is_refused_in_words(name):
    make_article(tags=["AI"])
    with pytest.raises(BadTag, match=r"^(Write|Shorten|Leave out)"):
        vocabulary.rename(tag("AI"), name, by=None)


def test_the_name_of_another_tag_offers_that_one():
    make_article(tags=["AI", "Énergie"])
    with pytest.raises(Taken, match="merge this tag into it") as refused:
        vocabulary.rename(tag("AI"), "energie", by=None)
    assert refused.value.other == tag("Énergie")


def test_the_former_name_of_another_tag_is_not_taken_from_it():
    make_article(tags=["AI", "Law"])
    vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    with pytest.raises(Taken, match="former name of the tag “Artificial intelligence”"):
        vocabulary.rename(tag("Law"), "ai", by=None)


def test_old_versions_mean_the_tag_of_today():
    article = make_article(tags=["AI", "Law"])
    old = article.newest
    vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    publish_again(article, "Law")
    revisions.bring_back(old, by=None)
    publishing.publish(article, by=None)
    assert names(article) == ["Artificial intelligence", "Law"]
    assert Tag.objects.count() == 2


def test_merging_moves_articles_and_ends_the_tag(client):
    one, both = make_article(tags=["Open AI", "Law"]), make_article(tags=["Law", "OpenAI", "Open AI"])
    vocabulary.merge(tag("Open AI"), tag("OpenAI"), by=None)
    assert names(one) == ["OpenAI", "Law"]
    assert names(both) == ["Law", "OpenAI"]
    assert not Tag.objects.filter(name="Open AI").exists()
    assert leads_to(client, "/tag/open-ai/") == "/tag/openai/"


def test_names_and_addresses_of_before_come_along(client):
    make_article(tags=["One", "Other", "Third"])
    vocabulary.rename(tag("One"), "Two", by=None)
    vocabulary.merge(tag("Two"), tag("Other"), by=None)
    vocabulary.merge(tag("Other"), tag("Third"), by=None)
    for address in ("/tag/one/", "/tag/two/", "/tag/other/"):
        assert leads_to(client, address) == "/tag/third/"
    assert {alias.folded: str(alias.tag) for alias in TagAlias.objects.all()} == dict.fromkeys(("one", "two", "other"), "Third")


def test_a_working_copy_with_the_name_of_before_gets_the_merged_tag():
    make_article(tags=["OpenAI"])
    draft = make_draft(tags=["open ai", "openai"])
    make_article(tags=["Open AI"])
    vocabulary.merge(tag("Open AI"), tag("OpenAI"), by=None)
    publishing.publish(draft, by=None)
    assert names(draft) == ["OpenAI"]


def test_a_tag_is_not_merged_into_itself():
    make_article(tags=["AI"])
    with pytest.raises(BadTag, match="into itself"):
        vocabulary.merge(tag("AI"), tag("AI"), by=None)
    assert Tag.objects.count() == 1


def test_merging_both_ways_round_cannot_go_in_a_circle(client):
    make_article(tags=["One", "Two"])
    one, two = tag("One"), tag("Two")
    vocabulary.merge(one, two, by=None)
    with pytest.raises(BadTag, match="gone"):
        vocabulary.merge(two, Tag(pk=10**9, name="One"), by=None)
    publish_again(make_article(), "One")
    assert [found.name for found in Tag.objects.all()] == ["Two"]
    assert leads_to(client, "/tag/one/") == "/tag/two/"


@pytest.mark.parametrize(("own", "wanted"), [("", "From the merged one."), ("My own.", "My own.")])
def test_a_description_is_taken_over_where_there_is_none(own, wanted):
    make_article(tags=["One", "Two"])
    vocabulary.describe(tag("One"), "From the merged one.", by=None)
    vocabulary.describe(tag("Two"), own, by=None)
    vocabulary.merge(tag("One"), tag("Two"), by=None)
    assert tag("Two").description == wanted


def test_a_description_is_on_the_tags_page_at_once(client):
    make_article(tags=["AI"])
    client.get("/tag/ai/")
    vocabulary.describe(tag("AI"), "Machines that <learn>.", by=None)
    assert "Machines that &lt;learn&gt;." in client.get("/tag/ai/").content.decode()


@pytest.mark.parametrize("act", ["rename", "merge"])
def test_every_page_that_shows_the_tag_changes(act):
    article, other = make_article(tags=["AI", "Law"]), make_article(tags=["Law"])
    before = dict(Generation.objects.values_list("subject", "number"))
    if act == "rename":
        vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    else:
        vocabulary.merge(tag("AI"), tag("Law"), by=None)
    after = dict(Generation.objects.values_list("subject", "number"))
    assert {subject for subject in after if after[subject] != before.get(subject)} == {"lists", f"article:{article.pk}"}
    assert other.pk != article.pk


def test_a_dropped_name_is_free_again(client):
    make_article(tags=["AI"])
    vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    vocabulary.drop(TagAlias.objects.get(), by=None)
    assert leads_to(client, "/tag/ai/") == "/tag/artificial-intelligence/"
    make_article(tags=["AI"])
    assert Tag.objects.count() == 2
    assert client.get("/tag/ai/").status_code == 200


def test_only_what_nothing_names_is_deleted():
    article = make_article(tags=["AI"])
    with pytest.raises(BadTag, match="in use"):
        vocabulary.delete(tag("AI"), by=None)
    publish_again(article)
    vocabulary.delete(tag("AI"), by=None)
    assert not Tag.objects.exists()


def test_working_copies_name_a_tag_as_it_is_or_was_called():
    live = make_article(tags=["AI"])
    draft, changed, other = make_draft(tags=["ai"]), make_article(), make_draft(tags=["Law"])
    revisions.save(changed, {**revisions.newest_data(changed), "tags": ["artificial intelligence"]}, by=None)
    vocabulary.rename(tag("AI"), "Artificial intelligence", by=None)
    found = set(vocabulary.working_copies(Tag.objects.get()))
    assert found == {draft, changed}
    assert not found & {live, other}


def test_what_was_done_is_logged(editor):
    make_article(tags=["AI", "Law"])
    renamed = vocabulary.rename(tag("AI"), "KI", by=editor)
    vocabulary.merge(renamed, tag("Law"), by=editor)
    entries = Entry.objects.filter(object_type="articles.tag").order_by("pk")
    assert [(entry.verb, entry.actor, entry.details) for entry in entries] == [
        ("renamed", editor, {"before": "AI"}),
        ("merged", editor, {"merged": "KI", "articles": 1}),
    ]


def test_tagging_knows_the_names_of_today():
    make_article(tags=["AI", "Law"])
    vocabulary.rename(tag("AI"), "KI", by=None)
    assert tagging.current(["ai", "law", "New one", "KI"]) == ["KI", "Law", "New one"]
