import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.utils import timezone

from articles import corrections, publishing, revisions, vocabulary
from articles.feeds import size_of
from articles.full_content import content_of_html
from articles.models import Tag
from site_config import pages
from site_config.jobs.runner import run_due
from site_config.lib import feeds
from tests import feed_rules
from tests.factories import make_article, make_image, make_user
from tests.lacking import TOOLS, lacking

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
    content_of_html.cache_clear()
    for number in range(3):
        make_article(title=f"Later {number}")
        client.get("/feed/")
    assert content_of_html.cache_info().misses == 3


def test_a_change_of_the_text_is_in_the_feed(client):
    article = make_article(body="<p>Before.</p>")
    assert read(client).entries[0].content[0].value == "<p>Before.</p>"
    revisions.save(article, {**revisions.newest_data(article), "body": "<p>After.</p>"}, by=None)
    publishing.publish(article, by=None)
    assert read(client).entries[0].content[0].value == "<p>After.</p>"


def test_a_correction_moves_the_entry_and_is_in_it(client, frozen):
    article = make_article(body="<p>All of it.</p>")
    plain = read(client).entries[0]
    frozen.shift(timedelta(days=1))
    corrections.correct(article, "It was <so>.\n\nNot so.", by=None)
    entry = read(client).entries[0]
    assert entry.updated > plain.updated
    assert entry.id == plain.id
    assert entry.content[0].value == (
        "<p>All of it.</p><h2>Correction, 16 February 2025</h2><p>It was &lt;so&gt;.</p><p>Not so.</p>"
    )


def test_a_feed_without_corrections_costs_no_query_for_them(client, django_assert_num_queries):
    articles = [make_article() for _ in range(3)]
    with django_assert_num_queries(5):
        client.get("/feed/")
    for article in articles:
        corrections.correct(article, "So.", by=None)
    with django_assert_num_queries(6):
        client.get("/feed/")


# --- three formats of each ----------------------------------------------------------------------------------------------

RICH = """<h2>Part &amp; <em>parcel</em></h2><p lang="fr" dir="ltr">Texte <a href="/about/">ici</a>, <a href="#x">là</a></p>
<figure class="wide"><img data-image="{image}" alt="A &quot;view&quot;"><figcaption>Seen <span class="credit">Me</span></figcaption>
</figure><table class="stack"><caption>Sums</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><td>1</td><td>2</td></tr></tbody></table><aside class="callout"><p>Mind.</p></aside>
<figure class="pull"><blockquote><p>Said.</p></blockquote></figure><pre><code>a &lt; b ]]&gt;</code></pre>"""
ADDRESSES = ("/feed/", "/feed/tag/ai/", "/feed/author/desk/")
KINDS = ["atom", "rss", "json"]
HOSTILE = ["]]>", "a & b", "&amp;", "<b>x</b>", "\u202eabc", "مقالة", "🦉🏳️‍🌈", 'say "x"', "tab\there", "x\x85y", "0" * 200]


def kinds_of(address: str) -> dict[str, str]:
    return {"atom": address, "rss": f"{address}rss/", "json": f"{address}json/"}


def rich_article(**fields):
    image = make_image(size=(1200, 800))
    desk = get_user_model().objects.filter(username="desk").first() or make_user(username="desk", display_name="Desk")
    whole = {"image": image.pk, "body": RICH.format(image=image.pk), "tags": ["AI", "R & D"], "bylines": [desk.pk], **fields}
    article = make_article(**whole)
    run_due()
    return article


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
def test_it_is_valid_in_each_format(client, address, kind):
    rich_article()
    rich_article(language="ar", title="مقالة")
    place = kinds_of(address)[kind]
    answer = client.get(place)
    assert answer.headers["Content-Type"] == f"{feeds.TYPES[kind]}; charset=utf-8"
    assert feed_rules.problems(answer.content, f"http://testserver{place}", kind) == []


