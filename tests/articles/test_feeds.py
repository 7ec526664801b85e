from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from articles import publishing, revisions
from articles.feeds import full_content
from site_config.jobs.runner import run_due
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db


def read(client, address="/feed/"):
    return feedparser.parse(client.get(address).content)


def test_it_works(client):
    person = make_user(display_name="Technology desk")
    article = make_article(title="One & two", summary="Short.", body="<p>All of it.</p>", bylines=[person.pk], tags=["AI"])
    entry = read(client).entries[0]
    assert (entry.title, entry.author, entry.link) == ("One & two", "Technology desk", "http://testserver/one-two/")
    assert entry.content[0].value == "<p>All of it.</p>"
    assert entry.tags[0].term == "AI"
    assert entry.id == f"tag:testserver,2025:article/{article.pk}"


def test_it_is_well_formed_whatever_was_typed(client):
    make_article(title="a\x07b ]]> <x>", body="<p>\x0bbell ]]></p>")
    ElementTree.fromstring(client.get("/feed/").content)


def test_ids_survive_a_new_slug(client):
    article = make_article(slug="old")
    before = read(client).entries[0].id
    revisions.save(article, {**revisions.newest_data(article), "slug": "new"}, by=None)
    publishing.publish(article, by=None)
    entry = read(client).entries[0]
    assert (entry.id, entry.link) == (before, "http://testserver/new/")


def test_addresses_are_absolute(client):
    image = make_image(size=(1200, 800))
    make_article(
        slug="one",
        image=image.pk,
        body=f'<h2>Part</h2><figure><img data-image="{image.pk}" alt="x"></figure><p><a href="/about/">a</a></p>',
    )
    run_due()
    html = read(client).entries[0].content[0].value
    assert 'href="http://testserver/about/"' in html
    assert 'href="http://testserver/one/#part"' in html
    assert html.count('src="http://testserver/media/') == 2
    assert "srcset" not in html


def test_updated_is_an_editors_word(client, frozen):
    article = make_article()
    first = read(client).entries[0].updated
    frozen.shift(timedelta(days=1))
    revisions.save(article, {**revisions.newest_data(article), "body": "<p>x</p>"}, by=None)
    publishing.publish(article, by=None)
    assert read(client).entries[0].updated == first


def test_a_tag_has_a_feed_of_its_own(client):
    make_article(title="In", tags=["AI"])
    make_article(title="Out", tags=["Law"])
    feed = read(client, "/feed/tag/ai/")
    assert [entry.title for entry in feed.entries] == ["In"]
    assert client.get("/feed/tag/none/").status_code == 404


def test_a_reader_that_has_it_gets_304(client):
    make_article()
    tag = client.get("/feed/").headers["ETag"]
    assert client.get("/feed/", headers={"if-none-match": tag}).status_code == 304


def test_an_empty_feed_is_a_feed(client):
    assert read(client).feed.title == "Masthead"


def test_withdrawn_and_scheduled_are_not_in_it(client):
    publishing.withdraw(make_article(), by=None)
    make_article(at=timezone.now() + timedelta(days=1))
    assert not read(client).entries


def test_an_article_that_did_not_change_is_parsed_once(client):
    full_content.cache_clear()
    for number in range(3):
        make_article(title=f"Later {number}")
        client.get("/feed/")
    assert full_content.cache_info().misses == 3


def test_a_change_of_the_text_is_in_the_feed(client):
    article = make_article(body="<p>Before.</p>")
    assert read(client).entries[0].content[0].value == "<p>Before.</p>"
    revisions.save(article, {**revisions.newest_data(article), "body": "<p>After.</p>"}, by=None)
    publishing.publish(article, by=None)
    assert read(client).entries[0].content[0].value == "<p>After.</p>"
