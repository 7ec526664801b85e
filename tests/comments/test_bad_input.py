import re

import pytest

from comments import moderation, tokens
from comments.models import Comment
from tests.comments.browser import address_of, form_of, send
from tests.comments.making import make_comment, text_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db
LINK = "See https://example.org/notes"


@pytest.fixture
def article():
    return make_article(title="On openness")


# --- bad input: a clear answer, and the text kept --------------------------------------------------------------------

BAD_TEXTS = {
    "empty": ("", "Write something"),
    "blank": ("  \n ", "Write something"),
    "invisible": ("\u200b\u2060\u0301\u0300\ufeff", "Write something"),
    "long": ("word " * 20_000, "95,999 characters too long"),
    "one too many": ("x" * 4001, "1 character too long"),
    "links": ("https://example.org/a " * 500, "too long"),
    "short links": ("http://a.b " * 300, "300 links"),
    "brackets": ("[a](" * 500, "links"),
    "nul": ("before\x00after", "no page can show"),
}


@pytest.mark.parametrize("kind", BAD_TEXTS)
@pytest.mark.parametrize("button", ["post", "preview"])
def test_a_bad_text_is_told_and_kept(client, article, kind, button):
    text, words = BAD_TEXTS[kind]
    answer = send(client, article, text=text, **{button: "1"})
    page = text_of(answer)
    assert answer.status_code == 400
    assert "<title>Error: " in page
    assert 'href="#id_text"' in page
    assert words in page
    assert text.strip("\x00 ")[:40].replace("\x00", "") in page.replace("\x00", "")
    assert 'value="Ines"' in page
    assert not Comment.objects.exists()


def test_a_hundred_thousand_characters_come_back_whole(client, article):
    text = "".join(f"{number:05}" for number in range(20_000))
    page = text_of(send(client, article, text=text))
    assert text in page
    assert "96,000 characters too long" in page


def test_four_thousand_characters_are_accepted(client, article):
    assert send(client, article, text=" " + "x" * 4000 + "\r\n").status_code == 303


def test_towers_of_marks_are_trimmed(client, article):
    send(client, article, name="Z" + "\u0335" * 30 + "o", text="H" + "\u0341" * 50 + "i")
    comment = Comment.objects.get()
    assert comment.source.count("\u0341") == 4
    assert comment.name.count("\u0335") == 4


def test_a_javascript_link_stays_text(client, article):
    send(client, article, text="[x](javascript:alert(1)) <javascript:alert(2)> <img src=x onerror=alert(3)>")
    html = Comment.objects.get().html
    assert "<a" not in html
    assert "<img" not in html


@pytest.mark.parametrize("field", ["name", "text", "email", "website", "token", "fresh"])
def test_nul_bytes_in_any_field_are_an_error_and_nothing_is_lost(client, article, field):
    good = form_of(article)
    answer = client.post(address_of(article), {**good, field: good[field] + "\x00"})
    assert answer.status_code in {400, 403}
    assert "The table is the best part." in text_of(answer)
    assert '<div class="errors"' in text_of(answer)
    assert re.search(r'<div class="errors".*<li>.+</li>', text_of(answer), re.S)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write a name"),
        ("name", "\u200b\u200d", "Write a name"),
        ("name", "x" * 61, "60 is the most"),
        ("name", "The  Еdit0r", "kept for staff"),
        ("email", "nobody@", "name@example.org"),
        ("email", "a@" + "b" * 300 + ".org", "name@example.org"),
    ],
)
def test_a_bad_field_is_named(client, article, field, value, words):
    answer = send(client, article, **{field: value})
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert f'href="#id_{field}"' in text_of(answer)
    assert "The table is the best part." in text_of(answer)


def test_a_reserved_name_is_told_with_everything_else(client, article):
    page = text_of(send(client, article, name="The Editor", email="nope", preview="1"))
    assert "kept for staff" in page
    assert "name@example.org" in page
    assert "How it would look" not in page


def test_what_a_person_cannot_see_is_not_said_to_be_required(client, article):
    page = text_of(send(client, article, token=""))
    assert "This form was not made for this place" in page
    assert "required" not in re.search(r'<div class="errors".*?</div>', page, re.S)[0]


