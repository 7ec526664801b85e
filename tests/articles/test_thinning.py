from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles import due, publishing, revisions
from articles.models import Article, Revision
from articles.thinning import thin_autosaves
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def autosave(article, title: str, *, by=None, days: float = 0) -> Revision:
    """An autosave of so many days ago."""
    article = Article.objects.get(pk=article.pk)
    data = {**revisions.newest_data(article), "title": title}
    revision = revisions.save(article, data, by=by, kind="autosave", session=f"{title:0>32}")
    Revision.objects.filter(pk=revision.pk).update(created_at=timezone.now() - days * DAY)
    return revision


def titles() -> set[str]:
    return {revision.data["title"] for revision in Revision.objects.all()}


def test_it_works(frozen):
    article = make_draft(title="By hand")
    Revision.objects.update(created_at=timezone.now() - 200 * DAY)
    for days, title in [(100, "old"), (30.2, "morning"), (30.1, "noon"), (6, "this week"), (5.9, "this week too"), (0, "now")]:
        autosave(article, title, days=days)
    assert thin_autosaves() == 2
    assert titles() == {"By hand", "noon", "this week", "this week too", "now"}
    assert thin_autosaves() == 0


def test_each_writer_keeps_the_last_of_a_day(frozen):
    article, ada, bo = make_draft(title="By hand"), make_user(), make_user()
    for title, by, days in [("a1", ada, 30.4), ("b1", bo, 30.3), ("a2", ada, 30.2), ("b2", bo, 30.1), ("now", ada, 0)]:
        autosave(article, title, by=by, days=days)
    thin_autosaves()
    assert titles() == {"By hand", "a2", "b2", "now"}


def test_what_is_newest_public_or_due_is_kept_however_old(frozen):
    article = make_article(title="Public")
    autosave(article, "published", days=0)
    publishing.publish(article, by=None)
    autosave(article, "due", days=0)
    due.schedule_change(article, by=None, at=timezone.now() + 400 * DAY)
    autosave(article, "newest", days=0)
    Revision.objects.update(created_at=timezone.now() - 200 * DAY)
    assert thin_autosaves() == 0
    assert {"published", "due", "newest"} <= titles()


def test_what_was_saved_by_hand_or_set_aside_is_kept(frozen):
    article = make_draft(title="By hand")
    revisions.set_aside(article, {"title": "Aside"}, by=None)
    revisions.save(article, {"title": "Second"}, by=None)
    Revision.objects.update(created_at=datetime(2015, 1, 1, tzinfo=timezone.get_current_timezone()))
    assert thin_autosaves() == 0
    assert titles() == {"By hand", "Aside", "Second"}


def test_looking_costs_one_query(django_assert_num_queries):
    make_draft()
    with django_assert_num_queries(1):
        thin_autosaves()
