"""Links to a draft for somebody without an account, and the notes that they leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import drafts, revisions
from articles.models import Article, DraftLink, Note
from site_config.audit.models import Entry
from tests.articles.admin.test_article import WRITER, change_address, signed_in
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(frozen):
    article = make_draft(title="Not public", body="<p>One of two.</p><p>Two of two.</p>", tags=["New tag"])
    return drafts.make_link(article, by=None, reader="Ines")


def path(link) -> str:
    return drafts.address(link).removeprefix("http://testserver").removeprefix("http://127.0.0.1:8000")


def save(article, *, kind="draft", **changes):
    article = Article.objects.get(pk=article.pk)
    return revisions.save(article, {**revisions.newest_data(article), **changes}, by=None, kind=kind)


def test_it_works(client, link):
    page = client.get(path(link))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Not public" in text
    assert "New tag" in text
    assert "A draft, not published." in text
    assert "Version of" in text
    assert "15 February 2025, 12:00" in text


def test_it_is_not_offered_to_be_shared(client, link):
    text = client.get(path(link)).content.decode()
    for words in ("data-share", "https://www.facebook.com", "mailto:"):
        assert words not in text


def test_nobody_indexes_keeps_or_names_it(client, link):
    page = client.get(path(link))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert 'content="noindex, nofollow"' in page.content.decode()
    for part in ("canonical", "og:title", "ld+json"):
        assert part not in page.content.decode()
    assert not page.cookies


def test_it_shows_what_was_saved_by_hand_last(client, link):
    save(link.article, title="Saved by hand")
    save(link.article, kind="autosave", title="Half a sent")
    revisions.set_aside(link.article, {"title": "Set aside"}, by=None)
    text = client.get(path(link)).content.decode()
    assert "Saved by hand" in text
    assert "Half a sent" not in text


def test_it_shows_the_working_copy_of_a_public_article_while_readers_see_the_public_one(client, frozen):
    article = make_article(title="Public")
    save(article, title="Reworked")
    link = drafts.make_link(article, by=None)
    assert "Reworked" in client.get(path(link)).content.decode()
    assert "Reworked" not in client.get(article.get_absolute_url()).content.decode()


def test_with_pictures_it_costs_a_constant_number_of_queries(client, link, django_assert_max_num_queries):
    images = [make_image() for _ in range(3)]
    body = "".join(f'<figure><img data-image="{image.pk}" alt="A."></figure>' for image in images)
    save(link.article, body=body, image=images[0].pk)
    with django_assert_max_num_queries(14):
        assert client.get(path(link)).status_code == 200


@pytest.mark.parametrize("place", range(6))
def test_a_link_with_one_character_changed_leads_nowhere(client, link, place):
    address = path(link)
    at = -2 - place
    changed = address[:at] + ("A" if address[at] != "A" else "B") + address[at + 1 :]
    page = client.get(changed)
    assert page.status_code == 404
    assert "This link works no more" in page.content.decode()
    assert "Not public" not in page.content.decode()


@pytest.mark.parametrize("token", ["x", "1", "1.", ".x", "1.x.y", "9" * 30, "ü.é", "-1.a"])
def test_a_token_that_is_none_leads_nowhere(client, db, token):
    assert client.get(f"/draft/{token}/").status_code == 404


def test_a_link_that_expired_says_so(client, link, frozen):
    frozen.shift(timedelta(days=14))
    page = client.get(path(link))
    assert page.status_code == 410
    assert "It led to a draft until" in page.content.decode()
    assert "Not public" not in page.content.decode()
    assert client.post(path(link), {"text": "Too late."}).status_code == 410
    assert not Note.objects.exists()


def test_a_link_that_was_revoked_says_so(client, link, editor):
    drafts.revoke(link, by=editor)
    page = client.get(path(link))
    assert page.status_code == 410
    assert "who sent it has ended it" in page.content.decode()
    assert Entry.objects.filter(verb="draft link revoked").count() == 1


def test_the_link_of_a_deleted_article_leads_nowhere(client, desk, link):
    desk.post(change_address(link.article, "delete"), {"post": "yes"})
    assert client.get(path(link)).status_code == 404


def test_the_signature_of_something_else_opens_nothing(client, link):
    from django.core.signing import Signer

    assert client.get(f"/draft/{Signer(sep='.', salt='comments.form').sign(str(link.pk))}/").status_code == 404


# --- notes ---------------------------------------------------------------------------------------------------------


def leave(client, link, **fields):
    return client.post(path(link), {"text": "Is that so?", "exact": "Two of two.", "prefix": "One of two. ", **fields})


def test_a_note_on_a_passage_is_shown_to_its_reader_and_to_the_writer(client, desk, link):
    answer = leave(client, link, name="Ines", version=link.article.newest_id)
    note = Note.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path(link)}#note-{note.pk}")
    assert (note.text, note.exact, note.name, note.revision_id) == (
        "Is that so?",
        "Two of two.",
        "Ines",
        link.article.newest_id,
    )
    for page in (
        client.get(path(link)),
        desk.get(change_address(link.article)),
        desk.get(change_address(link.article, "notes")),
    ):
        assert "Is that so?" in page.content.decode()


def test_another_link_does_not_show_it(client, link):
    leave(client, link)
    other = drafts.make_link(link.article, by=None)
    assert "Is that so?" not in client.get(path(other)).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Write your note."),
        ({"text": "\u200b \u200b"}, "only spaces or invisible characters"),
        ({"text": "x" * 2001}, "Shorten the note: it has 2001 characters, and 2000 is the most."),
        ({"exact": "x" * 1001}, "Quote fewer words"),
    ],
)
def test_bad_input_is_explained_and_kept(client, link, fields, words):
    page = leave(client, link, name="Ines Duarte", **fields)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert "Ines Duarte" in page.content.decode()
    assert not Note.objects.exists()


def test_what_a_note_says_is_text_and_no_markup(client, desk, link):
    leave(client, link, text="<script>alert(1)</script>", exact='"><img src=x onerror=alert(1)>', name="<b>Ines</b>")
    for page in (
        client.get(path(link)),
        desk.get(change_address(link.article)),
        desk.get(change_address(link.article, "notes")),
    ):
        for markup in ("<script>alert", "<img src=x", "<b>Ines"):
            assert markup not in page.content.decode()


def test_a_note_from_another_sites_page_is_refused_with_its_words(client, link):
    page = client.post(path(link), {"text": "Forged"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 400
    assert "Forged" in page.content.decode()
    assert not Note.objects.exists()


def test_a_link_without_notes_takes_none(client, link):
    quiet = drafts.make_link(link.article, by=None, takes_notes=False)
    assert "Leave a note" not in client.get(path(quiet)).content.decode()
    assert leave(client, quiet).status_code == 400
    assert not Note.objects.exists()


def test_there_is_an_end_to_notes(client, link, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_NOTES", 2)
    for _ in range(2):
        assert leave(client, link).status_code == 303
    page = leave(client, link)
    assert page.status_code == 400
    assert "it takes no more" in page.content.decode()
    assert Note.objects.count() == 2


def test_the_writer_answers_and_closes_and_opens_again(client, desk, link, editor):
    leave(client, link)
    note = Note.objects.get()
    address = f"{change_address(link.article, 'notes')}{note.pk}/"
    desk.post(address, {"answer": "It is.", "act": "close"})
    note.refresh_from_db()
    assert (note.answer, note.answered_by, bool(note.closed_at)) == ("It is.", editor, True)
    assert "It is." in client.get(path(link)).content.decode()
    assert "Is that so?" not in desk.get(change_address(link.article)).content.decode()
    assert desk.post(address, {"act": "open"}, headers={"Accept": "application/json"}).json() == {
        "answer": "It is.",
        "is_closed": False,
    }
    answer = desk.post(address, {"answer": "x" * 2001, "act": "close"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "2,000 is the most" in answer.json()["error"]


# --- the desk ------------------------------------------------------------------------------------------------------


def test_links_are_made_and_ended_on_the_desk(desk, client, editor, frozen):
    article = make_draft(title="Secret")
    desk.post(change_address(article, "drafts"), {"reader": "Ines", "days": "3", "takes_notes": "on"})
    link = DraftLink.objects.get()
    assert (link.reader, link.created_by, link.takes_notes) == ("Ines", editor, True)
    assert (link.expires_at - link.created_at).days == 3
    assert drafts.address(link) in desk.get(change_address(article, "drafts")).content.decode()
    desk.post(f"{change_address(article, 'drafts')}{link.pk}/revoke/")
    assert client.get(path(link)).status_code == 410
    assert drafts.address(link) not in desk.get(change_address(article, "drafts")).content.decode()


def test_it_checks_access(client, link):
    leave(client, link)
    note = Note.objects.get()
    pages = [
        (change_address(link.article, "drafts"), {"days": "3"}),
        (f"{change_address(link.article, 'drafts')}{link.pk}/revoke/", {}),
        (change_address(link.article, "notes"), {}),
        (f"{change_address(link.article, 'notes')}{note.pk}/", {"act": "close"}),
    ]
    for address, fields in pages:
        assert client.post(address, fields).headers["Location"].startswith("/admin/login/")
    signed_in(client, "articles.view_article")
    for address, fields in pages:
        assert client.post(address, fields).status_code == 403
    note.refresh_from_db()
    link.refresh_from_db()
    assert (DraftLink.objects.count(), note.closed_at, link.revoked_at) == (1, None, None)


def test_who_may_change_the_article_may_make_links(client):
    user = make_user(permissions=(*WRITER, "articles.change_any_article"))
    article = make_draft(by=user)
    client.force_login(user)
    client.post(change_address(article, "drafts"), {"days": "14"})
    assert DraftLink.objects.get().created_by == user


def test_nothing_is_revoked_by_looking(desk, link):
    assert desk.get(f"{change_address(link.article, 'drafts')}{link.pk}/revoke/").status_code == 405
    assert DraftLink.objects.get().revoked_at is None
