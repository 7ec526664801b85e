"""The versions of an article on the desk."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Revision
from site_config import pages
from tests.articles.admin.test_article import change_address, form_of, signed_in
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


def address(page: str, article, *more, **query) -> str:
    return reverse(f"admin:articles_article_{page}", args=[article.pk, *more], query=query)


def save(article, **changes) -> Revision:
    article.refresh_from_db()
    return revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def test_it_works(desk):
    article = make_article(title="First title")
    first = article.newest_id
    second = save(article, title="Second title").pk
    page = desk.get(address("history", article))
    assert page.status_code == 200
    assert "What readers see" in page.text
    assert "Published" in page.text
    compared = desk.get(address("compare", article, one=second, other=first)).text
    assert "<del>First</del><ins>Second</ins> title" in compared
    side = desk.get(address("compare", article, one=first, other=second, view="side")).text
    assert re.search(r"<td[^>]*><del>First</del> title</td><td[^>]*><ins>Second</ins> title</td>", side)


def test_bringing_a_version_back_makes_a_new_one_and_moves_nothing_for_readers(desk, editor):
    article = make_article(title="First title", body="<p>First.</p>")
    first = article.newest
    save(article, title="Second title", body="<p>Second.</p>")
    asked = desk.get(address("bring_back", article, first.pk))
    assert "<del>Second</del><ins>First</ins> title" in asked.text
    assert Revision.objects.count() == 2
    publishing.publish(article, by=None)
    answer = desk.post(address("bring_back", article, first.pk), follow=True)
    assert "Brought back" in answer.text
    article.refresh_from_db()
    assert article.newest.data["title"] == "First title"
    assert article.newest.note.startswith("brought back from")
    assert article.newest.author == editor
    assert article.title == "Second title"
    assert article.has_unpublished_changes


def test_bringing_back_what_is_there_already_changes_nothing(desk):
    article = make_draft()
    assert "says the same" in desk.post(address("bring_back", article, article.newest_id), follow=True).text
    assert Revision.objects.count() == 1


def test_what_an_old_version_names_and_is_gone_is_said(desk):
    gone, author = make_image(), make_user()
    body = f'<figure><img data-image="{gone.pk}" alt="A chart"></figure><p>Text.</p>'
    article = make_draft(image=gone.pk, bylines=[author.pk], body=body)
    first = article.newest
    save(article, image=None, bylines=[], body="<p>Text.</p>", tags=["new"])
    with pages.changing("site"):
        gone.delete()
    author.delete()
    answer = words(desk.post(address("bring_back", article, first.pk), follow=True))
    assert "Its lead image is not in the library any more." in answer
    assert "An author whom it names has no account any more." in answer
    assert "1 of the pictures in its text is not in the library any more." in answer
    article.refresh_from_db()
    assert (article.newest.data["image"], article.newest.data["bylines"], article.newest.data["tags"]) == (None, [], [])


@pytest.mark.parametrize("query", [{}, {"one": "1"}, {"one": "x", "other": "²"}, {"one": "9" * 40, "other": "0"}])
def test_comparing_what_is_no_pair_is_explained(desk, query):
    article = make_draft()
    assert "Choose two versions" in desk.get(address("compare", article, **query), follow=True).text


def test_a_version_of_another_article_is_not_found(desk):
    one, other = make_draft(), make_draft()
    assert desk.get(address("bring_back", one, other.newest_id)).status_code == 404
    assert desk.post(address("bring_back", one, other.newest_id)).status_code == 404
    mixed = desk.get(address("compare", one, one=one.newest_id, other=other.newest_id), follow=True)
    assert "Choose two versions" in mixed.text


def test_it_is_for_those_who_may_see_the_article(client):
    article = make_draft()
    old = article.newest_id
    save(article, title="Newer")
    asked = [address("history", article), address("bring_back", article, old)]
    asked.append(address("compare", article, one=old, other=article.newest_id))
    moderator = signed_in(client, "comments.view_comment")
    assert moderator
    assert [client.get(page).status_code for page in asked] == [403] * 3
    signed_in(client, "articles.view_article", "articles.change_any_article")
    assert client.get(asked[0]).status_code == 200
    assert client.post(asked[1]).status_code == 403
    assert Revision.objects.filter(article=article).count() == 2
    signed_in(client, "articles.view_article", "articles.change_article", "articles.change_any_article")
    assert client.post(asked[1]).status_code == 302
    assert Revision.objects.filter(article=article).count() == 3


def test_the_list_takes_as_many_queries_for_many_and_reads_no_body(desk):
    def cost(article) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address("history", article)).status_code == 200
        assert not [query for query in captured if '"packed"' in query["sql"]]
        return len(captured)

    few, many = make_draft(), make_draft()
    for number in range(60):
        save(many, title=f"Title {number}")
    cost(few)
    assert cost(few) == cost(many)
    assert "Older versions" in desk.get(address("history", many)).text


def test_publishing_changes_shows_them_first(desk):
    article = make_article(title="First title")
    assert "What changes" not in desk.get(address("publish", article)).text
    save(article, title="Second title")
    page = desk.get(address("publish", article)).text
    assert "What changes for readers: title" in page
    assert "<del>First</del><ins>Second</ins> title" in page


def test_a_stale_save_shows_what_differs(desk):
    article = make_draft(title="First title", body="<p>One word stays as it is.</p>")
    mine = form_of(article, title="My title")
    save(article, title="Their title", body="<p>Two words stay as it is.</p>")
    page = desk.post(change_address(article), mine)
    assert page.status_code == 400
    assert "<del>Their</del><ins>My</ins> title" in page.text
    assert "<del>Two words stay</del><ins>One word stays</ins> as it is." in page.text
    article.refresh_from_db()
    assert article.newest.data["title"] == "Their title"
