from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.models import Clue, Comment, Lessons
from comments.spam import classifier
from comments.spam.bayes import BEST, SEEN_ENOUGH, WORST, opinion, probability
from comments.spam.features import MOST_PIECES, MOST_WORDS, features
from site_config import pages
from site_config.jobs import periodic
from tests.comments.making import make_comment
from tests.factories import make_article

GOOD_WORDS = "author chart column table argument footnote source paragraph minister budget".split()
BAD_WORDS = "casino jackpot bonus winner prize cheap pills discount miracle offer".split()


def text_of(number: int, words: list[str]) -> str:
    return f"Some {words[number % 10]} and {words[(number + 3) % 10]} with {words[(number * 7 + 1) % 10]}."


# --- features ------------------------------------------------------------------------------------------------------------


def shown(text: str) -> set[str]:
    return {feature.shown for feature in features(text).values()}


def test_words_are_folded_and_long_ones_leave_pieces_too():
    assert shown("The CASINO!") == {"the", "casino", "…casi…", "…asin…", "…sino…"}


def test_addresses_are_left_out_and_numbers_are_told_by_their_length():
    assert shown("Win 500 at https://x.example/win") == {"win", "###", "at"}


def test_a_script_without_spaces_leaves_pieces():
    assert "…人工智能…" in shown("这是一个关于人工智能的评论")


def test_there_are_never_too_many():
    everything = " ".join(f"w{chr(97 + a)}{chr(97 + b)}word" for a in range(26) for b in range(26))
    assert len(features(everything)) <= MOST_WORDS + MOST_PIECES


# --- the opinion ---------------------------------------------------------------------------------------------------------


def counts(text: str, good: int, bad: int) -> dict:
    return dict.fromkeys(features(text), (good, bad))


def test_it_says_nothing_until_it_has_seen_enough_of_both():
    found = features("casino")
    assert opinion(found, counts("casino", 0, 19), 1000, SEEN_ENOUGH - 1).weight == 0
    assert opinion(found, counts("casino", 0, 19), SEEN_ENOUGH - 1, 1000).weight == 0
    assert opinion(found, counts("casino", 0, 19), SEEN_ENOUGH, SEEN_ENOUGH).weight > 0


def test_many_good_comments_do_not_tip_it():
    found = features("word")
    one = opinion(found, counts("word", 10, 10), 20, 20).weight
    many = opinion(found, counts("word", 1000, 10), 2000, 20).weight
    assert one == many == 0


def test_what_was_met_once_says_less_than_what_was_met_often():
    found = features("word")
    assert 0 < opinion(found, counts("word", 0, 1), 100, 100).weight < opinion(found, counts("word", 0, 50), 100, 100).weight


def test_it_is_bounded_and_nice_words_weigh_less_than_bad_ones():
    text = " ".join(BAD_WORDS)
    assert opinion(features(text), counts(text, 0, 90), 100, 100).weight == WORST
    assert opinion(features(text), counts(text, 90, 0), 100, 100).weight == BEST


def test_a_misspelt_word_is_known_by_its_pieces_and_a_known_one_is_not_counted_twice():
    learned = counts("casino", 0, 90)
    alone = opinion(features("casino"), learned, 100, 100)
    assert [clue.shown for clue in alone.telling] == ["casino"]
    misspelt = opinion(features("casinoo"), learned, 100, 100)
    assert {clue.shown for clue in misspelt.telling} == {"…casi…", "…asin…", "…sino…"}
    assert 0 < misspelt.weight


def test_counts_that_went_wrong_break_nothing():
    assert opinion(features("a b"), dict(zip(features("a b"), [(-1, 0), (0, 0)], strict=True)), 50, 50).weight == 0


def test_the_weight_is_log_odds():
    assert probability(0) == 0.5
    assert 0.87 < probability(2.0) < 0.89


# --- learning ------------------------------------------------------------------------------------------------------------


def wait(frozen) -> int:
    frozen.shift(timedelta(minutes=20))
    return classifier.learn()


def totals() -> tuple[int, int]:
    lesson = Lessons.objects.first() or Lessons()
    return lesson.good, lesson.bad


@pytest.fixture
def article(settings, frozen, db):
    settings.COMMENT_MODERATION = "all"
    return make_article()


def school(article, editor, frozen, number: int = SEEN_ENOUGH) -> None:
    for nth in range(number):
        moderation.approve(make_comment(article, text=text_of(nth, GOOD_WORDS), name="Reader"), by=editor)
        moderation.reject(make_comment(article, text=text_of(nth, BAD_WORDS), name="Reader"), by=editor)
    while wait(frozen):
        pass