def test_letters_that_grow_when_folded_are_no_trouble(client, article):
    assert send(client, article, name="\ufdfa" * 60).status_code == 303


def test_missing_fields_are_no_trouble(client, article):
    assert client.post(address_of(article)).status_code in {400, 403}
    assert client.post(address_of(article), {"token": tokens.form_token(article.pk, None)}).status_code == 400


@pytest.mark.parametrize("forged", ["", "forged", "a:b:c", "é" * 50])
def test_a_forged_token_is_told_and_the_new_one_works(client, article, forged):
    answer = send(client, article, token=forged)
    assert answer.status_code == 403
    assert "The table is the best part." in text_of(answer)
    assert not Comment.objects.exists()
    token = re.search(r'name="token" value="([^"]+)"', text_of(answer))[1]
    assert send(client, article, token=token).status_code == 303


def test_a_token_of_another_place_is_told(client, article):
    other, parent = make_article(), make_comment(article)
    assert send(client, article, token=tokens.form_token(other.pk, None)).status_code == 403
    assert send(client, article, parent, token=tokens.form_token(article.pk, None)).status_code == 403
    assert Comment.objects.count() == 1


def test_a_token_a_year_old_is_accepted(client, frozen):
    article = make_article()
    data = form_of(article)
    frozen.shift(365 * 24 * 3600)
    assert client.post(address_of(article), data).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
    ],
)
def test_another_sites_form_is_refused_and_the_text_kept(client, article, headers):
    answer = send(client, article, headers=headers)
    assert answer.status_code == 403
    assert "The table is the best part." in text_of(answer)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, {"Origin": "http://testserver"}]
)
def test_our_own_form_is_taken(client, article, headers):
    assert send(client, article, headers=headers).status_code == 303


def test_a_reply_to_a_removed_comment_becomes_an_offer_to_post_it_anew(client, article, editor):
    parent = make_comment(article, name="Ines the Removed")
    moderation.remove(parent, by=editor)
    answer = send(client, article, parent, name="Tomasz")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "no longer there" in page
    assert "Ines the Removed" not in page
    assert f'action="/comments/on/{article.pk}/' in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert send(client, article, token=token, name="Tomasz").status_code == 303


def test_the_reply_page_of_a_removed_or_held_comment_names_nobody(client, article, editor):
    removed, held = make_comment(article, name="Mallory"), make_comment(article, name="Trudy", text=LINK)
    moderation.remove(removed, by=editor)
    for comment, status in ((removed, 410), (held, 404)):
        answer = client.get(address_of(article, comment))
        assert answer.status_code == status
        assert comment.name not in text_of(answer)


def test_a_reply_to_what_never_was_keeps_the_text(client, article):
    answer = client.post("/comments/987654321/reply/", form_of(article))
    assert answer.status_code == 404
    assert "The table is the best part." in text_of(answer)
    assert client.get("/comments/987654321/reply/").status_code == 404


@pytest.mark.parametrize("pk", [10**9, 2**63 - 1, 2**63, 10**40])
def test_numbers_out_of_reach_are_not_found(client, article, pk):
    for where in (f"/comments/{pk}/", f"/comments/{pk}/reply/", f"/comments/on/{pk}/"):
        assert client.get(where).status_code == 404
    assert client.post(f"/comments/on/{pk}/", form_of(article)).status_code == 404


def test_ten_megabytes_are_too_much(client, article):
    answer = send(client, article, text="x" * 10_000_000)
    assert answer.status_code == 413
    body = "text=" + "x" * 10_000_000
    answer = client.post(address_of(article), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00=%ff%00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"text=a", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"&".join(b"a=1" for _ in range(3000)), "application/x-www-form-urlencoded"),
    ],
)
def test_unreadable_posts_are_refused(client, article, body, kind):
    assert 400 <= client.post(address_of(article), body, content_type=kind).status_code < 500


def test_other_methods_are_refused(client, article):
    assert client.put(address_of(article)).status_code == 405
    assert client.delete(address_of(article)).status_code == 405
    assert client.head(address_of(article)).status_code == 200
