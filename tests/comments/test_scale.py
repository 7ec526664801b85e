"""A thread of 10,000 comments, to a depth of 60 and more, costs its readers what one of 100 does, and every comment is found."""

import random
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from comments import threads
from comments.models import DEEPEST, Comment
from tests.comments.making import ids_in, queries, text_of
from tests.comments.sowing import sow
from tests.factories import make_article

pytestmark = pytest.mark.django_db

MANY, FEW = 10_000, 100
TRIED = 500
ASKED_DEPTH = 1000
START = 1_000_000  # numbers of the same length, so that pages can be compared by the byte


def one_thread(count: int) -> list[int | None]:
    """Whom each comment answers: a few at random in any depth to 60, then a chain that is asked to go down to ASKED_DEPTH."""
    dice = random.Random(6)
    answers, depth = [None], [0]
    while len(answers) < count:
        number = len(answers)
        chained = count - ASKED_DEPTH <= number
        answered = number - 1 if chained else dice.choice([dice.randrange(number), number - 1])
        if not chained and depth[answered] >= 60:
            answered = 0
        answers.append(answered)
        depth.append(depth[answered] + 1)
    assert max(depth) >= (ASKED_DEPTH if count == MANY else 3)
    return answers


def many_threads(count: int) -> list[int | None]:
    return [None if number % 7 == 0 else number - 1 - number % 7 // 3 for number in range(count)]


@pytest.mark.parametrize("shape", [one_thread, many_threads])
def test_ten_thousand_cost_what_a_hundred_do_and_every_one_is_found(client, shape):
    short, long = make_article(title="Short", slug="one-conversation"), make_article(title="Short", slug="two-conversation")
    sow(short, shape(MANY)[:FEW], first=START)
    made = sow(long, shape(MANY), first=2 * START)
    assert_same_first_page(client, short, long)
    tried = [*random.Random(7).sample(made, TRIED - 3), made[0], made[-1], made[-ASKED_DEPTH // 2]]
    for number, pk in enumerate(tried):
        answer = client.get(f"/comments/{pk}/")
        where, _, place = answer.headers["Location"].partition("#")
        assert (answer.status_code, place) == (302, f"c-{pk}")
        page = threads.page(long, **dict(parse_qsl(urlsplit(where).query)))
        assert pk in [row.id for row in page.rows]
        if number % 20 == 0:
            shown = ids_in(text_of(client.get(where)))
            assert shown == [row.id for row in page.above + page.rows]
            assert len(shown) <= 104


def assert_same_first_page(client, short, long) -> None:
    assert queries(client, short.get_absolute_url()) == queries(client, long.get_absolute_url())
    pages = [text_of(client.get(article.get_absolute_url())).partition('id="talk"')[2] for article in (short, long)]
    drawn = [len(ids_in(page)) for page in pages]
    assert drawn[0] == drawn[1] or drawn == [100, 98], "a long conversation is cut back to whole threads"
    small, large = (len(re.sub(r"<nav class=\"pages.*?</nav>", "", page, flags=re.S)) for page in pages)
    one = small // drawn[0]
    assert abs(small - large) <= len("10,000") * 2 + (drawn[0] - drawn[1]) * 2 * one


def test_a_thousand_deep_the_last_share_a_level_and_say_whom_they_answer(client):
    article = make_article()
    made = sow(article, [None, *range(ASKED_DEPTH - 1)])
    assert max(comment.depth for comment in Comment.objects.all()) == DEEPEST
    page = text_of(client.get(client.get(f"/comments/{made[-2]}/").headers["Location"]))
    answered = re.search(rf'id="c-{made[-2]}".*?<span>to <a href="([^"]+)"', page, re.S)[1]
    assert answered == f"#c-{made[-3]}"
    assert len(re.findall(r'<ol class="replies">', page)) <= DEEPEST