def test_it_learns_from_decisions_and_holds_with_the_words_that_weighed(article, editor, frozen, settings):
    school(article, editor, frozen)
    settings.COMMENT_MODERATION = "open"
    assert totals() == (SEEN_ENOUGH, SEEN_ENOUGH)
    bad = make_comment(article, text="Another casino with a jackpot and cheap pills for each winner", name="Reader")
    assert [reason["code"] for reason in bad.reasons] == ["words"]
    assert bad.reasons[0]["text"].startswith("Words, as learned: “")
    assert "“casino”" in bad.reasons[0]["text"]
    assert bad.state == "held"
    good = make_comment(article, text="The author has a footnote on the table under this paragraph", name="Reader")
    assert (good.reasons[0]["weight"], good.state) == (BEST, "visible")


def test_what_nobody_has_read_teaches_nothing(article, editor, frozen, settings):
    settings.COMMENT_MODERATION = "open"
    make_comment(article, text="Nobody looked at this")
    assert (wait(frozen), totals()) == (0, (0, 0))


def test_nor_does_what_its_writer_may_still_change(article, editor, frozen):
    moderation.approve(make_comment(article, text="Fresh words"), by=editor)
    assert (classifier.learn(), totals()) == (0, (0, 0))
    assert (wait(frozen), totals()) == (1, (1, 0))


def test_an_undone_decision_is_taken_out_again(article, editor, frozen):
    comment = moderation.reject(make_comment(article, text="Some casino or other"), by=editor)
    wait(frozen)
    assert (totals(), Comment.objects.get().learned) == ((0, 1), "bad")
    assert Clue.objects.exists()
    moderation.restore(comment, by=editor)
    wait(frozen)
    assert (totals(), Comment.objects.get().learned) == ((0, 0), "")
    assert not Clue.objects.exists()


def test_a_changed_mind_moves_it_to_the_other_side(article, editor, frozen):
    comment = moderation.reject(make_comment(article, text="Some casino or other"), by=editor)
    wait(frozen)
    moderation.approve(comment, by=editor)
    wait(frozen)
    assert totals() == (1, 0)
    assert set(Clue.objects.values_list("good", "bad")) == {(1, 0)}


def test_learning_again_changes_nothing(article, editor, frozen):
    comment = moderation.reject(make_comment(article, text="Some casino or other"), by=editor)
    wait(frozen)
    before = list(Clue.objects.order_by("pk").values())
    Lessons.objects.update(last_decision=0)
    assert classifier.learn() == 1
    assert (list(Clue.objects.order_by("pk").values()), totals()) == (before, (0, 1))
    assert comment.pk


def test_what_its_writer_withdrew_stays_counted_and_breaks_nothing(article, editor, frozen):
    comment = moderation.approve(make_comment(article, text="Some words to be withdrawn"), by=editor)
    wait(frozen)
    with pages.changing(f"article:{article.pk}", "lists"):
        Comment.objects.filter(pk=comment.pk).update(state="withdrawn", source="", html="")
    Lessons.objects.update(last_decision=0)
    classifier.learn()
    assert (totals(), Clue.objects.filter(good=1).exists()) == ((1, 0), True)


def test_staff_are_not_learned_from(article, editor, frozen):
    moderation.remove(make_comment(article, text="A staff reply", user=editor), by=editor)
    assert (wait(frozen), totals()) == (1, (0, 0))


def test_several_batches_are_taken_in_one_go(article, editor, frozen, monkeypatch):
    monkeypatch.setattr(classifier, "BATCH", 3)
    for number in range(8):
        moderation.reject(make_comment(article, text=f"Some casino {number}"), by=editor)
    assert wait(frozen) == 8
    assert totals() == (0, 8)
    assert Clue.objects.get(pk=next(iter(features("casino")))).bad == 8


def test_looking_for_lessons_costs_two_queries_where_there_are_none(db):
    with CaptureQueriesContext(connection) as captured:
        classifier.learn()
    assert len(captured) == 2


def test_an_opinion_costs_one_query_before_it_has_learned_and_two_after(article, editor, frozen):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            classifier.opinion_of("Reader", "Some words about a table")
        return len(captured)

    assert cost() == 1
    school(article, editor, frozen)
    assert cost() == 2


def test_no_word_can_be_read_back_from_what_is_kept(article, editor, frozen):
    moderation.reject(make_comment(article, text="ines@example.org wrote this"), by=editor)
    wait(frozen)
    assert {field.get_internal_type() for field in Clue._meta.fields} == {"BigIntegerField", "IntegerField"}


def test_the_scheduler_has_it_learn():
    assert "comments.spam.classifier.learn" in periodic._tasks
