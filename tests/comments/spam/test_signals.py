"""Each signal by itself: what it sees, what it says, and that it is linear in the worst of texts."""

import time

import pytest
from django.utils import timezone

from comments import markup, moderation
from comments.models import Comment
from comments.spam.draft import CERTAIN, HELD_FROM, Draft
from comments.spam.signals import AGAINST, FOR
from comments.spam.verdict import verdict_on
from tests.comments.making import make_comment
from tests.factories import make_article

pytestmark = pytest.mark.django_db

HOME = "192.0.2.7"
PITCH = "I earn so much more every week since I found this wonderful little company of honest people."
ADVICE = "The second table compares prices of two years, which is why the totals at its foot do not agree."
GOOD = "The author counts the second chart twice, which I had to read again before I understood it."
RUSSIAN = "Лучшие предложения недели для всех покупателей нашего магазина, заходите к нам"
GERMAN = "Das ist nicht die Meinung, die ich von dem Artikel habe, und es ist auch nicht so, wie sie es sagen."


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.COMMENT_RATE = (1000, 60)
    settings.COMMENT_MODERATION = "open"


def draft(source="A thought.", **more) -> Draft:
    known = {"folded": "ines", "networks": (), "honeypot": False, "seconds": None, "now": timezone.now(), "name": "Ines"}
    return Draft(**{**known, "source": markup.tidy(source), "language": "en", **more})


def found(source="A thought.", **more) -> dict[str, float]:
    return {reason.code: reason.weight for reason in verdict_on(draft(source, **more)).reasons}


def said(source="A thought.", **more) -> list[str]:
    return [reason.text for reason in verdict_on(draft(source, **more)).reasons]


def removed(text: str, editor, **options) -> Comment:
    return moderation.remove(make_comment(make_article(), text=text, **options), by=editor)


# --- filling in ----------------------------------------------------------------------------------------------------------


def test_a_long_text_in_no_time_weighs_a_little():
    assert said(GOOD * 5, seconds=9.5) == [f"{len(GOOD * 5)} characters in 9 seconds"]
    assert found(GOOD * 5, seconds=60) == {}
    assert found(GOOD * 5, seconds=None) == {}


# --- links ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "weight"), [(1, None), (2, 0.4), (3, 0.8), (4, 3.0), (19, 3.0)])
def test_links_weigh_by_their_number(count, weight):
    text = " ".join(f"https://site{number}.example/" for number in range(count))
    assert found(text).get("links") == weight


@pytest.mark.parametrize("name", ["www.deals.example", "https://x", "Best-Offers.com", "see shop.xyz now"])
def test_a_link_in_the_name(name):
    assert found(name=name)["name-link"] == 1.5


@pytest.mark.parametrize("name", ["Dr. Wood", "J.R.R. Tolkien", "Anne-Marie", "a.b", "Mr.Communication"])
def test_names_with_a_full_stop_are_no_links(name):
    assert found(name=name) == {}


def test_a_site_that_removed_comments_linked_to(editor):
    gone = [removed(f"Look {word} https://www.deals.example/{word}", editor).pk for word in ("here", "there", "now")]
    reason = verdict_on(draft("Try https://shop.deals.example/x")).reasons[0]
    assert reason.text == "Links to deals.example, as 3 removed comments do"
    assert (reason.weight, reason.ids) == (1.8, tuple(reversed(gone)))
    assert found("Try https://deals.example.org/") == {}


def test_a_site_that_good_comments_link_to_as_well_weighs_less(editor):
    removed("Look https://video.example/1", editor)
    alone = found("See https://video.example/9")["bad-link"]
    for number in range(5):
        make_comment(make_article(), text=f"One of {number} https://video.example/{number}", address=f"198.51.100.{number}")
    assert 0 < found("See https://video.example/9")["bad-link"] < alone


def test_a_shortened_link():
    assert said("Look https://bit.ly/3xYz") == ["A link through bit.ly, which hides where it leads"]
    assert found("Look https://rabbit.ly/") == {}


