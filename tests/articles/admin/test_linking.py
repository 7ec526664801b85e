from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article
from site_config.jobs.runner import run_due
from tests.articles.admin.test_article import change_address, form_of, signed_in
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db
FIND = "/admin/articles/article/find/"


def found(client, **query) -> list[dict]:
    return client.get(FIND, query).json()["articles"]


def test_it_works(desk, frozen):
    live, draft = make_article(title="Ice in the harbour", slug="ice"), make_draft(title="Harbour dues")
    make_article(title="Something else")
    assert reverse("admin:articles_article_find") == FIND
    assert found(desk, q="harbour") == [
        {"id": draft.pk, "title": "Harbour dues", "address": draft.get_absolute_url(), "state": "draft"},
        {"id": live.pk, "title": "Ice in the harbour", "address": "/ice/", "state": "live"},
    ]


def test_it_checks_access(client):
    assert client.get(FIND).status_code == 302
    signed_in(client)
    assert client.get(FIND).status_code == 403
    signed_in(client, "articles.view_article")
    assert client.get(FIND).status_code == 200


def test_an_author_finds_what_readers_see_of_others_and_all_of_their_own(client, editor):
    live, draft = make_article(title="Ice in the harbour", slug="ice"), make_draft(title="Harbour dues")
    unlisted = make_article(title="Harbour lights", visibility="unlisted")
    revisions.save(live, {**revisions.newest_data(live), "title": "Harbour of secrets"}, by=editor)
    author = signed_in(client, "articles.view_article", "articles.change_article")
    own = make_draft(title="My harbour", by=author)
    assert [(row["id"], row["title"]) for row in found(client, q="harbour")] == [
        (own.pk, "My harbour"), (live.pk, "Ice in the harbour"),
    ]  # fmt: skip
    assert found(client, q="secrets") == []
    for article, title in ((live, "Ice in the harbour"), (unlisted, "Harbour lights"), (own, "My harbour")):
        assert [row["title"] for row in found(client, id=article.pk)] == [title]
    assert client.get(FIND, {"id": draft.pk}).json() == {"articles": [], "hidden": True}
    assert client.get(FIND, {"id": draft.pk + 1000}).json() == {"articles": [], "hidden": False}


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("harbour ICE", True),
        ("ice boat", False),
        ("harb", True),
        ("frozen-port", True),
        ("%", False),
        ("_", False),
        ("\\", False),
    ],
)
def test_all_words_have_to_be_in_the_title_or_the_slug(desk, words, is_found):
    make_article(title="Ice in the harbour", slug="frozen-port")
    assert bool(found(desk, q=words)) is is_found


def test_signs_of_a_pattern_are_signs(desk):
    make_article(title="Half of 100")
    wanted = make_article(title="100% of it")
    assert [row["id"] for row in found(desk, q="100%")] == [wanted.pk]


def test_an_article_is_found_by_its_id(desk):
    article = make_article()
    make_article()
    assert [row["id"] for row in found(desk, id=article.pk)] == [article.pk]
    assert found(desk, id=article.pk + 100) == found(desk, id="x") == found(desk, id="9" * 40) == []


def test_ten_are_found_at_most_by_one_query(desk):
    for _ in range(12):
        make_article(title="The same")
    found(desk, q="same")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(found(desk, q="same")) == 10
    assert len([query for query in queries if "articles_article" in query["sql"]]) == 1


def linking_to(other: Article) -> Article:
    return make_article(body=f'<p>See <a href="{other.get_absolute_url()}" data-article="{other.pk}">that one</a>.</p>')


def page_of(client, article: Article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def test_a_link_survives_a_new_slug(desk):
    target = make_article(slug="before")
    article = linking_to(target)
    assert '<a href="/before/">that one</a>' in page_of(desk, article)
    desk.post(change_address(target), form_of(target, slug="after"))
    target.refresh_from_db()
    answer = desk.post(change_address(target, "publish"), {"visibility": "public", "version": target.newest_id}, follow=True)
    assert "Published" in answer.content.decode()
    run_due()
    assert '<a href="/after/">that one</a>' in page_of(desk, article)
    assert desk.get("/before/").headers["Location"].endswith("/after/")


def test_a_link_to_a_draft_is_there_once_the_draft_is_public(desk, editor):
    target = make_draft(slug="later")
    article = linking_to(target)
    assert "that one" in page_of(desk, article)
    assert '<a href="/later/">' not in page_of(desk, article)
    publishing.publish(target, by=editor)
    run_due()
    assert '<a href="/later/">that one</a>' in page_of(desk, article)


def test_a_link_to_a_scheduled_article_is_there_from_its_minute_on(desk, editor, frozen):
    target = make_draft(slug="later")
    article = linking_to(target)
    publishing.publish(target, by=editor, at=timezone.now() + timedelta(hours=1))
    run_due()
    assert '<a href="/later/">' not in page_of(desk, article)
    frozen.shift(3600)
    run_due()
    assert '<a href="/later/">that one</a>' in page_of(desk, article)


def test_saving_keeps_the_link(desk):
    target = make_article()
    article = linking_to(target)
    desk.post(change_address(article), form_of(article, title="Other words"))
    article.refresh_from_db()
    assert f'data-article="{target.pk}"' in revisions.newest_data(article)["body"]
