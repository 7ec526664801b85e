"""The rate limit by network: counted in the posting transaction, whatever is sent in whatever form."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments import posting
from comments.models import Comment
from comments.posting import RateLimited
from comments.spam.verdict import verdict_on
from site_config.lib.network import client_address
from tests.comments.making import errors_of, make_comment, send, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_a_minute(settings, tmp_path):
    settings.COMMENT_RATE = (5, 60)
    settings.DATA_DIR = tmp_path


def many(addresses) -> tuple[int, int]:
    """How many were taken, how many refused."""
    article, taken, refused = make_article(), 0, 0
    for number, address in enumerate(addresses):
        try:
            make_comment(article, text=f"Number {number}", address=address)
            taken += 1
        except RateLimited:
            refused += 1
    return taken, refused


def test_a_thousand_posts_of_one_network_are_five(frozen):
    assert many(["203.0.113.9"] * 1000) == (5, 995)


def test_a_household_that_changes_its_address_within_its_network_is_one(frozen):
    assert many(f"2001:db8:1:2:{number:x}::{number:x}" for number in range(100)) == (5, 95)


def test_others_are_not_held_up_by_it(frozen):
    many(["203.0.113.9"] * 20)
    assert many(f"203.0.{number}.1" for number in range(200)) == (200, 0)


def test_the_next_minute_is_another(frozen):
    many(["203.0.113.9"] * 20)
    frozen.shift(61)
    assert many(["203.0.113.9"] * 20) == (5, 15)


def statuses(client, article, headers, network) -> list[int]:
    return [send(client, article, headers=one, network=network).status_code for one in headers]


def test_forged_headers_of_a_public_peer_change_nothing(client, frozen):
    forged = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(20)]
    assert statuses(client, make_article(), forged, "203.0.113.9") == [303] * 5 + [429] * 15


def test_behind_a_declared_proxy_only_what_the_proxy_wrote_counts(client, settings, frozen):
    settings.TRUSTED_PROXIES = 1
    forged = [{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"} for number in range(20)]
    assert statuses(client, make_article(), forged, "127.0.0.1") == [303] * 5 + [429] * 15


def test_behind_an_undeclared_proxy_the_world_is_not_limited_as_one(client, frozen):
    headers = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(20)]
    assert statuses(client, make_article(), headers, "127.0.0.1") == [303] * 20
    assert set(Comment.objects.values_list("network", flat=True)) == {""}


def test_nor_is_anybody_trusted_by_it(client, settings, editor, frozen):
    from comments import moderation

    article, header = make_article(), {"X-Forwarded-For": "198.51.100.1"}
    send(client, article, headers=header, network="127.0.0.1", name="Ines", text="See https://a.example/")
    moderation.approve(Comment.objects.get(), by=editor)
    send(client, article, headers=header, network="127.0.0.1", name="Ines", text="And https://b.example/")
    assert Comment.objects.order_by("-pk").first().state == "held"


def test_the_desk_tells_the_owner_which_setting_to_set(client, rf, frozen):
    admin = make_user(is_superuser=True)
    client.force_login(admin)
    assert "MASTHEAD_PROXIES" not in text_of(client.get("/admin/"))
    client_address(rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.1"}))
    page = text_of(client.get("/admin/"))
    assert "Set MASTHEAD_PROXIES to the number of proxies before the server" in page


def test_authors_who_can_do_nothing_about_it_are_not_told(client, rf, frozen):
    client.force_login(make_user(permissions=("articles.add_article", "articles.change_article")))
    client_address(rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.1"}))
    assert "MASTHEAD_PROXIES" not in text_of(client.get("/admin/"))


def test_the_check_before_deployment_tells_it_too(rf, capsys, frozen):
    client_address(rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.1"}))
    call_command("check", "--deploy", "--tag", "security")
    assert "masthead.W007" in capsys.readouterr().err


def test_a_refusal_gives_the_text_back_and_says_when_to_try_again(client, frozen):
    article = make_article()
    for _ in range(5):
        send(client, article, network="203.0.113.9")
    answer = send(client, article, network="203.0.113.9", text="What I wanted to say")
    assert errors_of(answer) == ["Too many comments came from your network just now. Nothing is lost: try again in a minute."]
    assert "What I wanted to say" in text_of(answer)


def test_a_verdict_costs_the_same_with_a_thousand_networks(frozen, django_assert_num_queries):
    many(f"203.0.{number // 250}.{number % 250}" for number in range(1000))
    draft = posting.Draft("ines", "Words of some length, more than twenty.", ("0" * 32,), False, None, timezone.now())
    with django_assert_num_queries(3):
        verdict_on(draft)
