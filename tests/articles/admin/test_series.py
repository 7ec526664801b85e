import pytest

from articles import series
from articles.models import Series
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def make(*articles, title: str = "How it works") -> Series:
    return series.save(None, title=title, articles=[article.pk for article in articles], by=None)


def address(found: Series, view: str = "change") -> str:
    return f"/admin/articles/series/{found.pk}/{view}/"


def form(found: Series | None = None, **changes) -> dict:
    """What the form holds when it is opened, with these changes."""
    own = {"title": found.title, "slug": found.slug, "description": found.description} if found else {}
    members = found.articles.order_by("series_place") if found else ()
    places = {f"place-{article.pk}": number for number, article in enumerate(members, start=1)}
    return {"title": "How it works", "slug": "", "description": "", "add": "", **own, **places, **changes}


def titles(found: Series) -> list[str]:
    return list(found.articles.order_by("series_place").values_list("working_title", flat=True))


def some(*names: str):
    return [make_article(title=name) for name in names]


def as_(client, *permissions: str):
    client.force_login(make_user(permissions=permissions))
    return client


def test_it_works(desk):
    one, two = some("One", "Two")
    answer = desk.post("/admin/articles/series/add/", form(add="One", description="All."), follow=True)
    assert "is made. Add its articles one after another." in answer.content.decode()
    found = Series.objects.get()
    assert (found.title, found.slug, found.description, titles(found)) == ("How it works", "how-it-works", "All.", ["One"])
    assert desk.post(address(found), form(found, add=two.get_absolute_url())).status_code == 302
    assert titles(found) == ["One", "Two"]
    text = desk.get(address(found)).content.decode()
    assert f'<label class="visually-hidden" for="id_place-{one.pk}">Place of “One”</label>' in text
    assert "see it" in text


def test_it_checks_access(client):
    found = make()
    as_(client, "articles.view_series", "articles.publish_article", "articles.add_series", "articles.delete_series")
    assert client.post(address(found), form(found, title="Other")).status_code == 403
    assert client.post("/admin/articles/series/add/", form()).status_code == 403
    assert client.post(address(found, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(address(found)).status_code == 200
    as_(client, "articles.change_series", "articles.add_series", "articles.delete_series")
    assert client.post(address(found), form(found, title="Other")).status_code == 302
    assert client.post("/admin/articles/series/add/", form()).status_code == 302
    assert client.post(address(found, "delete"), {"post": "yes"}).status_code == 302
    assert [one.title for one in Series.objects.all()] == ["How it works"]


@pytest.mark.parametrize(
    ("moved", "place", "wanted"),
    [("Four", 2, "One Four Two Three"), ("One", 3, "Two Three One Four"), ("Two", 9, "One Three Four Two"), ("Three", 3, "")],
)
def test_a_number_moves_an_article_to_that_place(desk, moved, place, wanted):
    articles = {article.title: article for article in some("One", "Two", "Three", "Four")}
    found = make(*articles.values())
    desk.post(address(found), form(found, **{f"place-{articles[moved].pk}": place}))
    assert titles(found) == (wanted or "One Two Three Four").split()


def test_articles_are_taken_out(desk):
    one, two = some("One", "Two")
    found = make(one, two)
    desk.post(address(found), form(found, **{f"remove-{one.pk}": "on"}))
    assert titles(found) == ["Two"]


@pytest.mark.parametrize("given", ["one", "/one/", "https://example.org/one/?utm=1#part", "ONE"])
def test_an_article_is_known_by_title_or_address(desk, given):
    make_article(title="One", slug="one")
    found = make()
    desk.post(address(found), form(found, add=given))
    assert titles(found) == ["One"]


def test_an_article_may_be_a_draft(desk):
    make_draft(title="To come")
    found = make()
    desk.post(address(found), form(found, add="To come"))
    assert "do not see it: draft" in desk.get(address(found)).content.decode()


def test_what_cannot_be_added_is_explained_and_kept(desk):
    make(make_article(title="Taken"), title="Other one")
    make_article(title="A page", kind="page")
    some("Twice", "Twice")
    found = make()
    for given, words in {
        "Nowhere": "No article has the title or the address “Nowhere”",
        "Taken": "part of the series “Other one”",
        "A page": "plain page",
        "Twice": "No article has the title",
        "http://[": "No article has the title",
    }.items():
        answer = desk.post(address(found), form(found, add=given))
        assert answer.status_code == 400
        text = answer.content.decode()
        assert words in text
        assert f'value="{given}"' in text
    assert titles(found) == []


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"title": "\u200b"}, {"slug": "a b"}, {"slug": "other"}, {"slug": "old"}, {"description": "x" * 501}],
)
def test_bad_input_is_explained(desk, changes):
    other = series.save(make(title="Old"), title="Other", slug="other", by=None)
    found = make()
    answer = desk.post(address(found), form(found, **changes))
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert Series.objects.get(pk=found.pk).slug == "how-it-works"
    assert other.slug == "other"


@pytest.mark.parametrize("place", ["", "0", "x", "10000"])
def test_a_place_that_is_no_number_is_explained(desk, place):
    one, two = some("One", "Two")
    found = make(one, two)
    assert desk.post(address(found), form(found, **{f"place-{two.pk}": place})).status_code == 400
    assert titles(found) == ["One", "Two"]


def test_a_full_series_takes_no_more(desk, monkeypatch):
    monkeypatch.setattr(series, "MOST", 1)
    some("Two")
    found = make(*some("One"))
    assert "1 articles at most" in desk.post(address(found), form(found, add="Two")).content.decode()
