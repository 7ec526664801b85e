import re

import pytest
from django.db import OperationalError
from django.test import Client

from articles import publishing, revisions
from comments import moderation, placing, tokens, views
from comments.models import Comment
from tests.comments.browser import address_of, form_of, send
from tests.comments.making import make_comment, text_of
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db
LINK = "See https://example.org/notes"


@pytest.fixture
def article():
    return make_article(title="On openness")


def follow(client, answer) -> str:
    where, _, place = answer.headers["Location"].partition("#")
    page = text_of(client.get(where))
    assert f'id="{place}"' in page
    return page


# --- posting -------------------------------------------------------------------------------------------------------


def test_it_works(client, article):
    answer = send(client, article, text="The *table* is the best part.")
    comment = Comment.objects.get()
    assert answer.status_code == 303
    assert re.fullmatch(rf"/on-openness/\?c=[^#]+#c-{comment.pk}", answer.headers["Location"])
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<p>The <em>table</em> is the best part.</p>" in text_of(client.get("/on-openness/"))


def test_a_reply_lands_under_what_it_answers(client, article):
    parent = make_comment(article, name="Ines")
    assert "Reply to Ines" in text_of(client.get(address_of(article, parent)))
    page = follow(client, send(client, article, parent, name="Tomasz", text="Nobody to sue."))
    assert page.index(f'id="c-{parent.pk}"') < page.index('<ol class="replies">') < page.index("Nobody to sue.")


def test_nobody_gets_a_cookie(client, article):
    for answer in (client.get(address_of(article)), send(client, article), client.get("/on-openness/")):
        assert not answer.cookies


def test_a_held_comment_is_shown_to_its_writer_alone(client, article):
    answer = send(client, article, text=LINK)
    page = follow(client, answer)
    assert "Waiting for review." in page
    assert "first comment with a link" in page
    assert "example.org/notes" not in text_of(Client().get("/on-openness/"))
    assert "1 comment" not in page


def test_a_token_of_another_article_shows_nothing(client, article):
    token = send(client, article, text=LINK).headers["Location"].partition("c=")[2].partition("#")[0]
    other = make_article()
    assert "example.org/notes" not in text_of(client.get(f"{other.get_absolute_url()}?c={token}"))
    assert "example.org/notes" not in text_of(client.get("/on-openness/?c=forged"))


def test_the_token_lasts_a_day(client, frozen):
    article = make_article()
    answer = send(client, article, text=LINK)
    where = answer.headers["Location"].partition("#")[0]
    frozen.shift(24 * 3600 - 1)
    assert "example.org/notes" in text_of(client.get(where))
    frozen.shift(3)
    assert "example.org/notes" not in text_of(client.get(where))


def test_the_writers_page_is_not_kept_by_anybody(client, article):
    answer = client.get(send(client, article).headers["Location"])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'content="noindex"' in text_of(answer)


def test_the_same_post_twice_is_one_comment(client, article):
    first, second = send(client, article), send(client, article)
    assert first.headers["Location"].partition("#")[2] == second.headers["Location"].partition("#")[2]
    assert Comment.objects.count() == 1


def test_the_same_text_of_two_readers_of_the_same_bytes_is_two_comments(client, article):
    page = text_of(client.get("/on-openness/"))
    data = {**form_of(article), "token": re.search(r'name="token" value="([^"]+)"', page)[1]}
    for network in ("192.0.2.1", "192.0.2.2"):
        assert client.post(address_of(article), data, REMOTE_ADDR=network).status_code == 303
    assert Comment.objects.count() == 2


def test_a_preview_posts_nothing(client, article):
    answer = send(client, article, text="A *word* & <b>", preview="1")
    page = text_of(answer)
    assert answer.status_code == 200
    assert '<h3 dir="auto">Ines</h3>' in page
    assert "<p>A <em>word</em> &amp; &lt;b&gt;</p>" in page
    assert "It is not posted yet" in page
    assert "A *word* &amp; &lt;b&gt;</textarea>" in page
    assert not Comment.objects.exists()


def test_a_preview_begins_the_measure_of_time(client, frozen):
    article = make_article()
    page = text_of(send(client, article, preview="1"))
    fresh = re.search(r'name="fresh" value="([^"]+)"', page)[1]
    assert tokens.seconds_since(fresh) == 0
    frozen.shift(60)
    again = text_of(send(client, article, preview="1", fresh=fresh))
    assert tokens.seconds_since(re.search(r'name="fresh" value="([^"]+)"', again)[1]) == 60


