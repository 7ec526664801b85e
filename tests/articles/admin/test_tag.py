import pytest

from articles import revisions, vocabulary
from articles.models import Tag, TagAlias
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def address(name: str, view: str = "change") -> str:
    return f"/admin/articles/tag/{Tag.objects.get(name=name).pk}/{view}/"


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def save(client, of: str, **fields):
    return client.post(address(of), {"name": of, "description": "", **fields})


def as_(client, *permissions: str):
    client.force_login(make_user(permissions=permissions))
    return client


def test_it_works(desk, client):
    make_article(title="With it", tags=["AI"])
    answer = save(desk, "AI", name="Artificial intelligence", description="Machines.")
    assert answer.status_code == 302
    tag = Tag.objects.get()
    assert (tag.name, tag.slug, tag.description) == ("Artificial intelligence", "artificial-intelligence", "Machines.")
    assert client.get("/tag/ai/").headers["Location"] == tag.get_absolute_url()


def test_its_page_says_where_it_is_used(desk):
    live, draft = make_article(title="Live one", tags=["AI"]), make_draft(title="Draft one", tags=["ai"])
    revisions.save(live, {**revisions.newest_data(live), "summary": "Not live yet."}, by=None)
    vocabulary.rename(Tag.objects.get(), "KI", by=None)
    text = page(desk, address("KI"))
    assert text.count("Live one</a>") == 1
    for article in (live, draft):
        assert f'<a href="/admin/articles/article/{article.pk}/change/">{article}</a>' in text
    assert "Named in working copies" in text
    assert '<span dir="auto">ai</span>' in text
    assert "cannot be deleted" in text


def test_it_checks_access(client):
    make_article(tags=["AI", "Law"])
    for path in (address("AI", "merge"), address("AI")):
        assert as_(client, "articles.publish_article", "articles.change_article").get(path).status_code == 403
        assert as_(client, "articles.change_tag").get(path).status_code == 200
    as_(client, "articles.view_tag")
    assert "Merge…" not in page(client, address("AI"))
    assert save(client, "AI", name="KI").status_code == 403
    assert client.post(address("AI", "merge"), {"into": "Law"}).status_code == 403
    assert Tag.objects.count() == 2


def test_the_name_of_another_tag_offers_the_merge_and_keeps_what_was_typed(desk):
    make_article(tags=["AI", "Énergie & co"])
    answer = save(desk, "AI", name="energie & CO", description="Mine.")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "“Énergie &amp; co” is a tag already" in text
    assert f'<a href="{address("AI", "merge")}?into=%C3%89nergie%20%26%20co">Merge it into “Énergie &amp; co”…</a>' in text
    assert 'value="energie &amp; CO"' in text
    assert "Mine." in text


@pytest.mark.parametrize("name", ["", "!!!", "x" * 61, "One, two"])
def test_a_bad_name_is_explained_beside_the_field(desk, name):
    make_article(tags=["AI"])
    answer = save(desk, "AI", name=name)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert Tag.objects.get().name == "AI"


def test_merging_asks_which_then_says_what_will_happen_then_does_it(desk, client):
    make_article(tags=["Open AI"])
    make_article(tags=["Open AI", "OpenAI"])
    path = address("Open AI", "merge")
    assert "Merge it into" in page(desk, path)
    asked = page(desk, f"{path}?into=openai,%20")
    for words in (
        "2 articles with “Open AI” will have “OpenAI” in its place.",
        "1 of them has both, and ends with “OpenAI” alone.",
        "The address /tag/open-ai/ leads to /tag/openai/",
    ):
        assert words in asked
    assert Tag.objects.count() == 2
    answer = desk.post(path, {"into": "OpenAI"}, follow=True)
    assert "was merged into “OpenAI”" in answer.content.decode()
    assert client.get("/tag/open-ai/").status_code == 301


@pytest.mark.parametrize(
    ("into", "words"),
    [("", "Write the name"), ("Nothing", "no tag of this name"), ("ai", "itself"), ("AI, Law", "Write one name")],
)
def test_what_cannot_be_merged_into_is_explained(desk, into, words):
    make_article(tags=["AI", "Law"])
    for ask in (desk.get, desk.post):
        answer = ask(address("AI", "merge"), {"into": into})
        assert answer.status_code == 400
        assert words in answer.content.decode()
    assert Tag.objects.count() == 2


def test_a_former_name_of_the_tag_itself_is_itself(desk):
    make_article(tags=["AI"])
    vocabulary.rename(Tag.objects.get(), "KI", by=None)
    assert "itself" in page(desk, f"{address('KI', 'merge')}?into=AI", 400)


def test_a_former_name_is_dropped_after_a_question(desk, client):
    make_article(tags=["AI", "Law"])
    vocabulary.rename(Tag.objects.get(name="AI"), "KI", by=None)
    path = address("KI", f"names/{TagAlias.objects.get().pk}")
    assert "will not mean" in page(desk, path)
    assert TagAlias.objects.exists()
    assert as_(client, "articles.view_tag").post(path).status_code == 403
    assert as_(client, "articles.change_tag").post(path).status_code == 302
    assert not TagAlias.objects.exists()


def test_a_former_name_of_another_tag_is_not_found(desk):
    make_article(tags=["AI", "Law"])
    vocabulary.rename(Tag.objects.get(name="AI"), "KI", by=None)
    page(desk, address("Law", f"names/{TagAlias.objects.get().pk}"), 404)


def test_only_an_unused_tag_can_be_deleted(desk):
    article = make_article(tags=["AI", "Law"])
    revisions.save(article, {**revisions.newest_data(article), "tags": ["AI"]}, by=None)
    from articles import publishing

    publishing.publish(article, by=None)
    draft = make_draft(tags=["Law"])
    assert desk.post(address("AI", "delete"), {"post": "yes"}).status_code == 403
    assert desk.post(address("Law", "delete"), {"post": "yes"}).status_code == 403
    revisions.save(draft, {**revisions.newest_data(draft), "tags": []}, by=None)
    assert desk.post(address("Law", "delete"), {"post": "yes"}).status_code == 302
    assert [tag.name for tag in Tag.objects.all()] == ["AI"]


def test_tags_are_not_deleted_by_the_pile(desk):
    make_article(tags=["AI"])
    assert "delete_selected" not in page(desk, "/admin/articles/tag/")


def test_the_article_form_shows_the_names_of_today(desk):
    article = make_article(tags=["AI", "Law"])
    vocabulary.rename(Tag.objects.get(name="AI"), "KI", by=None)
    assert 'value="KI, Law"' in page(desk, f"/admin/articles/article/{article.pk}/change/")
