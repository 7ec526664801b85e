import re
from html import unescape

import pytest
from django.db import OperationalError
from django.test import Client

from comments import editing, moderation, tokens
from comments.models import Comment
from tests.comments.making import errors_of, make_comment, send, text_of, typed
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
HERE, THERE = "192.0.2.1", "198.51.100.1"
PAGES = ("edit", "delete")


@pytest.fixture
def article():
    return make_article(slug="talked-about")


@pytest.fixture
def comment(article):
    return make_comment(article, name="Ines", text="The *first* words.", address=HERE)


def page_of(comment, what: str, token: str | None = None) -> str:
    return f"/comments/{comment.pk}/{what}/?c={tokens.own_token(comment.pk) if token is None else token}"


def look(client, comment, what: str, *, network: str = HERE, token: str | None = None):
    return client.get(page_of(comment, what, token), REMOTE_ADDR=network)


def act(client, comment, what: str, *, network: str = HERE, token: str | None = None, headers=None, **fields):
    token = tokens.own_token(comment.pk) if token is None else token
    return client.post(f"/comments/{comment.pk}/{what}/", {"c": token, **fields}, REMOTE_ADDR=network, headers=headers)


def kept(answer) -> str:
    return unescape(re.search(r'<textarea id="kept"[^>]*>(.*?)</textarea>', text_of(answer), re.S)[1])


# --- the page after posting ------------------------------------------------------------------------------------------


def test_the_page_after_posting_leads_to_both_until_a_time_of_day(client, frozen):
    article = make_article(slug="talked-about")
    answer = send(client, article, text="A thought.", network=HERE)
    comment = Comment.objects.get()
    page = client.get(answer.headers["Location"], REMOTE_ADDR=HERE)
    links = dict(re.findall(r'<a href="(/comments/[^"]+\?c=[^"]+)">(edit|delete)<', text_of(page)))
    assert sorted(links.values()) == ["delete", "edit"]
    assert "it until 12:15." in text_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    for link in links:
        assert client.get(unescape(link), REMOTE_ADDR=HERE).status_code == 200
    assert "/edit/" not in text_of(client.get(answer.headers["Location"], REMOTE_ADDR=THERE))
    frozen.shift(15 * 60)
    late = text_of(client.get(answer.headers["Location"], REMOTE_ADDR=HERE))
    assert "/edit/" not in late
    assert f'id="c-{comment.pk}"' in late


def test_everybodys_page_leads_to_neither(client, comment):
    page = text_of(client.get("/talked-about/", REMOTE_ADDR=HERE))
    assert "/edit/" not in page
    assert "/delete/" not in page


def test_after_a_decision_only_deleting_is_offered(client, comment, editor):
    moderation.pick(comment, by=editor)
    page = text_of(client.get(f"/talked-about/?c={tokens.own_token(comment.pk)}", REMOTE_ADDR=HERE))
    assert "/edit/" not in page
    assert f"/comments/{comment.pk}/delete/" in page


# --- changing --------------------------------------------------------------------------------------------------------


def test_it_works(client, comment):
    page = look(client, comment, "edit")
    assert typed(page) == "The *first* words."
    assert "no-store" in page.headers["Cache-Control"]
    assert re.search(rf'href="/talked-about/\?c=[^"]+#c-{comment.pk}">Leave it as it is', text_of(page))
    answer = act(client, comment, "edit", text="Other words.")
    assert answer.status_code == 303
    assert re.fullmatch(rf"/talked-about/\?c=[^#]+#c-{comment.pk}", answer.headers["Location"])
    assert "Other words." in text_of(client.get("/talked-about/"))


@pytest.mark.parametrize("what", PAGES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, comment, what, method):
    before = Comment.objects.values().get()
    assert getattr(client, method)(page_of(comment, what), REMOTE_ADDR=HERE).status_code == 200
    assert Comment.objects.values().get() == before


def test_it_is_looked_at_before_it_is_saved(client, comment):
    answer = act(client, comment, "edit", text="> other words", preview="1")
    assert answer.status_code == 200
    assert "<blockquote>" in text_of(answer)
    assert typed(answer) == "> other words"
    assert Comment.objects.get().source == "The *first* words."
    token = re.search(r'name="c" value="([^"]+)"', text_of(answer))[1]
    assert act(client, comment, "edit", text=typed(answer), token=token).status_code == 303