def test_the_same_site_three_times():
    text = "https://a.example/1 https://a.example/2 https://www.a.example/3"
    assert found(text) == {"links": 0.8, "same-link": 0.6}


def test_a_site_that_many_comments_of_the_last_hour_link_to(frozen):
    for number in range(3):
        make_comment(make_article(), text=f"{number} https://a.example/{number}", address=f"198.51.100.{number}")
    assert said("See https://a.example/") == ["3 other comments of the last hour link to a.example"]
    frozen.shift(3601)
    assert said("See https://a.example/") == []


def test_links_to_this_site_are_of_no_interest(settings, editor):
    settings.SITE_URL = "https://paper.example"
    removed("Look https://paper.example/story/", editor)
    assert found("See https://paper.example/story/") == {}


# --- repeats -------------------------------------------------------------------------------------------------------------


def test_nearly_the_words_of_a_removed_comment_hold_and_name_it(editor):
    gone = removed(PITCH, editor)
    reason = verdict_on(draft(PITCH.replace("week", "month").upper() + "!!!")).reasons[0]
    assert (reason.text, reason.ids) == ("Looks like this removed one", (gone.pk,))
    assert reason.weight >= HELD_FROM


def test_three_removed_ones_are_counted(editor, frozen):
    for number in range(3):
        removed(f"{PITCH} https://deals{number}.example/", editor, name=f"Seller {number}", held=True)
    assert "Looks like these 3 removed ones" in said(PITCH)


def test_other_words_and_an_undone_removal_hold_nothing(editor):
    gone = removed(PITCH, editor)
    assert found(GOOD) == {}
    moderation.restore(gone, by=editor)
    assert "alike" not in found(PITCH)


def test_the_same_text_again_and_again_within_the_hour(frozen):
    weights = []
    for number in range(5):
        weights.append(found(PITCH).get("repeated", 0))
        make_comment(make_article(), text=PITCH, name=f"Reader {number}", address=f"198.51.100.{number}")
    assert weights == [0, 0.5, 1.2, 2.0, 2.5]
    frozen.shift(3601)
    assert found(PITCH) == {}


def test_a_short_text_is_the_same_by_chance():
    for number in range(5):
        make_comment(make_article(), text="I agree with this.", address=f"198.51.100.{number}")
    assert found("I agree with this.") == {}


# --- record --------------------------------------------------------------------------------------------------------------


def test_a_network_with_removed_comments(editor):
    for number, word in enumerate(("one", "two", "three")):
        removed(f"Bad {word}", editor, address=HOME, name=f"N{number}")
    comment = make_comment(make_article(), text="Something else", address=HOME, name="New")
    assert [(row["code"], row["text"], row["weight"]) for row in comment.reasons] == [
        ("network", "3 comments from this network removed in 30 days, 0 visible", 1.5)
    ]
    assert comment.state == "visible"


def test_a_network_of_which_readers_see_more_than_was_removed_weighs_less(editor):
    for number, word in enumerate(("one", "two", "three")):
        removed(f"Bad {word}", editor, address=HOME, name=f"N{number}")
    for number in range(14):
        make_comment(make_article(), text=f"Good {number}", address=HOME, name=f"G{number}", held=False)
    comment = make_comment(make_article(), text="Something else", address=HOME, name="New")
    assert [(row["text"], row["weight"]) for row in comment.reasons] == [
        ("3 comments from this network removed in 30 days, 14 visible", 0.5)
    ]


def test_a_network_of_which_one_in_twenty_was_removed_is_not_mentioned(editor):
    removed("Bad", editor, address=HOME, name="N")
    for number in range(20):
        make_comment(make_article(), text=f"Good {number}", address=HOME, name=f"G{number}", held=False)
    assert make_comment(make_article(), text="Something else", address=HOME, name="New").reasons == []


