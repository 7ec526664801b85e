import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, revisions
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_it_works(client):
    person = make_user(display_name="Technology desk")
    article = make_article(title="One & two", subtitle="Sub", bylines=[person.pk], tags=["AI"])
    page = client.get(article.get_absolute_url()).content.decode()
    for words in ("One &amp; two", "Sub", "Technology desk", "1 min read", 'rel="canonical" href="http://testserver/one-two/"'):
        assert words in page


def test_a_draft_is_not_there(client):
    assert client.get(make_draft().get_absolute_url()).status_code == 404


def test_a_scheduled_article_is_not_there_before_its_time(client, frozen):
    article = make_article(at=timezone.now() + timedelta(minutes=1))
    assert client.get(article.get_absolute_url()).status_code == 404
    frozen.shift(timedelta(minutes=1))
    assert client.get(article.get_absolute_url()).status_code == 200
    assert article.title in client.get("/").content.decode()


def test_a_withdrawn_article_says_so(client):
    article = publishing.withdraw(make_article(), by=None)
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 410
    assert "withdrawn" in answer.content.decode()
    assert article.title not in client.get("/").content.decode()


def test_an_unlisted_article_is_not_indexed(client):
    article = make_article(visibility="unlisted")
    assert 'content="noindex"' in client.get(article.get_absolute_url()).content.decode()
    for list_ in ("/", "/feed/", "/sitemap.xml"):
        assert article.slug not in client.get(list_).content.decode()


def test_an_old_address_leads_to_the_new_one(client):
    article = make_article(slug="old")
    revisions.save(article, {**revisions.newest_data(article), "slug": "new"}, by=None)
    publishing.publish(article, by=None)
    answer = client.get("/old/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/new/")


def test_json_ld_cannot_end_its_script(client):
    article = make_article(title="</script><script>alert(1)</script>")
    page = client.get(article.get_absolute_url()).content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert json.loads(block[1])["headline"] == article.title


def test_the_lead_image_is_described(client):
    article = make_article(image=make_image(alt="Two rings").pk)
    page = client.get(article.get_absolute_url()).content.decode()
    assert 'alt="Two rings"' in page
    assert 'property="og:image" content="http://testserver/media/' in page


def test_readers_get_no_cookie_and_the_same_bytes(client):
    article = make_article(tags=["AI"])
    for address in ("/", article.get_absolute_url(), "/tag/", "/tag/ai/", "/feed/", "/sitemap.xml", "/robots.txt", "/nowhere/"):
        first, second = client.get(address), client.get(address, headers={"user-agent": "other", "accept-language": "de"})
        assert not first.cookies
        assert first.content == second.content
        assert "Cookie" not in first.headers.get("Vary", "")


def test_staff_get_the_way_to_edit_and_nobody_keeps_that(desk):
    article = make_article()
    answer = desk.get(article.get_absolute_url())
    assert f"/admin/articles/article/{article.pk}/change/" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_readers_do_not_get_the_way_to_edit(client):
    assert "/admin/" not in client.get(make_article().get_absolute_url()).content.decode()


def test_lists_page_by_cursor(client):
    articles = [make_article(at=timezone.now() - timedelta(days=day)) for day in range(30, 0, -1)]
    seen, address = [], "/"
    for _ in range(5):
        page = client.get(address).content.decode()
        seen += re.findall(r'<h[23][^>]*><a href="/(article-\d+)/"', page)
        more = re.search(r'href="(\?before=\d+)" rel="next"', page)
        if not more:
            break
        address = "/" + more[1]
    assert seen == [article.slug for article in reversed(articles)]


@pytest.mark.parametrize("cursor", ["0", "1000000000", "x", "-1", "١", "9" * 40, ""])
def test_a_cursor_that_never_was_is_not_found(client, cursor):
    make_article()
    assert client.get("/", {"before": cursor}).status_code == 404


def test_the_cursor_of_a_withdrawn_article_still_works(client):
    older = make_article(at=timezone.now() - timedelta(days=9))
    gone = publishing.withdraw(make_article(at=timezone.now() - timedelta(days=5)), by=None)
    answer = client.get("/", {"before": gone.pk})
    assert older.title in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/tag/%2F%2F/", "/tag/%25%25/", "/tag/a%00b/", "/%00/", "/tag/..%2f..%2f/", "/by/%ff/", "/99999/", "/0000/"]
)
def test_odd_paths_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_tags_and_authors_without_articles(client):
    publishing.withdraw(make_article(tags=["Lonely"]), by=None)
    assert client.get("/tag/lonely/").status_code == 200
    assert client.get("/by/nobody/").status_code == 404


def test_a_right_to_left_article_says_so(client):
    article = make_article(title="مقالة", language="ar")
    assert '<html lang="ar" dir="rtl">' in client.get(article.get_absolute_url()).content.decode()


def test_the_sites_own_words_keep_their_language_in_an_article_in_another(client):
    page = client.get(make_article(language="ar").get_absolute_url()).content.decode()
    for tag in (
        '<header class="site-head" lang="en">',
        '<footer class="site-foot" lang="en">',
        '<ul lang="en"><li><time dir="ltr"',
    ):
        assert tag in page
    assert '<bdi dir="ltr">1 min read</bdi>' in page


def test_the_menu_marks_the_page_that_is_open(client):
    make_article(kind="page", slug="about")
    assert 'href="/about/" aria-current="page">About</a>' in client.get("/about/").content.decode()
    assert 'href="/about/" aria-current' not in client.get("/").content.decode()


def test_the_first_page_of_an_empty_site(client):
    assert "Nothing has been published yet" in client.get("/").content.decode()


@pytest.mark.parametrize("address", ["/", "/tag/ai/", "/feed/", "/feed/tag/ai/", "/by/desk/", "/sitemap.xml", "/tag/"])
def test_queries_do_not_grow(client, address):
    person = make_user(display_name="Desk")
    make_article(tags=["AI", "Law"], bylines=[person.pk], image=make_image().pk)
    one = queries(client, address)
    for number in range(3):
        make_article(tags=["AI", f"T{number}"], bylines=[person.pk, make_user().pk], image=make_image().pk)
    assert queries(client, address) == one <= 6


def test_an_article_takes_few_queries(client):
    article = make_article(tags=["AI", "Law"], bylines=[make_user().pk, make_user().pk], image=make_image().pk)
    assert queries(client, article.get_absolute_url()) <= 6


def test_an_article_stands_without_a_conversation(client, monkeypatch):
    from articles import parts

    monkeypatch.setattr(parts, "after_article", [])
    assert 'id="talk"' not in client.get(make_article().get_absolute_url()).content.decode()
