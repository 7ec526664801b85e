from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.models import Comment
from comments.spam.draft import HELD_FROM, Draft, because, total
from comments.spam.verdict import again, verdict_on
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
    assert comment.reasons == [{"code": "first-link", "text": "First comment with a link", "weight": 4.0}]


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


def test_an_address_that_nobody_has_confirmed_earns_nothing(editor):
    moderation.approve(say(LINK, email="ines@example.org"), by=editor)
    assert codes(say(LINK, name="Omar", email="ines@example.org")) == ["first-link"]


def test_open_holds_no_link(settings):
    settings.COMMENT_MODERATION = "open"
    assert say(LINK).state == "visible"


def test_all_holds_everything_and_everybody(settings, editor):
    settings.COMMENT_MODERATION = "all"
    assert codes(say()) == ["all"]
    moderation.approve(say("Another."), by=editor)
    assert codes(say("A third.")) == ["all", "trusted"]


@pytest.mark.parametrize("policy", ["open", "links", "first", "all"])
def test_the_hidden_field_holds_under_every_policy(settings, policy):
    settings.COMMENT_MODERATION = policy
    assert "honeypot" in codes(say(held=True))


@pytest.mark.parametrize("policy", ["open", "links", "first"])
def test_many_links_hold_even_a_trusted_writer(settings, editor, policy):
    settings.COMMENT_MODERATION = policy
    moderation.approve(say(LINK, held=True), by=editor)
    assert say(LINK * 3).state == "visible"
    many = say(LINK * 4)
    assert many.state == "held"
    assert {"code": "links", "text": "4 links", "weight": 3.0} in many.reasons
    assert codes(many)[-1] == "trusted"


@pytest.mark.parametrize(("seconds", "held"), [(0, True), (2.9, True), (3, False), (600, False), (None, False)])
def test_too_fast_is_known_from_the_fresh_token_only(seconds, held):
    assert ("fast" in codes(say(seconds=seconds))) is held


def test_the_owner_sets_how_fast_is_too_fast(settings):
    settings.COMMENT_MIN_SECONDS = 0
    assert say(seconds=0).state == "visible"
    settings.COMMENT_MIN_SECONDS = 60
    assert say("B", seconds=59).reasons == [{"code": "fast", "text": "Written in 59 seconds", "weight": 3.0}]
    assert say("C", seconds=1.9).reasons == [{"code": "fast", "text": "Written in 1 second", "weight": 3.0}]


def test_all_reasons_are_kept():
    comment = say(LINK * 5, held=True, seconds=0)
    assert codes(comment) == ["honeypot", "fast", "first-link", "links", "same-link"]


def test_staff_never_wait(settings, editor):
    settings.COMMENT_MODERATION = "all"
    comment = say(LINK * 5, user=editor, seconds=0, held=True)
    assert (comment.state, comment.reasons) == ("visible", [])


# --- the sum -------------------------------------------------------------------------------------------------------------


def test_held_means_that_the_sum_of_what_is_stored_reaches_the_threshold(editor):
    said = [say(LINK), say("Plain words."), say(LINK * 3), say("Quick.", seconds=0), say("A trap.", held=True)]
    for comment in said:
        assert (comment.state == "held") is (total(comment.reasons) >= HELD_FROM)
        assert all(reason["weight"] for reason in comment.reasons)


def test_what_speaks_for_a_writer_is_stored_with_its_weight_and_lowers_the_sum(editor, settings):
    settings.COMMENT_MODERATION = "open"
    moderation.approve(say("A trap.", held=True), by=editor)
    comment = say("Quick, but known.", seconds=1)
    assert [(reason["code"], reason["weight"]) for reason in comment.reasons] == [("fast", 3.0), ("trusted", -1.0)]
    assert (comment.state, comment.reasons_sum) == ("held", 2.0)


