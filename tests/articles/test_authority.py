import importlib
from datetime import date

import feedparser
import pytest
from django.apps import apps

from articles import authority
from articles.models import Authority
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def id_of(client) -> str:
    return feedparser.parse(client.get("/feed/").content).entries[0].id


def test_ids_stay_when_the_site_moves(client, settings, frozen):
    article = make_article()
    settings.SITE_URL = "https://example.org"
    authority.settle()
    before = id_of(client)
    assert before == f"tag:example.org,2025-02-15:article/{article.pk}"
    settings.SITE_URL = "https://example.net"
    authority.settle()
    assert id_of(client) == before


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://[::1]:8000", "http://10.0.0.7", "http://localhost:8000", "http://box", "http://a.local"],
)
def test_where_a_site_is_only_tried_nothing_is_settled(settings, url):
    settings.SITE_URL = url
    authority.settle()
    assert not Authority.objects.exists()


def test_a_host_of_another_script_is_named_as_the_net_names_it(settings):
    settings.SITE_URL = "https://zeitung.köln:8443"
    authority.settle()
    assert authority.authority() == f"zeitung.xn--kln-sna,{date.today().isoformat()}"


def test_settling_costs_one_query_once_it_is_done(settings, django_assert_num_queries):
    settings.SITE_URL = "https://example.org"
    authority.settle()
    with django_assert_num_queries(1):
        authority.settle()


def test_a_site_that_had_readers_before_keeps_its_ids(settings, client):
    migration = importlib.import_module("articles.migrations.0006_feeds")
    settings.SITE_URL = "https://example.org"
    migration.keep(apps, None)
    assert not Authority.objects.exists(), "nothing was published"
    article = make_article()
    before = id_of(client)
    migration.keep(apps, None)
    authority.settle()
    assert id_of(client) == before == f"tag:example.org,2025:article/{article.pk}"