@pytest.mark.parametrize("kind", ["atom", "rss"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_feedparser_finds_nothing_to_complain_of(client, address, kind):
    article = rich_article()
    found = read(client, kinds_of(address)[kind])
    assert found.bozo == 0
    (entry,) = found.entries
    assert (entry.link, entry.author) == (f"http://testserver{article.get_absolute_url()}", "Desk")
    assert [tag.term for tag in entry.tags] == ["AI", "R & D"]
    assert "<caption" in entry.content[0].value


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_second_reader_reads_what_the_first_does(client, address, tmp_path):
    rich_article(title="One & two", summary="In short.")
    rich_article(title="مقالة", language="ar", bylines=[make_user(display_name="Olu").pk, make_user(display_name="Desk").pk])
    if not (TOOLS / "node_modules" / "feedsmith").is_dir():
        lacking("feedsmith is not installed (npm ci --ignore-scripts in tests/tools)")
    files = [tmp_path / kind for kind in KINDS]
    for file, place in zip(files, kinds_of(address).values(), strict=True):
        file.write_bytes(client.get(place).content)
    answer = subprocess.run(["node", TOOLS / "read-feeds.mjs", *files], capture_output=True, text=True, check=True)
    told = json.loads(answer.stdout)
    assert [found["format"] for found in told] == KINDS
    atom, rss, jsonfeed = (found["feed"].get("entries") or found["feed"]["items"] for found in told)
    first = read(client, kinds_of(address)["atom"]).entries
    assert [
        [entry["id"], entry["title"]["value"], entry["links"][0]["href"], [one["name"] for one in entry["authors"]]]
        for entry in atom
    ] == [[entry.id, entry.title, entry.link, [one.name for one in entry.authors]] for entry in first]
    ids = [entry["id"] for entry in atom]
    assert ids == [item["guid"]["value"] for item in rss] == [item["id"] for item in jsonfeed]
    assert [item["dc"]["creators"] for item in rss] == [[one["name"] for one in item["authors"]] for item in jsonfeed]
    whole = [entry["content"]["value"] for entry in atom]
    assert whole == [item["content"]["encoded"] for item in rss] == [item["content_html"] for item in jsonfeed]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_what_they_are(client, title):
    article = make_article(title=title, summary=f"About {title}", slug="x", tags=[title[:50]], body=f"<p>{escape(title)}</p>")
    for kind, place in kinds_of("/feed/").items():
        content = client.get(place).content
        assert feed_rules.problems(content, f"http://testserver{place}", kind) == []
        if kind == "json":
            assert json.loads(content)["items"][0]["title"] == article.title
        else:
            tag = {"atom": "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title", "rss": "channel/item/title"}
            assert ElementTree.fromstring(content).findtext(tag[kind]) == article.title


def test_the_three_formats_say_the_same(client):
    article = rich_article(title="One & two", summary="In short.")
    atom, rss = (read(client, kinds_of("/feed/")[kind]).entries[0] for kind in ("atom", "rss"))
    (item,) = json.loads(client.get("/feed/json/").content)["items"]
    assert {atom.id, rss.id, item["id"]} == {f"tag:testserver,2025:article/{article.pk}"}
    assert {atom.title, rss.title, item["title"]} == {"One & two"}
    assert {atom.published_parsed, rss.published_parsed} == {article.published_at.utctimetuple()}
    assert datetime.fromisoformat(item["date_published"]) == article.published_at
    assert item["authors"] == [{"name": "Desk", "url": "http://testserver/by/desk/"}]
    assert atom.author_detail.href == "http://testserver/by/desk/"


def test_the_lead_image_is_enclosed_with_its_true_length(client):
    article = rich_article()
    file = default_storage.path("/".join([article.lead["full"][7:9], article.lead["full"][7:]]))
    expected = {
        "href": f"http://testserver{article.lead['full']}",
        "length": str(Path(file).stat().st_size),
        "type": "image/png",
    }
    for kind in ("atom", "rss"):
        (found,) = read(client, kinds_of("/feed/")[kind]).entries[0].enclosures
        assert {name: found[name] for name in expected} == expected
    (attached,) = json.loads(client.get("/feed/json/").content)["items"][0]["attachments"]
    assert attached["size_in_bytes"] == int(expected["length"])


def test_a_lead_image_that_is_lost_is_not_enclosed(client):
    article = make_article(image=make_image(size=(90, 60)).pk)
    Path(default_storage.path("/".join([article.lead["full"][7:9], article.lead["full"][7:]]))).unlink()
    size_of.cache_clear()
    assert not read(client).entries[0].enclosures


@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
def test_older_entries_are_in_the_next_part(client, kind, monkeypatch):
    monkeypatch.setattr("articles.feeds.LONGEST", 2)
    made = [make_article(title=f"T{day}", at=datetime(2025, 1, day, tzinfo=UTC)) for day in range(5, 0, -1)]
    place, seen = f"http://testserver{kinds_of('/feed/')[kind]}", []
    while place:
        content = client.get(place.removeprefix("http://testserver")).content
        assert feed_rules.problems(content, place, kind) == []
        if kind == "json":
            seen += [item["title"] for item in json.loads(content)["items"]]
            place = json.loads(content).get("next_url")
        else:
            parsed = feedparser.parse(content)
            seen += [entry.title for entry in parsed.entries]
            place = next((link.href for link in parsed.feed.links if link.rel == "next"), None)
    assert seen == [article.title for article in made]


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "9" * 30, "١"])
def test_a_cursor_that_never_was_is_not_found(client, cursor):
    assert client.get("/feed/", {"before": cursor}).status_code == 404


@pytest.mark.parametrize("kind", ["", "rss/", "json/"])
def test_old_addresses_of_tags_and_authors_lead_to_the_new(client, kind):
    desk = make_user(username="desk", display_name="Desk")
    make_article(tags=["Law"], bylines=[desk.pk])
    vocabulary.rename(Tag.objects.get(), "Rights", by=None)
    desk.slug = "writers"
    desk.save()
    for old, new in (("tag/law", "tag/rights"), ("author/desk", "author/writers")):
        answer = client.get(f"/feed/{old}/{kind}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/feed/{new}/{kind}")
    assert client.get(f"/feed/author/nobody/{kind}").status_code == 404


def test_pages_tell_of_their_feeds(client):
    rich_article()
    for page, address in (("/", "/feed/"), ("/tag/ai/", "/feed/tag/ai/"), ("/by/desk/", "/feed/author/desk/")):
        html = client.get(page).content.decode()
        for kind, place in kinds_of(address).items():
            assert re.search(
                rf'<link rel="alternate" type="{re.escape(feeds.TYPES[kind])}" title="[^"]+" href="{place}">', html
            )


def test_an_empty_feed_is_valid(client):
    for kind, place in kinds_of("/feed/").items():
        first = client.get(place).content
        assert feed_rules.problems(first, f"http://testserver{place}", kind) == []
        assert first == client.get(place).content


def test_what_was_imported_keeps_the_id_that_its_readers_know(client):
    article = make_article()
    with pages.changing("lists"):
        type(article).objects.filter(pk=article.pk).update(feed_id="tag:blogger.com,1999:blog-1.post-2")
    assert read(client).entries[0].id == "tag:blogger.com,1999:blog-1.post-2"


def test_a_feed_says_when_it_was_updated_last(client):
    make_article(at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert client.get("/feed/").headers["Last-Modified"] == "Thu, 02 Jan 2025 03:04:05 GMT"