def test_a_network_with_many_weighs_most_and_holds_nothing_by_itself(editor):
    for number in range(12):
        removed(f"Bad {number}", editor, address=HOME, name=f"N{number}", held=True)
    comment = make_comment(make_article(), text="Something else", address=HOME, name="New")
    assert comment.reasons[0]["text"] == "10 or more comments from this network removed in 30 days, 0 visible"
    assert comment.state == "visible"


# --- language and manner -------------------------------------------------------------------------------------------------


def test_another_script_weighs_a_little_and_never_holds_alone():
    assert said(RUSSIAN) == ["Mostly in Cyrillic letters"]
    assert found(RUSSIAN)["script"] < HELD_FROM
    assert found(RUSSIAN, language="ru") == {}
    assert found("The Russian word привет means hello, as everybody here knows") == {}


@pytest.mark.parametrize(("site", "article"), [("ru", "en"), ("en-gb", "uk"), ("sr-latn", "en")])
def test_the_language_of_site_or_article_is_enough(settings, site, article):
    settings.LANGUAGE_CODE = site
    assert "script" not in found(RUSSIAN, language=article)


@pytest.mark.parametrize(
    "text",
    ["你好，这是一个关于人工智能的评论，谢谢", "ありがとうございます、とても面白い記事でした", "مرحبا بكم في هذا الموقع"],
)
def test_scripts_are_known_by_name(text):
    assert "script" in found(text)


def test_another_language_in_the_same_letters():
    assert said(GERMAN) == ["Looks German, unlike this site"]
    assert found(GERMAN, language="de") == {}
    assert found(GOOD + " " + ADVICE) == {}


def test_capitals_and_drawn_out_letters():
    assert found(GOOD.upper()) == {"capitals": 0.5}
    assert found("NASA and ESA") == {}
    assert found("Sooooooo good") == {"drawn-out": 0.3}
    assert found("---------- and ........") == {}


@pytest.mark.parametrize("name", ["Best_Offers", "Cheap SEO", "Casino Bonus 24", "buy my wonderful new book right now"])
def test_a_name_that_sells(name):
    assert found(name=name) == {"name": 0.8}


@pytest.mark.parametrize("name", ["Ines", "Sale Ngahkwe", "Best", "Earn", "Online"])
def test_names_of_people_do_not(name):
    assert found(name=name) == {}


def test_small_things_together_do_not_hold_a_person():
    assert not verdict_on(draft(RUSSIAN.upper() + "!!!!!!!")).held


# --- all of them ---------------------------------------------------------------------------------------------------------

BOMBS = [
    "> " * 2000, "[" * 4000, "[a](" * 1000, "*_" * 2000, "`" * 4000, "A" * 4000, "А" * 4000, "!" * 4000, "a." * 2000,
    "www." * 1000, "https://" * 500, "https://a.b/" * 333, "http://" + "a" * 3990, "#1 " * 1300, "\u0301" * 4000, "'" * 4000,
    "a’" * 2000, "$€" * 2000, "\n" * 4000, "a " * 2000, "https://[::1" * 300, "https://xn--" * 300, "https://ü.ü/" * 333,
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: ascii(bomb[:6]))
def test_no_text_takes_long(bomb):
    began = time.process_time()
    verdict_on(draft(bomb, name=bomb[:60]))
    assert time.process_time() - began < 0.5, "not a measure: a regular expression that runs away takes minutes"


@pytest.mark.parametrize("name", ["\x00", "x" * 100_000, "www." * 20_000, "a-" * 30_000, "\ud800", ""])
def test_no_name_breaks_it(name):
    verdict_on(draft(name=name, source=f"{name[:500]} words and more words than twenty letters"))


def test_codes_are_unique_and_each_signal_is_named_once():
    assert len(set(AGAINST + FOR)) == len(AGAINST + FOR)
    assert CERTAIN - 2 >= HELD_FROM, "trust and nice words, 1.0 each, do not lift what is certain"
