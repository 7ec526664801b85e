from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles import publishing, sitemaps
from tests.factories import make_article, make_draft

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


def test_many_addresses_stand_on_several_pages(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    for day in range(1, 4):
        make_article(slug=f"a-{day}", at=datetime(2025, 1, day, tzinfo=UTC))
    pages = [[address.split("/")[-2] for address, _ in read(client, query)] for query in ("", "?p=1", "?p=2")]
    assert pages == [["a-3", "a-2"], ["a-3", "a-2"], ["a-1"]]
    assert client.get("/sitemap.xml?p=3").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "١", "9" * 30])
def test_odd_pages_are_not_found(client, page):
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


def test_an_empty_sitemap_is_one(client):
    assert read(client) == []