@pytest.mark.parametrize(
    ("text", "words"), [("", "empty"), ("x" * 4001, "too long"), ("\u200b", "nothing here"), ("a\x00b", "no page")]
)
def test_bad_words_are_told_and_kept(client, comment, text, words):
    answer = act(client, comment, "edit", text=text)
    assert answer.status_code == 400
    assert words in " ".join(errors_of(answer))
    assert typed(answer).replace("\x00", "") == text.replace("\x00", "")
    assert text_of(answer).count('name="c"') == 1


def refused(kind: str, client, comment, frozen, editor) -> dict:
    if kind == "late":
        frozen.shift(16 * 60)
    if kind == "decided":
        moderation.pick(comment, by=editor)
    return {"network": THERE} if kind == "elsewhere" else {}


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [("late", 403, "15 minutes"), ("decided", 409, "A moderator has read this"), ("elsewhere", 403, "only from the network")],
)
def test_a_refusal_is_said_and_the_words_come_back(client, frozen, editor, kind, status, words):
    comment = make_comment(make_article(), name="Ines", text="The first words.", address=HERE)
    options = refused(kind, client, comment, frozen, editor)
    page = look(client, comment, "edit", **options)
    assert page.status_code == 200
    assert words in text_of(page)
    assert "<form" not in text_of(page)
    answer = act(client, comment, "edit", text="Words <b> of an hour.", **options)
    assert answer.status_code == status
    assert words in " ".join(errors_of(answer))
    assert kept(answer) == "Words <b> of an hour."
    assert Comment.objects.get(pk=comment.pk).source == "The first words."


def test_from_elsewhere_the_page_does_not_show_what_waits(client, article):
    held = make_comment(article, text="Words that wait.", held=True, address=HERE)
    for what in PAGES:
        assert "Words that wait." not in text_of(look(client, held, what, network=THERE))


@pytest.mark.parametrize("what", PAGES)
@pytest.mark.parametrize("token", ["", "forged", "1:2:3", "é"])
def test_without_a_token_nothing_is_shown_or_changed(client, comment, what, token):
    assert look(client, comment, what, token=token).status_code == 404
    answer = act(client, comment, what, token=token, text="Words of an hour.")
    assert answer.status_code == 404
    assert kept(answer) == "Words of an hour."
    assert Comment.objects.get().state == "visible"


@pytest.mark.parametrize("what", PAGES)
def test_the_token_of_another_comment_is_none(client, comment, article, what):
    other = make_comment(article, address=HERE)
    assert look(client, comment, what, token=tokens.own_token(other.pk)).status_code == 404
    assert act(client, comment, what, token=tokens.own_token(other.pk), text="x").status_code == 404


@pytest.mark.parametrize("what", PAGES)
def test_the_token_of_yesterday_gives_the_words_back(client, frozen, what):
    comment = make_comment(make_article(), address=HERE)
    token = tokens.own_token(comment.pk)
    frozen.shift(25 * 3600)
    assert kept(act(client, comment, what, token=token, text="Words of a day.")) == "Words of a day."


@pytest.mark.parametrize("what", PAGES)
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_sites_form_changes_nothing(client, comment, what, headers):
    answer = act(client, comment, what, headers=headers, text="Other words.")
    assert answer.status_code == 403
    assert Comment.objects.get().source == "The *first* words."
    assert what == "delete" or typed(answer) == "Other words."


