import re

import pytest

from articles import corrections, seo, series
from articles.models import Card
from site_config.jobs.runner import run_due
from tests.factories import make_article, make_image, make_user
from tests.schemaorg import blocks_of, is_a, problems

pytestmark = pytest.mark.django_db


def page_of(client, article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def meta_of(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[^"]+)" content="([^"]*)">', page)


def rich_article(**fields):
    desk = make_user(username="desk", display_name="Desk")
    image = make_image(size=(1200, 800), alt="Two rings")
    whole = {
        "title": "One & </script>", "subtitle": "Sub", "slug": "one", "image": image.pk, "tags": ["AI", "R & D"], "bylines": [desk.pk],
        "language": "en", **fields,
    }  # fmt: skip
    return make_article(**whole)


def test_the_test_knows_the_vocabulary():
    assert is_a("Article", "CreativeWork")
    assert not is_a("Person", "CreativeWork")
    assert problems({"@context": "https://schema.org", "@type": "Article", "logo": "x"}) == [
        "Article has no logo",
        "logo is neither address nor node",
    ]
    assert problems({"@context": "https://schema.org", "@type": "Artikel"}) == ["Artikel is no type"]


def test_an_article_is_told_by_the_vocabulary(client):
    article = rich_article()
    corrections.correct(article, "So <it> is.", by=None)
    series.save(None, title="Read & see", articles=[article.pk], by=None)
    told, way = blocks_of(page_of(client, article))
    assert problems(told) == problems(way) == []
    assert (told["@type"], told["headline"]) == ("Article", "One & </script>")
    assert told["author"] == [{"@type": "Person", "name": "Desk", "url": "http://testserver/by/desk/"}]
    assert told["image"]["caption"] == "Two rings"
    assert re.fullmatch(r"http://testserver/static/site/icon\.?\w*\.svg", told["publisher"]["logo"]["url"])
    assert [(step["position"], step["name"], step["item"]) for step in way["itemListElement"]] == [
        (1, "Masthead", "http://testserver/"),
        (2, "AI", "http://testserver/tag/ai/"),
        (3, "One & </script>", "http://testserver/one/"),
    ]


@pytest.mark.parametrize("kind", ["article", "page"])
def test_the_plainest_article_is_told_by_it_too(client, kind):
    for block in blocks_of(page_of(client, make_article(kind=kind, summary=""))):
        assert problems(block) == []


def test_the_front_page_tells_how_to_search(client):
    make_article()
    (site,) = blocks_of(client.get("/").content.decode())
    assert problems(site) == []
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/search/?q={search_term_string}"
    address = site["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", "article")
    assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_open_graph(client, settings):
    article = rich_article()
    run_due()
    card, instant = Card.objects.get(article=article).name, article.published_at.isoformat()
    assert meta_of(page_of(client, article)) == [
        ("og:type", "article"),
        ("og:title", "One &amp; &lt;/script&gt;"),
        ("og:description", "A summary."),
        ("og:url", "http://testserver/one/"),
        ("og:site_name", "Masthead"),
        ("og:locale", "en_GB"),
        ("og:image", f"http://testserver/media/{card}"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "One &amp; &lt;/script&gt; · Masthead"),
        ("twitter:card", "summary_large_image"),
        ("article:published_time", instant),
        ("article:modified_time", instant),
        ("article:author", "http://testserver/by/desk/"),
        ("article:section", "AI"),
        ("article:tag", "AI"),
        ("article:tag", "R &amp; D"),
    ]


@pytest.mark.parametrize(
    ("language", "site", "locale"),
    [("en", "en-gb", "en_GB"), ("en-us", "en-gb", "en_US"), ("de", "en-gb", ""), ("ar", "ar", ""), ("zh-hans", "en-gb", "")],
)
def test_a_locale_is_named_where_the_territory_is_known(settings, language, site, locale):
    settings.LANGUAGE_CODE = site
    assert seo.locale_of(language) == locale


def test_headers_say_it_too(client, frozen):
    article = make_article(slug="one", canonical_url="https://example.org/ä/")
    answer = client.get("/one/")
    assert answer.headers["Last-Modified"] == "Sat, 15 Feb 2025 12:00:00 GMT"
    links = answer.headers["Link"].split(", ")
    assert links[:2] == [
        '<https://example.org/%C3%A4/>; rel="canonical"',
        '<http://testserver/one.md>; rel="alternate"; type="text/markdown"',
    ]
    frozen.shift(3600)
    corrections.correct(article, "So.", by=None)
    assert client.get("/one/").headers["Last-Modified"] == "Sat, 15 Feb 2025 13:00:00 GMT"
    tag = client.get("/one/").headers["ETag"]
    again = client.get("/one/", headers={"if-none-match": tag})
    assert (again.status_code, "Link" in again.headers, "Last-Modified" in again.headers) == (304, True, True)


def test_robots_are_kept_from_what_is_no_page(client):
    text = client.get("/robots.txt").content.decode()
    groups, sitemap = text.split("\n\n")
    assert groups.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "Disallow: /comments/fresh/",
        "Disallow: /comments/*/*/",
    ]
    assert sitemap == "Sitemap: http://testserver/sitemap.xml\n"
