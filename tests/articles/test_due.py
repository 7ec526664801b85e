"""A change of a public article comes true at its minute, once, and without anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from articles import due, publishing, revisions
from articles.models import Article
from articles.publishing import NotReady, WrongState
from site_config.audit.models import Entry
from tests.articles.admin.test_article import change_address, form_of
from tests.factories import make_article, make_draft, make_user
from tests.threads import at_once

HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(db, frozen):
    """A live article with a change that is due in an hour, and was changed again since."""
    article = make_article(title="As it was", slug="here", tags=["Old"])
    changed = {**revisions.newest_data(article), "title": "As it will be", "slug": "there", "tags": ["New"]}
    revisions.save(article, changed, by=None)
    due.schedule_change(article, by=None, at=timezone.now() + HOUR)
    article.refresh_from_db()
    revisions.save(article, {**changed, "title": "Later still"}, by=None)
    return Article.objects.get()


def test_it_works(waiting, client, frozen):
    assert b"As it was" in client.get("/here/").content
    frozen.shift(HOUR)
    assert due.make_due() == 1
    article = Article.objects.get()
    assert (article.title, article.slug, list(article.tags.names())) == ("As it will be", "there", ["New"])
    assert revisions.newest_data(article)["title"] == "Later still"
    assert article.has_unpublished_changes
    assert str(article) == "Later still"
    assert (article.due, article.due_at, article.due_by) == (None, None, None)
    assert client.get("/here/").headers["Location"] == "/there/"
    assert due.make_due() == 0


@pytest.mark.parametrize("path", ["/", "/here/", "/feed/", "/tag/", "/2025/", "/sitemap.xml"])
def test_the_first_page_that_is_drawn_after_the_minute_shows_it(waiting, client, frozen, path):
    assert b"As it will be" not in client.get(path).content
    frozen.shift(HOUR - timedelta(seconds=1))
    client.get(path)
    assert Article.objects.get().title == "As it was"
    frozen.shift(1)
    answer = client.get(path)
    assert answer.status_code in {200, 301}
    assert Article.objects.get().title == "As it will be"
    assert b"As it was" not in client.get("/").content


def test_what_cannot_be_mended_is_shown_as_it_is(waiting, client, frozen, monkeypatch):
    from django.db import OperationalError

    def locked(*arguments):
        raise OperationalError("database is locked")

    frozen.shift(HOUR)
    monkeypatch.setattr("articles.views.due.make", locked)
    answer = client.get("/here/")
    assert answer.status_code == 200
    assert b"As it was" in answer.content


def test_no_queries_are_added_to_a_page(waiting, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get("/here/")


def test_it_is_logged_under_the_name_of_who_scheduled_it(waiting, frozen, editor):
    due.schedule_change(waiting, by=editor, at=timezone.now() + HOUR)
    frozen.shift(HOUR)
    due.make_due()
    assert list(Entry.objects.order_by("-pk").values_list("verb", "actor_name")[:2]) == [
        ("published", "Editor"),
        ("change scheduled", "Editor"),
    ]


def test_unscheduling_leaves_readers_with_what_they_see(waiting, frozen):
    due.unschedule_change(waiting, by=None)
    frozen.shift(HOUR)
    assert due.make_due() == 0
    assert Article.objects.get().title == "As it was"
    with pytest.raises(WrongState):
        due.unschedule_change(waiting, by=None)


def test_publishing_now_drops_it(waiting, frozen):
    publishing.publish(waiting, by=None)
    frozen.shift(HOUR)
    assert due.make_due() == 0
    assert Article.objects.get().title == "Later still"


def test_withdrawing_drops_it(waiting, frozen, client):
    publishing.withdraw(waiting, by=None)
    frozen.shift(HOUR)
    assert due.make_due() == 0
    publishing.restore(waiting, by=None)
    assert Article.objects.get().title == "As it was"


def test_one_that_cannot_be_made_is_said_on_the_desk(waiting, frozen, desk):
    make_article(slug="there")
    frozen.shift(HOUR)
    assert due.make_due() == 0
    article = Article.objects.get(pk=waiting.pk)
    assert (article.title, article.due_at) == ("As it was", None)
    assert "Another article has the address /there/" in article.due_trouble
    assert "could not be published: Another article" in desk.get(change_address(article)).content.decode()
    assert due.make_due() == 0


def test_a_conversation_that_was_closed_meanwhile_stays_closed(waiting, frozen):
    publishing.set_comment_policy(waiting, "closed", by=None)
    frozen.shift(HOUR)
    due.make_due()
    assert Article.objects.get().comment_policy == "closed"


def test_only_public_articles_have_due_changes(db):
    with pytest.raises(WrongState, match="schedule its publication"):
        due.schedule_change(make_draft(), by=None, at=timezone.now() + HOUR)


def test_what_is_not_ready_is_said_at_once(db):
    article = make_article()
    revisions.save(article, {**revisions.newest_data(article), "body": ""}, by=None)
    with pytest.raises(NotReady):
        due.schedule_change(article, by=None, at=timezone.now() + HOUR)


def test_it_needs_the_permission(waiting):
    somebody = make_user(permissions=("articles.change_article",))
    for verb in (
        lambda: due.schedule_change(waiting, by=somebody, at=timezone.now()),
        lambda: due.unschedule_change(waiting, by=somebody),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    publisher = make_user(permissions=("articles.publish_article",))
    assert due.unschedule_change(waiting, by=publisher).due_at is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with several writers")
@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_makes_it():
    article = make_article(title="As it was")
    revisions.save(article, {**revisions.newest_data(article), "title": "As it will be"}, by=None)
    due.schedule_change(article, by=None, at=timezone.now())
    made = at_once(*[lambda: due.make(article.pk)] * 4)
    assert sorted(made) == [False, False, False, True]
    assert Entry.objects.filter(verb="published", object_id=str(article.pk)).count() == 2


# --- on the desk ---------------------------------------------------------------------------------------------------


def ask(desk, article, **fields):
    return desk.post(change_address(article, "publish"), {"visibility": "public", **fields})


def test_the_publish_page_schedules_a_change(desk, frozen):
    article = make_article(title="As it was")
    revisions.save(article, {**revisions.newest_data(article), "title": "As it will be"}, by=None)
    ask(desk, article, at="2025-02-16T08:00")
    article.refresh_from_db()
    assert article.due_at == datetime(2025, 2, 16, 8, tzinfo=UTC)
    assert article.title == "As it was"
    page = desk.get(change_address(article)).content.decode()
    assert "A change goes live on 16 February 2025, 08:00" in page
    desk.post(change_address(article, "unschedule"))
    assert Article.objects.get().due_at is None


@pytest.mark.parametrize(
    ("zone", "at", "words"),
    [
        ("UTC", "2025-02-15T11:59", "This time has passed"),
        ("UTC", "tomorrow", "Write the time as"),
        ("Europe/Berlin", "2025-03-30T02:30", "it comes twice, or not at all"),
        ("Europe/Berlin", "2025-10-26T02:30", "it comes twice, or not at all"),
    ],
)
def test_a_time_that_cannot_be_is_told(desk, frozen, zone, at, words):
    article = make_article()
    with timezone.override(zone):
        page = ask(desk, article, at=at)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert Article.objects.get().due_at is None


def test_two_publications_at_the_same_instant_are_one(desk):
    article = make_draft(title="One")
    ask(desk, article, version=article.newest_id)
    again = ask(desk, article, version=article.newest_id)
    assert again.status_code == 400
    assert "Readers see this version already." in again.content.decode()
    assert Entry.objects.filter(verb="published").count() == 1


def test_what_was_saved_after_the_page_was_opened_is_not_published_unseen(desk):
    article = make_article(title="One")
    desk.post(change_address(article), form_of(article, title="Two"))
    opened = Article.objects.get().newest_id
    revisions.save(article, {**revisions.newest_data(article), "title": "Theirs"}, by=make_user(display_name="Ada"))
    page = ask(desk, article, version=opened)
    assert "Ada saved the article after you opened this page" in page.content.decode()
    assert Article.objects.get().title == "One"


def test_who_finds_it_is_not_scheduled(desk, frozen):
    article = make_article()
    page = ask(desk, article, at="2025-02-16T08:00", visibility="unlisted")
    assert page.status_code == 400
    assert "Who finds it is changed at once only." in page.content.decode()
    assert (Article.objects.get().due_at, Article.objects.get().visibility) == (None, "public")
