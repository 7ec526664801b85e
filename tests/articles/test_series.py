import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, revisions, series
from articles.models import Article, Series
from site_config.audit.models import Entry
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def make(*articles, title: str = "How it works", **fields) -> Series:
    return series.save(None, title=title, articles=[article.pk for article in articles], by=None, **fields)


def order(found: Series) -> list[str]:
    return list(found.articles.order_by("series_place").values_list("working_title", flat=True))


def page(client, thing) -> str:
    answer = client.get(thing if isinstance(thing, str) else thing.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def named(text: str) -> list[str]:
    return re.findall(r"<h3><a href=\"[^\"]*\">([^<]*)</a></h3>", text)


def changed(act) -> set[str]:
    before = dict(Generation.objects.values_list("subject", "number"))
    act()
    after = dict(Generation.objects.values_list("subject", "number"))
    return {subject for subject in after if after[subject] != before.get(subject)}


def test_it_works(client):
    one, two, three = (make_article(title=title) for title in ("One", "Two", "Three"))
    found = make(two, one, three, title="How <it> works", description="All of it & more.")
    assert found.slug == "how-it-works"
    text = page(client, found)
    assert named(text) == ["Two", "One", "Three"]
    assert "How &lt;it&gt; works" in text
    assert "All of it &amp; more." in text
    middle = page(client, one)
    assert 'Part 2 of 3 of <a href="/series/how-it-works/" dir="auto">How &lt;it&gt; works</a>' in middle
    assert re.search(r'href="/two/" rel="prev".*href="/three/" rel="next"', middle)


def test_the_ends_of_a_series_say_so(client):
    one, two = make_article(title="One"), make_article(title="Two")
    make(one, two)
    assert 'rel="prev"' not in page(client, one)
    assert 'rel="next"' not in page(client, two)
    assert "The first part" in page(client, one)


@pytest.mark.parametrize("act", ["save", "delete"])
def test_it_checks_access(act):
    found = make()
    acts = {
        "save": lambda by: series.save(found, title="Other", by=by),
        "delete": lambda by: series.delete(found, by=by),
    }
    with pytest.raises(PermissionDenied):
        acts[act](make_user(permissions=("articles.publish_article", "articles.delete_series")))
    acts[act](make_user(permissions=("articles.change_series",)))


def test_adding_removing_and_moving():
    one, two, three = (make_article(title=title) for title in ("One", "Two", "Three"))
    found = make(one, two)
    series.save(found, title=found.title, articles=[three.pk, one.pk], by=None)
    assert order(found) == ["Three", "One"]
    assert Article.objects.get(pk=two.pk).series is None


def test_an_article_of_another_series_stays_there():
    one = make_article()
    make(one)
    with pytest.raises(ValueError, match="another series"):
        make(one, title="Second")
    assert Series.objects.count() == 1


def test_more_than_the_most_are_refused(monkeypatch):
    monkeypatch.setattr(series, "MOST", 1)
    with pytest.raises(ValueError, match="1 articles at most"):
        make(make_article(), make_article())


def test_an_old_address_leads_to_the_new_one(client):
    found = make(make_article(), slug="one")
    for slug in ("two", "three"):
        series.save(found, title=found.title, slug=slug, articles=found.articles.values_list("pk", flat=True), by=None)
    for address in ("/series/one/", "/series/two/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/series/three/")


def test_without_a_slug_it_keeps_the_one_that_it_has():
    found = make(slug="one")
    assert series.save(found, title="Another title", by=None).slug == "one"


def test_two_series_of_one_title_have_two_addresses():
    assert [make(title="Same").slug for _ in range(2)] == ["same", "same-2"]


def test_only_what_lists_name_is_named(client, frozen):
    live, unlisted = make_article(title="Live"), make_article(title="Unlisted", visibility="unlisted")
    later, draft = make_article(title="Later", at=timezone.now() + timedelta(minutes=5)), make_draft(title="Draft")
    gone = publishing.withdraw(make_article(title="Gone"), by=None)
    found = make(draft, unlisted, live, later, gone)
    assert named(page(client, found)) == ["Live"]
    text = page(client, live)
    assert "Part of <a" in text
    assert "Later" not in text
    assert not {"Unlisted", "Draft", "Gone"} & set(re.findall(r"\w+", text))
    frozen.shift(timedelta(minutes=5))
    assert "Part 1 of 2" in page(client, live)
    assert named(page(client, found)) == ["Live", "Later"]


def test_an_unlisted_part_leads_to_its_neighbours_without_a_number(client):
    one, two, three = make_article(title="One"), make_article(title="Two", visibility="unlisted"), make_article(title="Three")
    make(one, two, three)
    text = page(client, two)
    assert "Part of <a" in text
    assert re.search(r'href="/one/" rel="prev".*href="/three/" rel="next"', text)
    assert "Part 2 of 2" in page(client, three)


def test_a_series_that_nobody_can_read_is_not_there(client):
    unlisted = make_article(visibility="unlisted")
    found = make(unlisted, make_draft())
    assert client.get(found.get_absolute_url()).status_code == 404
    assert found.title not in page(client, unlisted)


def test_a_page_changes_with_every_article_of_its_series(client):
    one, draft, other = make_article(), make_draft(title="To come"), make_article()
    make(one, draft)
    subjects = client.get(one.get_absolute_url()).wsgi_request.page_subjects
    assert subjects >= {f"article:{one.pk}", f"article:{draft.pk}"}
    assert f"article:{other.pk}" not in subjects
    publishing.publish(draft, by=None)
    assert "To come" in page(client, one)


def test_a_page_ends_when_the_next_article_of_its_series_goes_live(client, frozen):
    soon, later = (timezone.now() + timedelta(minutes=minutes) for minutes in (5, 9))
    one = make_article()
    make(one, make_article(at=later), make_article(at=soon))
    assert client.get(one.get_absolute_url()).wsgi_request.page_ends == soon.timestamp()


def test_saving_changes_the_pages_of_all_that_are_or_were_in_it():
    one, two, three, other = (make_article() for _ in range(4))
    found = make(one, two)
    touched = changed(lambda: series.save(found, title="T", articles=[three.pk, one.pk], by=None))
    assert touched == {"lists", *(f"article:{article.pk}" for article in (one, two, three))}
    assert changed(lambda: series.delete(found, by=None)) == {"lists", f"article:{one.pk}", f"article:{three.pk}"}
    assert Article.objects.filter(series=None).count() == 4
    assert other.pk


def test_what_was_done_is_logged(editor):
    found = series.save(None, title="One", by=editor)
    series.save(found, title="Two", by=editor)
    series.delete(found, by=editor)
    assert list(Entry.objects.filter(actor=editor).order_by("pk").values_list("verb", flat=True)) == [
        "made",
        "changed",
        "deleted",
    ]


def test_machines_are_told(client):
    one, two = make_article(), make_article()
    make(one, two, title="Series & more")
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, two), re.S)[1])
    assert found["isPartOf"] == {
        "@type": "CreativeWorkSeries",
        "name": "Series & more",
        "url": "http://testserver/series/series-more/",
    }
    assert found["position"] == 2
    assert "isPartOf" not in page(client, make_article())


def queries(client, thing) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, thing)
    return len(captured)


def test_only_an_article_of_a_series_takes_a_query_for_it(client):
    articles = [make_article(tags=["AI"], bylines=[make_user().pk]) for _ in range(4)]
    alone = queries(client, articles[0])
    make(*articles[:2])
    assert queries(client, articles[0]) == alone + 1 <= 6
    found = Series.objects.get()
    of_two = queries(client, found)
    series.save(found, title="T", articles=[article.pk for article in articles], by=None)
    assert queries(client, articles[0]) == alone + 1
    assert queries(client, found) == of_two <= 3


def test_the_word_is_kept_for_series():
    draft = make_draft(title="Series")
    assert draft.slug != "series"
    revisions.save(draft, {**revisions.newest_data(draft), "slug": "series"}, by=None)
    with pytest.raises(publishing.NotReady, match="cannot be an address"):
        publishing.publish(draft, by=None)
