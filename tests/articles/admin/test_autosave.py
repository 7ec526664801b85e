"""What the open form sends every few seconds, and what it is told."""

from __future__ import annotations

import gzip
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import presence, revisions
from articles.models import Article, Presence, Revision
from tests.articles.admin.test_article import ADD, WRITER, change_address, fields, form_of, signed_in
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db
ONE, OTHER = "1" * 32, "2" * 32
BEGIN = "/admin/articles/article/autosave/"
PACKED = "application/gzip"


def autosave(client, article, **changes):
    return client.post(change_address(article, "autosave"), form_of(article, session=ONE, **changes))


def newest(article=None) -> Revision:
    return Article.objects.get(**({"pk": article.pk} if article else {})).newest


def test_it_works(desk, editor):
    article = make_draft(title="One", by=editor)
    answer = autosave(desk, article, title="Two").json()
    saved = newest(article)
    assert (saved.data["title"], saved.kind, saved.author) == ("Two", "autosave", editor)
    assert answer["revision"] == saved.pk
    assert answer["problems"] == {}
    assert str(Article.objects.get()) == "Two"


def test_readers_see_nothing_of_it(desk):
    article = make_article(title="Public")
    page = desk.get(article.get_absolute_url()).content
    autosave(desk, article, title="Not yet", body="<p>Not yet</p>")
    article.refresh_from_db()
    assert article.has_unpublished_changes
    assert b"Not yet" not in desk.get(article.get_absolute_url()).content
    assert b"Public" in page


def test_the_form_may_come_packed(desk):
    article = make_draft(body="<p>One</p>")
    packed = gzip.compress(urlencode(form_of(article, session=ONE, body="<p>Packed – ü</p>"), doseq=True).encode())
    assert desk.post(change_address(article, "autosave"), packed, content_type=PACKED).status_code == 200
    assert newest().data["body"] == "<p>Packed – ü</p>"


@pytest.mark.parametrize(
    "broken",
    [b"no gzip", gzip.compress(b"title=x")[:-3], gzip.compress(b"\xff\xfe"), gzip.compress(b"x" * 11_000_000)],
    ids=["not packed", "cut off", "not text", "a bomb"],
)
def test_what_did_not_arrive_whole_is_not_saved(desk, broken):
    article = make_draft(title="One")
    answer = desk.post(change_address(article, "autosave"), broken, content_type=PACKED)
    assert answer.status_code == 400
    assert "did not arrive whole" in answer.json()["error"]
    assert newest().data["title"] == "One"


def test_the_autosaves_of_a_sitting_are_one_row(desk):
    article = make_draft(title="By hand")
    for title in ("A", "Ab", "Abc"):
        autosave(desk, Article.objects.get(), title=title)
    assert [revision.data["title"] for revision in Revision.objects.order_by("pk")] == ["By hand", "Abc"]
    desk.post(change_address(article), form_of(Article.objects.get(), session=ONE))
    assert [(revision.data["title"], revision.kind) for revision in Revision.objects.order_by("pk")] == [
        ("By hand", "draft"),
        ("Abc", "draft"),
    ]


def test_another_sitting_another_writer_and_a_large_loss_get_a_row_of_their_own(client, frozen):
    make_draft(title="By hand", body=f"<p>{'word ' * 50}</p>")
    for user in (make_user(is_superuser=True), make_user(is_superuser=True)):
        client.force_login(user)
        autosave(client, Article.objects.get(), title=f"By {user}")
    frozen.shift(timedelta(hours=1))
    autosave(client, Article.objects.get(), title="An hour later")
    autosave(client, Article.objects.get(), title="All gone", body="<p>word</p>")
    assert Revision.objects.filter(kind="autosave").count() == 4


def test_a_version_that_another_form_began_with_is_kept_as_long_as_that_is_open(desk, frozen):
    article = make_draft(title="By hand")
    autosave(desk, article, title="A")
    shown = newest().pk
    be_at(desk, article, OTHER, based_on=shown)
    autosave(desk, Article.objects.get(), title="Ab")
    autosave(desk, Article.objects.get(), title="Abc")
    assert [revision.data["title"] for revision in Revision.objects.order_by("pk")] == ["By hand", "A", "Abc"]


def test_what_is_not_valid_is_said_and_the_rest_is_saved(desk):
    make_article(slug="taken")
    article = make_draft(title="One", slug="mine")
    answer = autosave(desk, article, title="Two", slug="taken", tags="x" * 80).json()
    assert set(answer["problems"]) == {"Slug", "Tags"} or set(answer["problems"]) == {"slug", "tags"}
    data = newest(article).data
    assert (data["title"], data["slug"], data["tags"]) == ("Two", "mine", [])


def test_a_lead_image_and_authors_are_kept(desk, editor):
    image = make_image()
    autosave(desk, make_draft(), image=image.pk, bylines=[editor.pk])
    assert (newest().data["image"], newest().data["bylines"]) == (image.pk, [editor.pk])


