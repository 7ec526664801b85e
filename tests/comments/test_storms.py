"""Many posts at once, and what people try so that they are taken for others."""

import re
import time

import pytest
import time_machine

from articles.models import Article
from comments import editing, posting, tokens
from comments.models import DEEPEST, Comment
from site_config import pages
from tests.comments.browser import address_of, form_of, send
from tests.comments.making import errors_of, make_comment, text_of, typed
from tests.factories import make_article

pytestmark = pytest.mark.django_db
HIGH = 10**6


@pytest.fixture
def article():
    return make_article()


def test_of_a_thousand_posts_from_one_network_as_many_as_allowed_get_through(settings, frozen):
    settings.COMMENT_RATE = (5, 60)
    article, refused = make_article(), 0
    for number in range(1000):
        frozen.shift(0.06)
        try:
            posting.post_comment(article, name=f"Reader {number}", text=f"Number {number}.", address="192.0.2.1")
        except posting.RateLimited:
            refused += 1
    assert refused == 995
    assert Article.objects.get(pk=article.pk).comment_count == Comment.objects.count() == 5


def test_a_thousand_posts_from_a_thousand_networks_all_get_through(article, settings):
    settings.COMMENT_RATE = (5, 60)
    for number in range(1000):
        address = f"10.0.{number // 250}.{number % 250}"
        posting.post_comment(article, name="Reader", text=f"Number {number}.", address=address)
    assert Article.objects.get(pk=article.pk).comment_count == Comment.objects.count() == 1000
    assert set(Comment.objects.values_list("twin", flat=True)) == set(range(1, 1001))


def test_moving_about_within_an_ipv6_network_is_no_escape(client, article, settings):
    settings.COMMENT_RATE = (3, 60)
    sent = [send(client, article, text=f"Number {n}.", network=f"2001:db8:0:1:{n:x}::{n:x}") for n in range(1, 9)]
    assert [answer.status_code for answer in sent] == [303] * 3 + [429] * 5
    assert typed(sent[-1]) == "Number 8."
    assert send(client, article, network="2001:db8:0:2::1").status_code == 303


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "Client-IP"])
def test_a_forged_origin_is_no_escape(client, article, settings, header):
    settings.COMMENT_RATE = (3, 60)
    sent = [send(client, article, text=f"Number {n}.", headers={header: f"198.51.100.{n}"}) for n in range(5)]
    assert [answer.status_code for answer in sent] == [303] * 3 + [429] * 2


def test_a_forged_origin_gives_no_right_to_change(client, article):
    comment = make_comment(article, address="192.0.2.1")
    forged = {"X-Forwarded-For": "192.0.2.1"}
    where = f"/comments/{comment.pk}/edit/"
    answer = client.post(
        where, {"c": tokens.own_token(comment.pk), "text": "Mine now."}, headers=forged, REMOTE_ADDR="198.51.100.1"
    )
    assert answer.status_code == 403
    assert Comment.objects.get().source != "Mine now."


@pytest.mark.parametrize("seconds", [60, 86_400, 31_536_000])
def test_a_time_from_the_future_weighs_nothing_and_is_put_right(client, article, seconds):
    with time_machine.travel(time.time() + seconds):
        coming = tokens.fresh_token()
    refused = send(client, article, name="", fresh=coming)
    assert re.search(r'name="fresh" value="([^"]+)"', text_of(refused))[1] != coming
    assert send(client, article, fresh=coming).status_code == 303
    assert Comment.objects.get().reasons == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_no_line_end_gets_into_a_name_or_an_address(client, article, end):
    assert send(client, article, name=f"Ines{end}Bcc: all@example.org").status_code == 303
    name = Comment.objects.get().name
    assert len(name.splitlines()) == 1
    refused = send(client, article, email=f"ines@example.org{end}Bcc: all@example.org", text="Another thought.")
    assert refused.status_code == 400
    assert "name@example.org" in " ".join(errors_of(refused))
    assert typed(refused) == "Another thought."


@pytest.mark.parametrize(
    "address", ["a@b.org,c@d.org", "a@b.org; c@d.org", '"a\r\nb"@c.org', "<a@b.org>", "a@b.org\x00", "a@[127.0.0.1]\n"]
)
def test_one_address_is_one_address(client, article, address):
    answer = send(client, article, email=address)
    stored = set(Comment.objects.values_list("email", flat=True))
    assert (answer.status_code, stored) == (400, set()) or stored == {"a@[127.0.0.1]"}


def test_an_answer_to_what_its_writer_took_back_meanwhile_becomes_an_offer(client, article):
    parent = make_comment(article, name="Ines the Gone", address="192.0.2.9")
    form = form_of(article, parent, text="Words of an hour.")
    editing.withdraw(parent, address="192.0.2.9")
    answer = client.post(address_of(article, parent), form)
    assert answer.status_code == 409
    assert typed(answer) == "Words of an hour."
    assert "Ines" not in re.sub(r'value="Ines"', "", text_of(answer))


def deep_thread(article, depth: int) -> Comment:
    """The last of so many answers to each other."""
    first, path, rows = make_comment(article), b"", []
    for nth in range(1, depth + 1):
        path = path[: (DEEPEST - 1) * 4] + nth.to_bytes(4, "big")
        above = first.pk if nth == 1 else HIGH + nth - 1
        words = {"name": f"Reader {nth}", "folded": f"reader {nth}", "source": "So.", "html": "<p>So.</p>"}
        place = {"parent_id": above, "root_id": first.pk, "nth": nth, "path": path, "shown": True, "state": "visible"}
        rows.append(Comment(pk=HIGH + nth, article=article, **place, **words))
    with pages.changing(f"article:{article.pk}"):
        Comment.objects.bulk_create(rows)
    return rows[-1]


def test_an_answer_at_depth_a_thousand(client, article):
    last = deep_thread(article, 1000)
    assert send(client, article, last, text="Down here.").status_code == 303
    deepest = Comment.objects.get(source="Down here.")
    assert (deepest.parent_id, deepest.depth, deepest.nth) == (last.pk, 64, 1001)
    where = client.get(f"/comments/{deepest.pk}/").headers["Location"]
    assert f'id="c-{deepest.pk}"' in text_of(client.get(where.partition("#")[0]))