def test_held_because_lists_only_what_speaks_against_it_and_the_heaviest_first():
    comment = Comment(reasons=[
        {"code": "links", "text": "2 links", "weight": 0.4},
        {"code": "first", "text": "First comment", "weight": 4.0},
        {"code": "trusted", "text": "Known", "weight": -1.0},
    ])  # fmt: skip
    assert [reason["code"] for reason in comment.held_because] == ["first", "links"]
    assert because(comment.reasons[:1]) == []


def test_reasons_from_before_there_were_weights_were_enough_to_hold():
    old = [{"code": "first-link", "text": "First comment with a link"}, {"code": "fast", "text": "Written in 1 second"}]
    assert [reason["code"] for reason in because(old)] == ["first-link", "fast"]


def test_nothing_that_speaks_for_a_writer_outweighs_a_field_that_people_cannot_see(editor):
    moderation.approve(say("Known.", held=True), by=editor)
    comment = say("Again.", held=True)
    assert (codes(comment), comment.state) == (["honeypot", "trusted"], "held")


# --- first-timers --------------------------------------------------------------------------------------------------------


def test_first_timers_are_held_until_one_of_theirs_is_approved(settings, editor):
    settings.COMMENT_MODERATION = "first"
    first = say()
    assert (codes(first), first.state) == (["first"], "held")
    assert say("The second waits too.").state == "held"
    moderation.approve(first, by=editor)
    assert say("The third appears.").state == "visible"


def test_a_removal_makes_a_first_timer_of_a_known_writer(settings, editor):
    settings.COMMENT_MODERATION = "first"
    moderation.approve(say(), by=editor)
    moderation.remove(say("Something bad."), by=editor)
    assert say("And again.").state == "held"


# --- once the address is proven ------------------------------------------------------------------------------------------


def proven(comment: Comment) -> Comment:
    Comment.objects.filter(pk=comment.pk).update(proven=True)
    return comment


def test_a_proven_address_with_an_approved_comment_lifts_what_trust_lifts(editor):
    moderation.approve(proven(say(LINK, email="ines@example.org")), by=editor)
    other = say(LINK, name="Ines B", address="198.51.100.9", email="ines@example.org")
    assert other.state == "held"
    assert not again(other).held
    assert again(other).reasons == []


def test_a_proven_address_does_not_lift_what_else_held_it(editor):
    moderation.approve(proven(say(LINK, email="ines@example.org")), by=editor)
    other = say(LINK * 5, name="Ines B", address="198.51.100.9", email="ines@example.org", held=True)
    verdict = again(other)
    assert verdict.held
    assert [reason.code for reason in verdict.reasons] == ["honeypot", "links", "same-link", "trusted"]


def test_a_proven_address_without_an_approved_comment_changes_nothing(editor):
    first = proven(say(LINK, email="ines@example.org"))
    assert again(first).held
    moderation.remove(moderation.approve(first, by=editor), by=editor)
    assert again(say("More. " + LINK, address="198.51.100.9", email="ines@example.org")).held


def test_an_address_proven_from_this_network_counts_there_for_thirty_days(editor, frozen):
    moderation.approve(proven(say(LINK, email="ines@example.org")), by=editor)
    assert say(LINK, name="Ines at work", email="ines@example.org").state == "visible"
    assert say(LINK, name="Ines afar", email="ines@example.org", address="198.51.100.9").state == "held"
    frozen.shift(timedelta(days=31))
    assert say("Late. " + LINK, name="Ines at work", email="ines@example.org").state == "held"


def test_a_removal_takes_the_trust_of_an_address_away(editor):
    moderation.approve(proven(say(LINK, email="ines@example.org")), by=editor)
    moderation.remove(proven(say("Bad words.", email="ines@example.org")), by=editor)
    assert say("More. " + LINK, email="ines@example.org").state == "held"


# --- cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "most"), [("Short.", 2), ("Some twenty letters of plain words, and more.", 3), (LINK, 4)])
def test_a_verdict_costs_few_queries(text, most):
    now = timezone.now()
    draft = Draft("ines", text, (keyed_hash(HOME, now),), honeypot=False, seconds=None, now=now)
    with CaptureQueriesContext(connection) as captured:
        verdict_on(draft)
    assert len(captured) == most