@pytest.mark.parametrize("what", PAGES)
@pytest.mark.parametrize("pk", [987654321, 2**63, 10**40])
def test_numbers_out_of_reach_are_not_found(client, comment, what, pk):
    assert client.get(f"/comments/{pk}/{what}/").status_code == 404
    assert client.post(f"/comments/{pk}/{what}/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("what", PAGES)
def test_other_methods_are_refused(client, comment, what):
    assert client.put(page_of(comment, what)).status_code == 405


def test_while_the_database_is_away_the_words_come_back_with_the_token(client, comment, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(editing, "edit", fail)
    answer = act(client, comment, "edit", text="Words of an hour.")
    assert answer.status_code == 503
    assert typed(answer) == "Words of an hour."
    assert f'action="/comments/{comment.pk}/edit/"' in text_of(answer)
    assert re.search(r'name="c" value="[^"]+"', text_of(answer))


def test_a_changed_comment_that_is_held_now_is_shown_to_its_writer(client, comment):
    answer = act(client, comment, "edit", text="See https://example.org/notes")
    page = text_of(client.get(answer.headers["Location"], REMOTE_ADDR=HERE))
    assert "Waiting for review." in page
    assert "example.org/notes" not in text_of(Client().get("/talked-about/"))


def test_in_a_conversation_that_closed_only_deleting_is_offered(client, comment, settings):
    settings.COMMENTS_OPEN = False
    assert "Comments are closed" in text_of(look(client, comment, "edit"))
    page = text_of(client.get(f"/talked-about/?c={tokens.own_token(comment.pk)}", REMOTE_ADDR=HERE))
    assert "/edit/" not in page
    assert f"/comments/{comment.pk}/delete/" in page
    answer = act(client, comment, "edit", text="Words of an hour.")
    assert (answer.status_code, kept(answer)) == (403, "Words of an hour.")


# --- deleting --------------------------------------------------------------------------------------------------------


def test_deleting_asks_first_and_says_when_it_is_done(client, comment):
    page = text_of(look(client, comment, "delete"))
    assert "Delete your comment?" in page
    assert "The <em>first</em> words." in page
    answer = act(client, comment, "delete")
    assert answer.status_code == 303
    done = text_of(client.get(answer.headers["Location"], REMOTE_ADDR=HERE))
    assert "Your comment is deleted" in done
    assert "<form" not in done
    assert f'id="c-{comment.pk}"' not in text_of(client.get("/talked-about/"))


def test_deleted_twice_is_deleted(client, comment):
    act(client, comment, "delete")
    assert "Your comment is deleted" in text_of(act(client, comment, "delete"))
    assert "Your comment is deleted" in text_of(look(client, comment, "edit"))


def test_where_others_answered_the_page_says_what_stays(client, comment, article):
    make_comment(article, parent=comment)
    answer = act(client, comment, "delete")
    assert "others have answered it" in text_of(client.get(answer.headers["Location"], REMOTE_ADDR=HERE))


@pytest.mark.parametrize(("kind", "status"), [("late", 403), ("elsewhere", 403)])
def test_a_refused_deletion_is_said(client, frozen, editor, kind, status):
    comment = make_comment(make_article(), address=HERE)
    options = refused(kind, client, comment, frozen, editor)
    assert "<form" not in text_of(look(client, comment, "delete", **options))
    answer = act(client, comment, "delete", **options)
    assert answer.status_code == status
    assert 'role="alert"' in text_of(answer)
    assert Comment.objects.get(pk=comment.pk).state == "visible"


# --- staff -----------------------------------------------------------------------------------------------------------


def test_staff_change_and_delete_their_own_signed_in_and_with_djangos_proof(article):
    writer = make_user(permissions=("comments.moderate_comment",))
    comment = make_comment(article, user=writer, text="The first words.")
    client = Client(enforce_csrf_checks=True)
    client.force_login(writer)
    page = text_of(client.get(f"/comments/{comment.pk}/edit/"))
    proof = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    where = f"/comments/{comment.pk}/edit/"
    assert client.post(where, {"text": "Forged words."}).status_code == 404
    assert client.post(where, {"text": "Other words.", "csrfmiddlewaretoken": proof}).status_code == 303
    assert Comment.objects.get().source == "Other words."
    page = text_of(client.get(f"/comments/{comment.pk}/delete/"))
    proof = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert client.post(f"/comments/{comment.pk}/delete/", {"csrfmiddlewaretoken": proof}).status_code == 303
    assert Comment.objects.get().state == "withdrawn"


def test_other_staff_and_the_bare_token_cannot_change_what_staff_wrote(client, article, editor):
    comment = make_comment(article, user=make_user(), text="The first words.")
    assert act(client, comment, "edit", text="Other words.").status_code == 403
    client.force_login(editor)
    assert act(client, comment, "edit", text="Other words.", token="").status_code == 404
    assert Comment.objects.get().source == "The first words."
