"""The page on which a reader reports a comment."""

import pytest

from articles import publishing, revisions
from comments import moderation
from comments.models import Comment, Report
from site_config import pages
from tests.comments.making import errors_of, make_comment, some_address, text_of, token_for
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(db):
    return make_comment(make_article(title="On openness"), name="Ines", text="A *thought*.")


def address(comment) -> str:
    return f"/comments/{comment.pk}/report/"


def send(client, comment, *, network: str = "", headers=None, **fields):
    whole = {"reason": "attack", "words": "", "website": "", "token": token_for(comment), **fields}
    sent = {name: value for name, value in whole.items() if value is not None}
    return client.post(address(comment), sent, headers=headers, REMOTE_ADDR=network or some_address())


def test_every_comment_has_the_same_link_for_everybody(client, comment):
    page = text_of(client.get(comment.article.get_absolute_url()))
    link = f'<a href="{address(comment)}" rel="nofollow">Report<span class="vh"> the comment by Ines</span></a>'
    assert link in page


def test_the_page_shows_what_is_reported_and_asks_why(client, comment):
    answer = client.get(address(comment))
    page = text_of(answer)
    for words in ("Report the comment by Ines", "On openness", "A <em>thought</em>.", "Advertising or spam", "Attacks a person",
                  'name="robots" content="noindex"'):  # fmt: skip
        assert words in page
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_report_is_thanked_for(client, comment):
    answer = send(client, comment, words="  He insults\nme. ")
    assert "Thank you for the report" in text_of(answer)
    report = Report.objects.get()
    assert (report.reason, report.words, report.comment) == ("attack", "He insults me.", comment)
    assert len(report.network) == 32


def test_a_second_one_is_known(client, comment):
    send(client, comment, network="192.0.2.7")
    assert "This is known already" in text_of(send(client, comment, network="192.0.2.7"))
    assert Report.objects.count() == 1


def test_one_that_comes_after_it_was_held_is_known_too(client, comment):
    for _ in range(3):
        send(client, comment)
    answer = send(client, comment)
    assert (answer.status_code, "This is known already" in text_of(answer)) == (200, True)
    assert client.get(address(comment)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": None}, "Choose what is wrong with the comment."),
        ({"reason": "dull"}, "Choose one of the five reasons."),
        ({"words": "x" * 301}, "Shorten this: it has 301 characters, and 300 is the most."),
        ({"words": "a\x00b"}, "This has a character in it that no page can show. Type the words again where it may stand."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, comment, fields, sentence):
    answer = send(client, comment, **{"words": "He insults me.", **fields})
    assert (answer.status_code, errors_of(answer)) == (400, [sentence])
    if "words" not in fields:
        assert "He insults me." in text_of(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"headers": {"sec-fetch-site": "cross-site"}}, "another site’s page"),
        ({"headers": {"origin": "https://elsewhere.example"}}, "another site’s page"),
        ({"token": "forged"}, "not made for this comment"),
        ({"token": None}, "not made for this comment"),
    ],
)
def test_strangers_are_refused(client, comment, options, words):
    answer = send(client, comment, **options)
    assert answer.status_code == 403
    assert words in errors_of(answer)[0]
    assert not Report.objects.exists()


def test_a_token_of_another_comment_is_no_token(client, comment):
    other = make_comment(comment.article)
    assert send(client, comment, token=token_for(other)).status_code == 403


def test_what_only_a_machine_fills_in_is_thanked_and_forgotten(client, comment):
    assert "Thank you" in text_of(send(client, comment, website="https://deals.example"))
    assert not Report.objects.exists()


def test_too_many_are_told_and_keep_their_words(client):
    for _ in range(10):
        send(client, make_comment(make_article()), network="192.0.2.7")
    answer = send(client, make_comment(make_article()), network="192.0.2.7", words="And this.")
    assert answer.status_code == 429
    assert "within the last hour" in errors_of(answer)[0]
    assert "And this." in text_of(answer)


def test_what_is_gone_has_no_page(client, comment):
    assert client.get("/comments/999/report/").status_code == 404
    moderation.remove(comment, by=make_user(is_superuser=True))
    assert client.get(address(comment)).status_code == 410


def test_a_session_of_staff_gives_no_right_to_hold_at_once(desk, comment):
    send(desk, comment)
    assert Comment.objects.get().state == "visible"


def test_a_conversation_that_readers_do_not_see_is_not_read_by_the_way_of_reports(client, editor):
    article = make_article(title="On silence")
    comment = make_comment(article, text="Said in private.")
    publishing.publish(
        revisions.save(article, {**revisions.newest_data(article), "comment_policy": "off"}, by=editor).article, by=editor
    )
    for answer in (client.get(address(comment)), send(client, comment), send(client, comment, reason="")):
        assert answer.status_code == 410
        assert "no longer public" in text_of(answer)
        assert "Said in private." not in text_of(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [("held", 404, "This comment waits for a moderator"), ("removed", 410, "This comment was removed")],
)
def test_what_readers_cannot_see_is_said_and_not_shown(client, comment, state, status, words):
    with pages.changing("site"):
        Comment.objects.filter(pk=comment.pk).update(state=state)
    answer = client.get(address(comment))
    assert answer.status_code == status
    assert words in text_of(answer)
    for answer in (answer, send(client, comment), send(client, comment, reason="")):
        assert "<em>thought</em>" not in text_of(answer)
    assert "This is known already" in text_of(answer)
