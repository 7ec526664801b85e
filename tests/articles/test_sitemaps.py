from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles import corrections, publishing, series, sitemaps
from tests.factories import make_article, make_draft, make_image

pytestmark = pytest.mark.django_db
SCHEMA = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, query: str = "") -> list[tuple[str, str]]:
    answer = client.get(f"/sitemap.xml{query}")
    assert answer.status_code == 200
    tree = ElementTree.fromstring(answer.content)
    return [(url.findtext(f"{SCHEMA}loc"), url.findtext(f"{SCHEMA}lastmod")) for url in tree.findall(f"{SCHEMA}url")]


def test_it_works(client):
    make_article(slug="older", at=datetime(2024, 5, 1, tzinfo=UTC))
    make_article(slug="newer", at=datetime(2025, 1, 2, tzinfo=UTC))
    assert read(client) == [("http://testserver/newer/", "2025-01-02"), ("http://testserver/older/", "2024-05-01")]
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.headers["Last-Modified"] == "Thu, 02 Jan 2025 00:00:00 GMT"


def test_it_names_what_anybody_may_find(client):
    make_article(kind="page", slug="page")
    make_article(slug="elsewhere", canonical_url="https://example.org/a/")
    make_article(slug="unlisted", visibility="unlisted")
    make_article(slug="scheduled", at=timezone.now() + timedelta(days=1))
    make_draft(slug="draft")
    publishing.withdraw(make_article(slug="gone"), by=None)
    assert [address for address, _ in read(client)] == ["http://testserver/page/"]


@pytest.mark.parametrize("slug", ["ärger", "日本語", "a-b_c", "مقالة"])
def test_addresses_are_those_of_the_articles(client, slug):
    article = make_article(slug=slug)
    address = read(client)[0][0]
    assert address == f"http://testserver{article.get_absolute_url()}"
    assert address.isascii()


def test_the_day_of_a_change_is_the_sites(client, settings):
    make_article(at=datetime(2025, 1, 2, 20, tzinfo=UTC))
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.deactivate()
    assert read(client)[0][1] == "2025-01-03"


def parts_of(client) -> dict[str, str | None]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert tree.tag == f"{SCHEMA}sitemapindex"
    return {one.findtext(f"{SCHEMA}loc"): one.findtext(f"{SCHEMA}lastmod") for one in tree}


def test_many_addresses_stand_in_parts_that_an_index_names(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    made = [make_article(slug=f"a-{day}", at=datetime(2025, 1, day, tzinfo=UTC)) for day in range(1, 6)]
    parts = parts_of(client)
    assert client.get("/sitemap.xml").headers["Last-Modified"] == "Sun, 05 Jan 2025 00:00:00 GMT"
    found = {}
    for address, changed in parts.items():
        rows = read(client, address.removeprefix("http://testserver/sitemap.xml"))
        found |= dict(rows)
        assert changed == max((day for _, day in rows), default=None)
        assert len(rows) <= 2
    assert found == {f"http://testserver/{one.slug}/": f"2025-01-0{number}" for number, one in enumerate(made, 1)}
    assert client.get(f"/sitemap.xml?p={made[-1].pk // 2 + 1}").status_code == 404


def test_a_part_of_old_articles_stays_as_it_is(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    made = [make_article() for _ in range(3)]
    place = f"?p={made[0].pk // 2}"
    before = client.get(f"/sitemap.xml{place}").content
    made += [make_article() for _ in range(3)]
    assert client.get(f"/sitemap.xml{place}").content == before


def test_parts_take_few_queries(client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    for _ in range(5):
        make_article()
    for query in ("", "?p=0"):
        with django_assert_max_num_queries(5):
            client.get(f"/sitemap.xml{query}")


def test_a_lead_image_is_named(client):
    article = make_article(image=make_image(size=(90, 60)).pk)
    make_article()
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    images = [element.text for element in tree.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc")]
    assert images == [f"http://testserver{article.lead['full']}"]


@pytest.mark.parametrize("page", ["-1", "x", "", "1.5", "١", "9" * 30, "999999999999"])
def test_odd_parts_are_not_found(client, page):
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


def test_an_empty_sitemap_is_one(client):
    assert read(client) == []


def test_series_and_corrections_are_named_once_there_is_something_to_read(client):
    article, unlisted = make_article(slug="one"), make_article(slug="two", visibility="unlisted")
    series.save(None, title="Read", articles=[article.pk], by=None)
    series.save(None, title="Unread", articles=[unlisted.pk], by=None)
    corrections.correct(unlisted, "So.", by=None)
    assert [address for address, _ in read(client)] == ["http://testserver/one/", "http://testserver/series/read/"]
    corrections.correct(article, "So.", by=None)
    assert [address for address, _ in read(client)][1:] == ["http://testserver/series/read/", "http://testserver/corrections/"]
