"""What shows a picture: what readers see, what is due, what is being written."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, revisions
from articles.due import make_due, schedule_change, unschedule_change
from articles.models import Article, Image, ImageUse
from articles.uses import note_uses
from site_config import pages
from tests.factories import make_article, make_draft, make_image

pytestmark = pytest.mark.django_db
migration = import_module("articles.migrations.0003_images")


def body(*images) -> str:
    return "".join(f'<figure><img data-image="{image.pk}" alt="A"></figure>' for image in images) + "<p>Words.</p>"


def used_by(article) -> set[int]:
    return set(ImageUse.objects.filter(article=article).values_list("image_id", flat=True))


def rewrite(article, **changes):
    article = Article.objects.get(pk=article.pk)
    revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)
    return Article.objects.get(pk=article.pk)


def test_it_works():
    lead, first, second = make_image(), make_image(), make_image()
    assert used_by(make_draft(image=lead.pk, body=body(first, second, first))) == {lead.pk, first.pk, second.pk}


def test_what_a_draft_drops_is_not_used_any_more():
    old, new = make_image(), make_image()
    assert used_by(rewrite(make_draft(image=old.pk), image=new.pk)) == {new.pk}


def test_what_readers_see_stays_used_while_the_newest_says_otherwise():
    old, new = make_image(), make_image()
    article = rewrite(make_article(body=body(old)), body=body(new))
    assert used_by(article) == {old.pk, new.pk}
    publishing.publish(article, by=None)
    assert used_by(article) == {new.pk}


def test_what_is_due_stays_used(frozen):
    due, newest = make_image(), make_image()
    article = rewrite(make_article(), body=body(due))
    schedule_change(article, by=None, at=timezone.now() + timedelta(hours=1))
    article = rewrite(article, body=body(newest))
    assert used_by(article) == {due.pk, newest.pk}
    frozen.shift(timedelta(hours=2))
    make_due()
    assert used_by(rewrite(article, body="<p>Words.</p>")) == {due.pk}


def test_what_is_not_due_any_more_is_not_used():
    due, newest = make_image(), make_image()
    article = rewrite(make_article(), body=body(due))
    schedule_change(article, by=None, at=timezone.now() + timedelta(hours=1))
    article = rewrite(article, body=body(newest))
    unschedule_change(article, by=None)
    assert used_by(article) == {newest.pk}


def test_a_withdrawn_article_can_come_back_and_keeps_its_pictures():
    image = make_image()
    article = make_article(image=image.pk)
    publishing.withdraw(article, by=None)
    assert used_by(rewrite(article, image=None)) == {image.pk}


def test_an_id_that_no_picture_has_is_no_use():
    assert used_by(make_draft(body='<figure><img data-image="12345" alt="A"></figure><p>x</p>')) == set()


def test_nothing_used_is_deleted_not_even_past_the_desk():
    image = make_image()
    article = make_draft(image=image.pk)
    with pytest.raises(ProtectedError):
        image.delete()
    with pages.changing():
        article.delete()
        image.delete()
    assert not Image.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_saving_where_no_picture_moves_asks_one_question(count):
    article = make_article(body=body(*(make_image() for _ in range(count))))
    article = Article.objects.get(pk=rewrite(article, title="Another").pk)
    assert article.newest
    with CaptureQueriesContext(
        connection,
    ) as queries:
        note_uses(article)
    assert len(queries) == 1


def test_the_migration_notes_what_was_there_before():
    lead, old, new, unused = (make_image() for _ in range(4))
    article = rewrite(make_article(image=lead.pk, body=body(old)), body=body(new), image=None)
    before = used_by(article)
    assert before == {lead.pk, old.pk, new.pk}
    make_draft(body='<figure><img data-image="12345" alt="A"></figure><p>x</p>')
    ImageUse.objects.all().delete()
    for _ in range(2):
        migration.note_uses(apps, None)
        assert used_by(article) == before
    assert not unused.uses.exists()
