from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from markdown_it import MarkdownIt

from articles import corrections, publishing, revisions
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


def twin(client, slug: str) -> str:
    answer = client.get(f"/{slug}.md")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client, frozen):
    desk, ann = make_user(username="desk", display_name="Desk"), make_user(username="ann", display_name="Ann *")
    image = make_image(size=(90, 60), alt="A [view]", credit="Me")
    article = make_article(
        title="# One & *two*", subtitle="1. Sub", slug="one", bylines=[desk.pk, ann.pk], image=image.pk,
        at=datetime(2025, 1, 2, tzinfo=UTC), body='<h2>Part</h2><p>All <a href="/about/">of</a> it.</p>',
    )  # fmt: skip
    corrections.correct(article, "- It was <so>.\n\nNot so.", by=None)
    article.refresh_from_db()
    assert twin(client, "one") == (
        "# # One & \\*two\\*\n\n1\\. Sub\n\n"
        "By [Desk](http://testserver/by/desk/) and [Ann \\*](http://testserver/by/ann/) · 2 January 2025, updated 15 February 2025\n\n"
        "<http://testserver/one/>\n\n"
        f"![A \\[view\\]](http://testserver{article.lead['full']})\\\nMe\n\n"
        "## Part\n\nAll [of](http://testserver/about/) it.\n\n"
        "## Correction, 15 February 2025\n\n\\- It was \\<so>.\n\nNot so.\n"
    )
    assert MarkdownIt("commonmark").render(twin(client, "one")).startswith("<h1># One &amp; *two*</h1>\n<p>1. Sub</p>")


def test_it_is_for_machines_and_not_for_the_index(client):
    make_article(slug="one", at=datetime(2025, 1, 2, tzinfo=UTC))
    make_article(slug="elsewhere", canonical_url="https://example.org/ä/")
    answer = client.get("/one.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Link"] == '<http://testserver/one/>; rel="canonical"'
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Last-Modified"] == "Thu, 02 Jan 2025 00:00:00 GMT"
    assert client.get("/elsewhere.md").headers["Link"] == '<https://example.org/%C3%A4/>; rel="canonical"'
    assert client.get("/one.md", headers={"if-none-match": answer.headers["ETag"]}).status_code == 304


def test_its_address_answers_as_the_articles(client):
    make_draft(slug="draft")
    make_article(slug="later", at=timezone.now() + timedelta(days=1))
    publishing.withdraw(make_article(slug="gone"), by=None)
    article = make_article(slug="old")
    revisions.save(article, {**revisions.newest_data(article), "slug": "new"}, by=None)
    publishing.publish(article, by=None)
    assert [client.get(f"/{slug}.md").status_code for slug in ("draft", "later", "none", "gone")] == [404, 404, 404, 410]
    answer = client.get("/old.md")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/new.md")


@pytest.mark.parametrize("slug", ["ärger", "日本語", "a_b-c"])
def test_slugs_of_any_script(client, slug):
    article = make_article(slug=slug, title="Found")
    address = f"{article.get_absolute_url().rstrip('/')}.md"
    assert client.get(address).content.decode().startswith("# Found\n")
    assert f'<link rel="alternate" type="text/markdown" title="Markdown" href="http://testserver{address}">' in (
        client.get(article.get_absolute_url()).content.decode()
    )


def test_a_change_is_in_it_at_once(client):
    article = make_article(slug="one", body="<p>Before.</p>")
    assert "Before." in twin(client, "one")
    revisions.save(article, {**revisions.newest_data(article), "body": "<p>After.</p>"}, by=None)
    publishing.publish(article, by=None)
    assert "After." in twin(client, "one")


def test_a_page_has_no_byline(client):
    make_article(kind="page", slug="about-us", title="About", summary="", body="<p>Us.</p>")
    assert twin(client, "about-us") == "# About\n\n<http://testserver/about-us/>\n\nUs.\n"


def test_queries(client, django_assert_max_num_queries):
    desk = make_user()
    corrections.correct(make_article(slug="one", bylines=[desk.pk], image=make_image().pk), "So.", by=None)
    with django_assert_max_num_queries(4):
        twin(client, "one")


def test_llms_txt_names_what_anybody_may_find(client, settings):
    settings.SITE_NAME = "The *Post*"
    make_article(title="One [a]", slug="one", summary="In\nshort.")
    make_article(kind="page", title="About", slug="about-us", summary="")
    make_article(slug="unlisted", visibility="unlisted")
    make_draft(slug="draft")
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith(f"# The \\*Post\\*\n\n> {settings.SITE_TAGLINE}\n\n")
    assert (
        "## Articles\n\n- [One \\[a\\]](http://testserver/one.md): In short.\n\n## Pages\n\n- [About](http://testserver/about-us.md)\n"
        in text
    )
    assert "unlisted" not in text
    assert "draft" not in text


def test_llms_txt_of_an_empty_site(client):
    text = client.get("/llms.txt").content.decode()
    assert "## Articles" not in text
    assert "## Optional" in text
