import pytest

from articles import corrections, revisions, series
from articles.models import Article, Correction
from tests.articles.admin.test_article import form_of
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/correct/"


def reworked(article: Article, **changes) -> Article:
    revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)
    return Article.objects.get(pk=article.pk)


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def as_(client, *permissions: str):
    client.force_login(make_user(permissions=permissions))
    return client


def form(article: Article, **changes) -> dict:
    return {"text": "It was so.", "show_changes": "on", "seen": article.newest_id, **changes}


def test_it_works(desk):
    article = reworked(make_article(title="One"), title="Two")
    assert f'href="{address(article)}"' in page(desk, f"/admin/articles/article/{article.pk}/change/")
    asked = page(desk, address(article))
    assert "<del>One</del>" in asked
    assert "<ins>Two</ins>" in asked
    assert "The newest version goes live together with the correction." in asked
    answer = desk.post(address(article), form(article), follow=True)
    assert "Corrected. Readers are told" in answer.content.decode()
    article = Article.objects.get()
    assert (article.title, article.correction_count) == ("Two", 1)
    assert Correction.objects.get().changes


def test_it_checks_access(client):
    article = make_article()
    as_(client, "articles.change_article", "articles.change_any_article", "articles.add_correction")
    assert client.get(address(article)).status_code == client.post(address(article), form(article)).status_code == 403
    assert not Correction.objects.exists()
    as_(client, "articles.change_article", "articles.change_any_article", "articles.publish_article")
    assert client.post(address(article), form(article)).status_code == 302
    assert Correction.objects.exists()


def test_the_way_there_is_not_offered_to_who_may_not_go(client):
    article = make_article()
    as_(client, "articles.change_article", "articles.change_any_article", "articles.view_article")
    assert address(article) not in page(client, f"/admin/articles/article/{article.pk}/change/")


def test_nothing_happens_by_looking(desk):
    article = reworked(make_article(title="One"), title="Two")
    page(desk, address(article))
    assert Article.objects.get().title == "One"


def test_a_draft_has_no_readers_to_be_told(desk):
    answer = desk.get(address(make_draft()), follow=True)
    assert "Only what readers can see now can be corrected" in answer.content.decode()


@pytest.mark.parametrize("text", ["", " ", "\u200b", "x" * 2001])
def test_a_bad_sentence_is_explained_and_nothing_goes_live(desk, text):
    article = reworked(make_article(title="One"), title="Two")
    answer = desk.post(address(article), form(article, text=text))
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert Article.objects.get().title == "One"


def test_a_version_saved_meanwhile_is_shown_first_and_the_sentence_stays(desk):
    article = make_article(title="One")
    seen = form(article, text="My sentence.")
    article = reworked(article, title="Two")
    answer = desk.post(address(article), seen)
    text = answer.content.decode()
    assert answer.status_code == 400
    for words in ("after you opened this page", "My sentence.", "<ins>Two</ins>", f'value="{article.newest_id}"'):
        assert words in text
    assert desk.post(address(article), form(article, text="My sentence.")).status_code == 302
    assert Article.objects.get().title == "Two"


def test_what_is_not_ready_says_what_is_missing(desk):
    article = reworked(make_article(title="One"), body="")
    assert "Write something in the body" in page(desk, address(article))
    assert desk.post(address(article), form(article)).status_code == 400
    assert Article.objects.get().correction_count == 0


def test_too_many_words_are_not_offered_to_readers(desk):
    article = reworked(make_article(), body=f"<p>{'b ' * 4000}</p>")
    assert "readers are shown 4,000 at most" in page(desk, address(article))
    assert desk.post(address(article), form(article)).status_code == 302
    assert Correction.objects.get().changes == []


def test_a_correction_is_reworded_and_taken_back(desk, client):
    article = reworked(make_article(title="One"), title="Two")
    correction = corrections.correct(article, "First.", by=None)
    path = f"/admin/articles/correction/{correction.pk}"
    assert "First." in page(desk, "/admin/articles/correction/")
    assert desk.post(f"{path}/change/", {"text": "Second.", "show_changes": "on"}).status_code == 302
    text = page(client, article.newest and Article.objects.get().get_absolute_url())
    assert "Second." in text
    assert "removed: </span>One" in text
    assert desk.post(f"{path}/delete/", {"post": "yes"}).status_code == 302
    assert Article.objects.get().correction_count == 0


def test_rewording_is_for_who_may_publish(client):
    correction = corrections.correct(make_article(), "First.", by=None)
    path = f"/admin/articles/correction/{correction.pk}"
    as_(client, "articles.view_correction", "articles.change_correction", "articles.delete_correction")
    for answer in (
        client.get("/admin/articles/correction/"),
        client.post(f"{path}/change/", {"text": "Second."}),
        client.post(f"{path}/delete/", {"post": "yes"}),
        client.get("/admin/articles/correction/add/"),
    ):
        assert answer.status_code == 403
    assert Correction.objects.get().text == "First."
    as_(client, "articles.publish_article")
    assert client.get("/admin/articles/correction/add/").status_code == 403
    assert client.post(f"{path}/change/", {"text": "Second."}).status_code == 302
    assert Correction.objects.get().text == "Second."


def test_an_empty_rewording_is_explained(desk):
    correction = corrections.correct(make_article(), "First.", by=None)
    answer = desk.post(f"/admin/articles/correction/{correction.pk}/change/", {"text": " "})
    assert answer.status_code == 400
    assert Correction.objects.get().text == "First."


def test_a_preview_shows_corrections_and_the_series(desk):
    article = make_article(title="One")
    corrections.correct(article, "It was so.", by=None)
    series.save(None, title="Steps", articles=[article.pk, make_article().pk], by=None)
    article = Article.objects.get(pk=article.pk)
    answer = desk.post(f"/admin/articles/article/{article.pk}/change/", form_of(article, _preview="Preview"))
    assert answer.status_code == 200
    for words in ("It was so.", "Part 1 of 2 of"):
        assert words in answer.content.decode()