def test_the_fresh_token_is_never_kept(client):
    answer = client.get("/comments/fresh/")
    assert tokens.seconds_since(answer.json()["fresh"]) is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/comments/fresh/").status_code == 405


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_flood_is_told_and_the_text_kept(client, article, settings):
    settings.COMMENT_RATE = (1, 60)
    send(client, article)
    answer = send(client, article, text="Another thing.")
    assert answer.status_code == 429
    assert "Another thing." in text_of(answer)
    assert "try again in a minute" in text_of(answer)


def test_a_closed_conversation_gives_the_text_back(client, article):
    publishing.set_comment_policy(article, "closed", by=None)
    answer = send(client, article)
    assert answer.status_code == 403
    assert "closed" in text_of(answer)
    assert "The table is the best part." in text_of(answer)
    assert "<form" not in text_of(client.get(address_of(article)))


@pytest.mark.parametrize("changes", [{"preview": "1"}, {"name": ""}, {"text": "x" * 11_000}, {"token": ""}])
def test_that_it_was_closed_is_said_first(client, article, changes):
    publishing.set_comment_policy(article, "closed", by=None)
    answer = send(client, article, **{"text": "The table is the best part.", **changes})
    assert answer.status_code == 403
    page = text_of(answer)
    assert "The conversation on this article is closed. What you wrote is below" in page
    assert "This was not posted" in page
    for words in ("has not been posted yet", "It is not posted yet", "Write a name", "Shorten", "was not made for"):
        assert words not in page


def test_what_is_sent_again_after_the_closing_leads_to_what_is_there(client, article):
    first = send(client, article)
    publishing.set_comment_policy(article, "closed", by=None)
    again = send(client, article)
    assert (again.status_code, Comment.objects.count()) == (303, 1)
    assert again["Location"].partition("#")[2] == first["Location"].partition("#")[2]


def test_a_member_of_staff_whose_session_ended_is_told_so(client, article):
    answer = send(client, article, name=None, csrfmiddlewaretoken="x" * 64, text="The table is the best part.")
    page = text_of(answer)
    assert answer.status_code == 400
    assert "You are not signed in any more, so this cannot be posted as staff." in page
    assert "Write a name. Any name will do." not in page
    assert "The table is the best part." in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize("change", ["off", "withdrawn", "draft", "page"])
def test_what_takes_no_comments_gives_the_text_back(client, article, change):
    if change == "off":
        publishing.set_comment_policy(article, "off", by=None)
    elif change == "withdrawn":
        publishing.withdraw(article, by=None)
    elif change == "draft":
        article = make_draft()
    else:
        article = make_article(kind="page")
    status = 410 if change == "withdrawn" else 404
    answer = send(client, article)
    assert answer.status_code == status
    assert "The table is the best part." in text_of(answer)
    assert client.get(address_of(article)).status_code == status
    assert not Comment.objects.exists()


def test_a_withdrawn_article_is_not_named(client, article):
    comment = make_comment(article)
    publishing.withdraw(article, by=None)
    for answer in (send(client, article), client.get(f"/comments/{comment.pk}/"), client.get(f"/comments/{comment.pk}/reply/")):
        assert answer.status_code == 410
        assert "On openness" not in text_of(answer)


