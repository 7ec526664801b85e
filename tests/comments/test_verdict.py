from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.spam.verdict import Draft, reasons_to_hold
from site_config.lib.network import keyed_hash
from tests.comments.making import make_comment
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LINK = "Look at https://a.example/ please."
HOME = "192.0.2.7"


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.COMMENT_RATE = (100, 60)


def codes(comment) -> list[str]:
    return [reason["code"] for reason in comment.reasons]


def say(text: str = "A thought.", **options):
    options = {"name": "Ines", "address": HOME, "article": make_article(), **options}
    return make_comment(options.pop("article"), text=text, **options)


def test_a_plain_comment_appears_at_once():
    comment = say()
    assert (comment.state, comment.shown, comment.reasons) == ("visible", True, [])


def test_a_first_comment_with_a_link_waits_and_says_why():
    comment = say(LINK)
    assert (comment.state, comment.shown) == ("held", False)
    assert comment.reasons == [{"code": "first-link", "text": "First comment with a link"}]


def test_a_writer_whose_comment_was_approved_may_link(editor):
    moderation.approve(say(LINK), by=editor)
    assert say(LINK).state == "visible"


def test_a_comment_that_waits_or_was_turned_down_earns_no_trust(editor):
    say(LINK)
    assert say(LINK).state == "held"
    moderation.reject(say(LINK), by=editor)
    assert say(LINK).state == "held"
    moderation.remove(moderation.approve(say(LINK), by=editor), by=editor)
    assert say(LINK).state == "held"


@pytest.mark.parametrize("other", [{"name": "Omar"}, {"address": "198.51.100.1"}, {"address": ""}])
def test_trust_belongs_to_the_name_with_its_network(editor, other):
    moderation.approve(say(LINK), by=editor)
    assert codes(say(LINK, **other)) == ["first-link"]


def test_trust_belongs_to_the_folded_name(editor):
    moderation.approve(say(LINK, name="Inês"), by=editor)
    assert say(LINK, name=" INES ").state == "visible"


def test_trust_ends_after_thirty_days(editor, frozen):
    moderation.approve(say(LINK), by=editor)
    frozen.shift(timedelta(days=29, hours=23))
    assert say(LINK).state == "visible"
    frozen.shift(timedelta(days=30))
    assert say(LINK).state == "held"


@pytest.mark.parametrize(("day", "later"), [("2025-01-31", 1), ("2025-01-31", 29), ("2025-02-20", 20), ("2024-12-31", 2)])
def test_trust_outlives_the_monthly_key(editor, frozen, day, later):
    frozen.move_to(f"{day}T12:00:00+00:00")
    moderation.approve(say(LINK), by=editor)
    frozen.shift(timedelta(days=later))
    assert say(LINK).state == "visible"


def test_comments_that_nobody_has_read_earn_no_trust():
    assert say("Nice article!").state == "visible"
    assert say(LINK).state == "held"


def test_a_confirmed_address_does_not_exist_yet_so_writing_one_earns_nothing():
    assert say(LINK, email="ines@example.org").state == "held"


def test_open_holds_no_link(settings):
    settings.COMMENT_MODERATION = "open"
    assert say(LINK).state == "visible"


def test_all_holds_everything_and_everybody(settings, editor):
    settings.COMMENT_MODERATION = "all"
    assert codes(say()) == ["all"]
    moderation.approve(say("Another."), by=editor)
    assert codes(say("A third.")) == ["all"]


@pytest.mark.parametrize("policy", ["open", "first", "all"])
def test_the_hidden_field_holds_under_every_policy(settings, policy):
    settings.COMMENT_MODERATION = policy
    assert "honeypot" in codes(say(held=True))


@pytest.mark.parametrize("policy", ["open", "first"])
def test_many_links_hold_even_a_trusted_writer(settings, editor, policy):
    settings.COMMENT_MODERATION = policy
    moderation.approve(say(LINK, held=True), by=editor)
    assert say(LINK * 3).state == "visible"
    many = say(LINK * 4)
    assert many.reasons == [{"code": "links", "text": "4 links"}]


@pytest.mark.parametrize(("seconds", "held"), [(0, True), (2.9, True), (3, False), (600, False), (None, False)])
def test_too_fast_is_known_from_the_fresh_token_only(seconds, held):
    assert ("fast" in codes(say(seconds=seconds))) is held


def test_the_owner_sets_how_fast_is_too_fast(settings):
    settings.COMMENT_MIN_SECONDS = 0
    assert say(seconds=0).state == "visible"
    settings.COMMENT_MIN_SECONDS = 60
    assert say("B", seconds=59).reasons == [{"code": "fast", "text": "Written in 59 seconds"}]
    assert say("C", seconds=1.9).reasons == [{"code": "fast", "text": "Written in 1 second"}]


def test_all_reasons_are_kept():
    comment = say(LINK * 5, held=True, seconds=0)
    assert codes(comment) == ["honeypot", "fast", "links", "first-link"]


def test_staff_never_wait(settings, editor):
    settings.COMMENT_MODERATION = "all"
    comment = say(LINK * 5, user=editor, seconds=0, held=True)
    assert (comment.state, comment.reasons) == ("visible", [])


def test_a_verdict_costs_at_most_one_query():
    now = timezone.now()
    draft = Draft("ines", LINK, (keyed_hash(HOME, now),), honeypot=False, seconds=None, now=now)
    with CaptureQueriesContext(connection) as captured:
        reasons_to_hold(draft)
    assert len(captured) == 1