def test_a_new_article_begins_with_its_first_autosave_and_only_once(desk, editor):
    answer = desk.post(BEGIN, fields(title="", body="<p>Begun</p>", session=ONE)).json()
    again = desk.post(BEGIN, fields(title="Begun", body="<p>Begun, and the answer was lost</p>", session=ONE)).json()
    article = Article.objects.get()
    assert answer["article"] == again["article"] == article.pk
    assert answer["change"] == change_address(article)
    assert article.created_by == editor
    assert article.newest.data["body"] == "<p>Begun, and the answer was lost</p>"
    assert article.slug == "begun"


def test_the_form_of_a_new_article_saves_into_the_draft_that_it_began(desk):
    desk.post(BEGIN, fields(title="Begun", session=ONE))
    desk.post(ADD, fields(title="Begun and saved", session=ONE))
    assert str(Article.objects.get()) == "Begun and saved"


def test_nobody_takes_over_the_draft_that_another_began(desk, client):
    desk.post(BEGIN, fields(title="Mine", session=ONE))
    signed_in(client, *WRITER)
    client.post(BEGIN, fields(title="Also mine", session=ONE))
    assert {str(article) for article in Article.objects.all()} >= {"Mine"}
    assert Article.objects.get(working_title="Mine").newest.data["title"] == "Mine"


def test_the_slug_follows_the_title_until_one_is_chosen(desk):
    desk.post(BEGIN, fields(title="H", session=ONE))
    article = Article.objects.get()
    autosave(desk, article, title="How it began")
    assert Article.objects.get().slug == "how-it-began"
    assert revisions.newest_data(Article.objects.get())["slug"] == ""
    autosave(desk, Article.objects.get(), title="How it ended", slug="chosen")
    assert Article.objects.get().slug == "chosen"


def test_what_somebody_else_saved_is_not_overwritten(desk):
    article = make_draft(title="One")
    revisions.save(article, {**revisions.newest_data(article), "title": "Theirs"}, by=make_user(display_name="Ada"))
    answer = autosave(desk, article, title="Mine")
    assert answer.status_code == 409
    assert "Ada saved another version at" in answer.json()["error"]
    assert newest().data["title"] == "Theirs"


def test_what_one_saved_oneself_in_another_window_is_said_so(desk, editor):
    article = make_draft(title="One")
    mine = form_of(article, title="Mine")
    revisions.save(article, {**revisions.newest_data(article), "title": "Also mine"}, by=editor)
    assert "You, in another window, saved another version at" in autosave(desk, article, title="Mine").json()["error"]
    page = desk.post(change_address(article), mine).content.decode()
    assert "You, in another window, saved this article at" in page


def test_fields_are_named_as_the_form_names_them(desk):
    answer = autosave(desk, make_draft(), tags="x" * 80, slug="a b").json()
    assert set(answer["problems"]) == {"Tags", "Slug"}


def test_an_answer_that_was_lost_does_not_make_the_writer_a_stranger_to_herself(desk):
    article = make_draft(title="One")
    lost = form_of(article, session=ONE, title="Two")
    desk.post(change_address(article, "autosave"), lost)
    again = desk.post(change_address(article, "autosave"), {**lost, "title": "Three"})
    assert again.status_code == 200
    assert newest().data["title"] == "Three"
    other = desk.post(change_address(article, "autosave"), {**lost, "session": OTHER, "title": "Old"})
    assert other.status_code == 409


def test_it_checks_access(client):
    article = make_draft(title="One")
    address = change_address(article, "autosave")
    assert client.post(address, form_of(article, title="Mine")).status_code == 401
    signed_in(client, "articles.view_article")
    assert client.post(address, form_of(article, title="Mine")).status_code == 403
    assert client.post(BEGIN, fields()).status_code == 403
    assert newest().data["title"] == "One"
    assert Article.objects.count() == 1


def test_it_rejects_get(desk):
    article = make_draft()
    for address in (BEGIN, change_address(article, "autosave"), change_address(article, "presence")):
        assert desk.get(address).status_code == 405


def test_after_the_article_was_deleted_it_says_so(desk):
    article = make_draft()
    mine, address = form_of(article), change_address(article, "autosave")
    desk.post(change_address(article, "delete"), {"post": "yes"})
    answer = desk.post(address, mine)
    assert answer.status_code == 410
    assert "has been deleted" in answer.json()["error"]


def test_the_token_is_given_to_who_is_signed_in(desk, client, editor):
    address = reverse("admin:articles_article_alive")
    answer = desk.get(address).json()
    assert (answer["user"], answer["name"]) == (editor.pk, "Editor")
    assert answer["csrf"]
    desk.logout()
    assert client.get(address).status_code == 401


def test_without_a_token_nothing_is_saved(editor):
    from django.test import Client

    article = make_draft(title="One")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert autosave(strict, article, title="Forged").status_code == 403
    assert newest().data["title"] == "One"