def test_with_the_database_away_the_text_comes_back(client, article, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(views, "post_comment", fail)
    answer = send(client, article, text="Kept & whole")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Kept &amp; whole" in text_of(answer)
    assert 'value="Ines"' in text_of(answer)


# --- staff -----------------------------------------------------------------------------------------------------------


def csrf_of(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def test_staff_write_with_their_badge(article):
    client, person = Client(enforce_csrf_checks=True), make_user(display_name="Technology desk")
    client.force_login(person)
    page = text_of(client.get("/on-openness/"))
    assert 'name="name"' not in page
    data = {"text": LINK, "token": tokens.form_token(article.pk, None), "csrfmiddlewaretoken": csrf_of(page)}
    assert client.post(address_of(article), data).status_code == 303
    comment = Comment.objects.get()
    assert (comment.user, comment.name, comment.state, comment.network) == (person, "Technology desk", "visible", "")
    assert '<span class="badge">Staff</span>' in text_of(Client().get("/on-openness/"))


def test_a_staff_session_without_proof_is_anonymous(article):
    client, person = Client(enforce_csrf_checks=True), make_user(display_name="Technology desk")
    client.force_login(person)
    answer = send(client, article, name="Technology desk")
    assert answer.status_code == 400
    assert "kept for staff" in text_of(answer)
    assert send(client, article, name="Ines").status_code == 303
    assert Comment.objects.get().user is None


def test_who_may_not_sign_in_any_more_is_anonymous(client, article):
    person = make_user()
    client.force_login(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    send(client, article)
    assert Comment.objects.get().user is None


# --- a comment's own address -------------------------------------------------------------------------------------------


def test_a_permalink_leads_to_the_comment(client, article):
    comment = make_comment(article)
    answer = client.get(f"/comments/{comment.pk}/?utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/on-openness/#c-{comment.pk}")


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("held", 404, "This comment waits for a moderator"),
        ("rejected", 410, "This comment is not shown"),
        ("removed", 410, "This comment was removed"),
        ("withdrawn", 410, "This comment was taken back"),
    ],
)
def test_a_permalink_of_what_is_not_shown_says_why(client, article, editor, state, status, words):
    comment = make_comment(article)
    moderation.decide(comment, "decide", state, by=editor)
    answer = client.get(f"/comments/{comment.pk}/")
    assert answer.status_code == status
    assert words in text_of(answer)
    assert comment.name not in text_of(answer)
    assert "On openness" in text_of(answer)


@pytest.mark.parametrize("pk", [987654, 2**70])
def test_a_permalink_that_never_led_anywhere_says_so(client, pk):
    answer = client.get(f"/comments/{pk}/")
    assert answer.status_code == 404
    assert "There is no such comment" in text_of(answer)


def test_a_permalink_leads_to_the_tombstone_that_has_replies(client, article, editor):
    comment = make_comment(article)
    make_comment(article, parent=comment)
    moderation.remove(comment, by=editor)
    assert client.get(f"/comments/{comment.pk}/").headers["Location"] == f"/on-openness/#c-{comment.pk}"


def test_after_a_new_slug_permalinks_and_old_addresses_of_pages_lead_on(client, article, monkeypatch):
    monkeypatch.setattr(placing, "FOLD", 1)
    root = make_comment(article)
    replies = [make_comment(article, parent=root) for _ in range(3)]
    changed = revisions.save(article, {**revisions.newest_data(article), "slug": "on-closedness"}, by=None).article
    publishing.publish(changed, by=None)
    where = f"/on-closedness/?thread={root.pk}"
    assert client.get(f"/comments/{replies[2].pk}/").headers["Location"] == f"{where}#c-{replies[2].pk}"
    old = client.get(f"/on-openness/?thread={root.pk}&utm_source=x")
    assert (old.status_code, old.headers["Location"]) == (301, where)


def test_a_thread_has_a_page_of_its_own(client, article, monkeypatch):
    monkeypatch.setattr(placing, "FOLD", 1)
    root = make_comment(article, name="Ines")
    replies = [make_comment(article, parent=root) for _ in range(3)]
    page = text_of(client.get("/on-openness/"))
    fold = f'<a href="?thread={root.pk}#talk">2 more replies<span class="vh"> in the thread of Ines</span></a>'
    assert fold in page
    assert f'id="c-{replies[1].pk}"' not in page
    page = text_of(client.get(f"/on-openness/?thread={root.pk}"))
    assert "The thread of <bdi>Ines</bdi>" in page
    assert "3 replies" in page
    assert '<a href="/on-openness/#talk">← The whole conversation</a>' in page
    assert '<link rel="canonical" href="http://testserver/on-openness/">' in page
    assert all(f'id="c-{reply.pk}"' in page for reply in replies)
    assert "more replies" not in page
    assert client.get(f"/on-openness/?thread={replies[0].pk}").status_code == 404


def test_a_held_reply_in_a_folded_thread_is_shown_to_its_writer_alone(client, article, monkeypatch):
    monkeypatch.setattr(placing, "FOLD", 1)
    root = make_comment(article)
    for _ in range(3):
        make_comment(article, parent=root)
    answer = send(client, article, root, text=LINK)
    assert f"?thread={root.pk}&c=" in answer.headers["Location"]
    assert "Waiting for review." in follow(client, answer)
    assert "example.org/notes" not in text_of(Client().get(f"/on-openness/?thread={root.pk}"))


def test_a_permalink_leads_nowhere_where_comments_are_off(client, article):
    comment = make_comment(article)
    publishing.set_comment_policy(article, "off", by=None)
    assert client.get(f"/comments/{comment.pk}/").status_code == 410
