"""The judge of the races: it finds what is stale, early and torn, and lets pass what two clocks cannot decide."""

import json

import pytest

from tests.asking import Reply
from tests.e2e.races import words
from tests.e2e.races.ledger import Ledger
from tests.e2e.races.reading import look

BEGIN = {"begin": "w1", "fact": "d1", "value": 2, "at": 10.0}
DONE = {"done": "w1", "at": 11.0}


def read(began: float, ended: float, value: int, **more) -> dict:
    shows = {"d1": value}
    return {
        "path": "/d1/",
        "place": "d1",
        "whole": False,
        "began": began,
        "ended": ended,
        "shows": shows,
        "torn": [],
        "again": False,
        **more,
    }


def judged(folder, *lines: dict, start: dict | None = None) -> dict[str, int]:
    (folder / "all.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"half')
    return {kind: len(found) for kind, found in Ledger(folder, start or {"d1": 1}).judge().wrong.items()}


@pytest.mark.parametrize(
    ("began", "ended", "value", "wrong"),
    [
        (8.0, 9.0, 1, {}),
        (8.0, 9.0, 2, {"early": 1}),
        (9.0, 10.5, 1, {}),
        (9.0, 10.5, 2, {}),
        (10.2, 12.0, 1, {}),
        (11.5, 12.0, 2, {}),
        (11.5, 12.0, 1, {"stale": 1}),
        (11.5, 12.0, 3, {"early": 1}),
    ],
)
def test_a_read_is_held_against_what_stood_while_it_went_on(tmp_path, began, ended, value, wrong):
    assert judged(tmp_path, BEGIN, DONE, read(began, ended, value)) == wrong


def test_a_write_whose_answer_was_lost_may_have_happened_or_not(tmp_path):
    assert judged(tmp_path, BEGIN, read(50.0, 51.0, 1), read(50.0, 51.0, 2)) == {}


def test_the_next_one_decides(tmp_path):
    later = [{"begin": "w2", "fact": "d1", "value": 3, "at": 20.0}, {"done": "w2", "at": 21.0}]
    assert judged(tmp_path, BEGIN, *later, read(50.0, 51.0, 3)) == {}
    assert judged(tmp_path, BEGIN, *later, read(50.0, 51.0, 2)) == {"stale": 1}


def test_a_comment_that_is_not_shown_is_missed(tmp_path):
    said = [{"begin": "w1", "fact": "d1 said-d1-0-1", "value": 1, "at": 10.0}, DONE]
    assert judged(tmp_path, *said, read(8.0, 9.0, 1)) == {}
    assert judged(tmp_path, *said, read(12.0, 13.0, 1)) == {"stale": 1}


def test_an_article_that_a_list_leaves_out_is_missed(tmp_path):
    whole = read(12.0, 13.0, 1, path="/", place="/", whole=True)
    assert judged(tmp_path, whole, start={"d1": 1, "d2": 1}) == {"stale": 1}


def page(*numbers: int, comments: int = 0, told: int = 0) -> Reply:
    said = "".join(
        f'<article class="comment" id="c-{number}"><p>So said-d1-0-{number} it is.</p></article>' for number in range(comments)
    )
    heading = f'<h2 id="talk-title">The conversation <small>{told} comments</small></h2>'
    text = " ".join(f"d1-version-{number}" for number in numbers)
    return Reply(200, {}, f"<!doctype html><p>{text}</p>{heading}{said}</html>")


def test_a_page_that_agrees_with_itself_is_whole():
    assert look("/d1/", page(*[4] * 8, comments=2, told=2)) == ({"d1": 4, "d1 said-d1-0-0": 1, "d1 said-d1-0-1": 1}, [])


@pytest.mark.parametrize(
    "torn",
    [
        page(*[4] * 7, 5),
        page(4, 4),
        page(*[4] * 8, comments=1, told=2),
        page(*[4] * 8)._replace(status=500),
        page(*[4] * 8, comments=1, told=1)._replace(
            text=page(*[4] * 8, comments=1, told=1).text.replace("it is", "said-d1-0-0")
        ),
    ],
)
def test_one_that_does_not_is_torn(torn):
    assert look("/d1/", torn)[1] != []


def test_twins_in_two_versions_are_torn():
    assert look("/", Reply(200, {}, "t1-version-1 t2-version-1"))[1] == []
    assert look("/", Reply(200, {}, "t1-version-1 t2-version-2"))[1] != []
    assert look("/", Reply(200, {}, "t1-version-1"))[1] != []


def test_an_article_says_its_version_everywhere():
    assert all("d1-version-3" in str(words.article_of("d1", 3)[name]) for name in ("title", "subtitle", "summary", "body"))