@pytest.mark.parametrize("words", [10, 3000])
def test_the_number_of_queries_does_not_grow(desk, words):
    article = make_draft(body=f"<p>{'word ' * words}</p>")
    autosave(desk, article, title="Once")
    with CaptureQueriesContext(
        connection,
    ) as found:
        autosave(desk, Article.objects.get(), title="Twice")
    assert len(found) <= 25, [query["sql"][:90] for query in found]


# --- who else is there ---------------------------------------------------------------------------------------------


def be_at(client, article, session=ONE, **more):
    return client.post(change_address(article, "presence"), {"session": session, **more})


def test_the_second_is_told_who_and_since_when(desk, client, frozen):
    article = make_draft()
    ada = make_user(display_name="Ada", is_superuser=True)
    presence.here(article, user=ada, session=OTHER)
    frozen.shift(30)
    assert "Open here too: Ada since 12:00." in be_at(desk, article).json()["others"]
    assert "Ada since 12:00" in desk.get(change_address(article)).content.decode()
    frozen.shift(presence.GONE_AFTER)
    assert be_at(desk, article).json()["others"] == ""


def test_who_leaves_is_not_there_any_more(desk):
    article = make_draft()
    be_at(desk, article)
    assert "you, in another window" in be_at(desk, article, OTHER).json()["others"]
    be_at(desk, article, leaving="yes")
    assert be_at(desk, article, OTHER).json()["others"] == ""


def test_a_version_that_somebody_saved_meanwhile_is_said(desk):
    article = make_draft(title="One")
    opened = article.newest_id
    assert be_at(desk, article, based_on=opened).json()["said"] == ""
    revisions.save(article, {**revisions.newest_data(article), "title": "Theirs"}, by=make_user(display_name="Ada"))
    assert "Ada saved another version" in be_at(desk, article, based_on=opened).json()["said"]


def test_presence_checks_access(client):
    article = make_draft()
    assert be_at(client, article).status_code == 401
    signed_in(client, "articles.view_article")
    assert be_at(client, article).status_code == 403
    assert not Presence.objects.exists()


# --- two versions --------------------------------------------------------------------------------------------------


@pytest.fixture
def stale():
    """An article whose form was opened, and the form; then Ada saved."""
    article = make_draft(title="One", body="<p>First.</p><p>Second.</p>", tags=["Law"])
    form = form_of(article, session=ONE)
    theirs = {**revisions.newest_data(article), "body": "<p>First.</p><p>Second, as Ada has it.</p>", "tags": ["Law", "Ada"]}
    revisions.save(article, theirs, by=make_user(display_name="Ada"))
    return article, form


def test_both_can_be_merged_in_the_form(desk, stale):
    article, form = stale
    mine = {**form, "title": "Mine", "body": "<p>First, as I have it.</p><p>Second.</p>"}
    page = desk.post(change_address(article), {**mine, "_merge": "yes"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="Mine"' in text
    assert "First, as I have it." in text
    assert "Second, as Ada has it." in text
    assert "Law, Ada" in text
    assert f'name="based_on" value="{newest().pk}"' in text
    assert newest().data["title"] == "One"


def test_where_both_changed_the_same_theirs_is_told(desk, stale):
    article, form = stale
    page = desk.post(change_address(article), {**form, "body": "<p>First.</p><p>Second, my way.</p>", "_merge": "yes"})
    assert "Second, as Ada has it." in page.content.decode()
    assert "yours stand. Theirs were:" in page.content.decode()


def test_theirs_can_be_taken_and_mine_is_set_aside(desk, stale, editor):
    article, form = stale
    desk.post(change_address(article), {**form, "title": "Mine", "_theirs": "yes"})
    assert newest().data["body"].endswith("as Ada has it.</p>")
    aside = Revision.objects.get(kind="aside")
    assert (aside.data["title"], aside.author) == ("Mine", editor)


def test_mine_can_be_kept_but_not_over_what_was_not_seen(desk, stale):
    article, form = stale
    seen = newest().pk
    revisions.save(article, {**newest().data, "title": "A third"}, by=make_user(display_name="Bo"))
    mine = {**form, "title": "Mine", "_mine": "yes"}
    assert "Bo saved this article" in desk.post(change_address(article), {**mine, "seen": seen}).content.decode()
    assert newest().data["title"] == "A third"
    desk.post(change_address(article), {**mine, "seen": newest().pk})
    assert newest().data["title"] == "Mine"


@pytest.mark.parametrize("button", ["_merge", "_theirs", "_mine"])
def test_settling_needs_the_permission(client, stale, button):
    article, form = stale
    signed_in(client, "articles.view_article")
    client.post(change_address(article), {**form, "seen": newest().pk, "title": "Mine", button: "yes"})
    assert newest().data["title"] == "One"
    assert not Revision.objects.filter(kind="aside").exists()
