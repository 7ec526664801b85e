"""The private feed of what waits."""

import feedparser
import pytest
from django.core.exceptions import PermissionDenied

from comments import moderation, passages, reporting
from comments.anchors import Quote
from comments.models import FeedKey
from comments.queue import feed
from tests.comments.making import make_comment, some_address, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user(display_name="Ada", permissions=("comments.moderate_comment",))


def path_of(address: str) -> str:
    return address.removeprefix("http://testserver")


def test_it_tells_what_waits_and_why(client, ada):
    article = make_article(title="On <openness>")
    held = make_comment(article, name="Ines & Co", text="See https://example.org/ <b>", held=True)
    reported = make_comment(article, name="Jonas", text="You fool.")
    reporting.report(reported, reason="attack", address=some_address())
    make_comment(article, name="Nobody asks", text="Fine.")
    found = feedparser.parse(text_of(client.get(path_of(feed.make_address(ada)))))
    assert (found.bozo, found.version) == (False, "atom10")
    assert [entry.title for entry in found.entries] == ["Held: Ines & Co on On <openness>", "Reported: Jonas on On <openness>"]
    one, two = found.entries
    assert "See https://example.org/ &lt;b&gt;" in one.summary
    assert "A field that people cannot see was filled in" in one.summary
    assert "reported as attacks a person: 1" in two.summary
    assert one.link == f"http://testserver/admin/comments/comment/queue/?case={held.pk}"
    assert len({entry.id for entry in found.entries}) == 2


def test_quotations_are_quotations_and_links_lead_nowhere(client, ada):
    article = make_article(body="<p>Neither claim is silly, and neither is free.</p>")
    text = "> as they said\n\nSee [this](https://spam.example/)"
    make_comment(article, text=text, anchor=passages.take(article, Quote("neither is free")), held=True)
    (entry,) = feedparser.parse(text_of(client.get(path_of(feed.make_address(ada))))).entries
    assert entry.summary.startswith("<blockquote><p>neither is free</p></blockquote><blockquote>\n<p>as they said</p>")
    assert "<p>See this (https://spam.example/)</p>" in entry.summary


def test_an_empty_queue_is_a_valid_feed(client, ada):
    found = feedparser.parse(text_of(client.get(path_of(feed.make_address(ada)))))
    assert (found.bozo, found.entries) == (False, [])
    assert found.feed.updated


def test_it_is_kept_and_indexed_nowhere(client, ada):
    answer = client.get(path_of(feed.make_address(ada)))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not answer.cookies


def test_a_new_address_revokes_the_one_before(client, ada):
    old = feed.make_address(ada)
    new = feed.make_address(ada)
    assert new == feed.address_for(ada) != old
    assert (client.get(path_of(old)).status_code, client.get(path_of(new)).status_code) == (404, 200)
    assert FeedKey.objects.count() == 1


@pytest.mark.parametrize("lost", ["is_active", "is_staff", "permission"])
def test_it_ends_with_the_right_to_moderate(client, ada, lost):
    address = path_of(feed.make_address(ada))
    if lost == "permission":
        ada.user_permissions.clear()
    else:
        setattr(ada, lost, False)
        ada.save(update_fields=[lost])
    assert client.get(address).status_code == 404


def test_forged_tokens_show_nothing(client, ada):
    address = path_of(feed.make_address(ada))
    token = address.rpartition("/")[2].removesuffix(".atom")
    other = make_user(permissions=("comments.moderate_comment",))
    for forged in (token[:-1], f"{other.pk}-{token.partition('-')[2]}", "1", "-", "x-y", "9" * 30 + "-a", "1-é", "²-a"):
        assert client.get(f"/comments/queue/{forged}.atom").status_code == 404
    assert client.post(address).status_code == 405


def test_who_may_not_moderate_gets_no_address():
    with pytest.raises(PermissionDenied):
        feed.make_address(make_user())


def test_it_costs_the_same_for_one_and_for_many(client, ada, django_assert_max_num_queries):
    address = path_of(feed.make_address(ada))
    for _ in range(12):
        make_comment(make_article(), held=True)
    with django_assert_max_num_queries(14):
        client.get(address)


def test_what_was_decided_is_gone_from_it(client, ada):
    comment = make_comment(make_article(), held=True)
    moderation.reject(comment, by=ada)
    assert not feedparser.parse(text_of(client.get(path_of(feed.make_address(ada))))).entries
