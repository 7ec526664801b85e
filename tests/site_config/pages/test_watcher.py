import logging

import pytest
from django.db import connection
from django.db.models import F, OuterRef, Subquery, Value
from django.utils import timezone

from articles.models import Article, Byline, Image, Redirect, Rendition, Tag, TaggedArticle
from site_config import pages
from site_config.pages import watcher
from site_config.pages.models import Generation
from site_config.pages.watcher import ForgottenChange, written_table
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db):
    return make_article(tags=["AI"], bylines=[make_user().pk])


FORGOTTEN = {
    "save": lambda article: article.save(),
    "save of public columns": lambda article: article.save(update_fields=["title", "working_title"]),
    "create": lambda article: Tag.objects.create(name="New"),
    "update": lambda article: Article.objects.update(title="New"),
    "update of nothing": lambda article: Article.objects.filter(pk=0).update(title="New"),
    "update by expression": lambda article: Article.objects.update(comment_count=F("comment_count") + 1),
    "bulk_update": lambda article: Article.objects.bulk_update([article], ["title"]),
    "bulk_create": lambda article: Redirect.objects.bulk_create([Redirect(path="/old/", article=article)]),
    "bulk_create over conflicts": lambda article: Redirect.objects.bulk_create(
        [Redirect(path="/old/", article=article)], ignore_conflicts=True
    ),
    "update_or_create": lambda article: Redirect.objects.update_or_create(path="/old/", defaults={"article": article}),
    "delete": lambda article: article.delete(),
    "bulk delete": lambda article: Byline.objects.all().delete(),
    "fast delete": lambda article: Byline.objects.all()._raw_delete("default"),
    "tags.add": lambda article: article.tags.add("New"),
    "tags.remove": lambda article: article.tags.remove("AI"),
    "tags.clear": lambda article: article.tags.clear(),
    "related create": lambda article: article.bylines.create(user=make_user()),
    "related add": lambda article: article.redirects.add(Redirect(path="/old/"), bulk=False),
    "raw insert": lambda article: execute(
        "INSERT INTO articles_taggedarticle (tag_id, content_object_id) SELECT 1, 1 WHERE 1 = 0"
    ),
    "raw update": lambda article: execute("update articles_article set title = 'New'"),
    "raw delete": lambda article: execute('  DELETE  FROM\n"articles_byline"'),
}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("write", FORGOTTEN.values(), ids=FORGOTTEN)
def test_a_write_outside_changing_is_refused(article, write):
    with pytest.raises(ForgottenChange, match=r"outside pages\.changing"):
        write(article)


@pytest.mark.parametrize("write", FORGOTTEN.values(), ids=FORGOTTEN)
def test_the_same_write_inside_changing_is_seen(article, write):
    with pages.changing(otherwise="lists") as change:
        write(article)
        assert change.wrote


@pytest.mark.parametrize("write", FORGOTTEN.values(), ids=FORGOTTEN)
def test_in_production_it_is_logged_and_every_page_counts_as_changed(article, write, settings, caplog):
    settings.PAGES_STRICT = False
    before = generation("site")
    with caplog.at_level(logging.ERROR, "site_config.pages.watcher"):
        write(article)
    assert generation("site") > before
    assert "outside pages.changing()" in caplog.text


def generation(subject: str) -> int:
    return Generation.objects.filter(subject=subject).values_list("number", flat=True).first() or 0


@pytest.mark.parametrize("model", [Article, Byline, Tag, TaggedArticle, Redirect, Image, Rendition])
def test_what_readers_see_is_watched(model):
    assert written_table(f'DELETE FROM "{model._meta.db_table}"') == model._meta.db_table


def test_reading_is_free(article):
    assert Article.objects.select_for_update().get().tags.count() == 1


def test_columns_that_readers_never_see_may_be_written_anywhere(article):
    before = list(Generation.objects.order_by("subject").values_list())
    article.working_title = "Working title"
    article.save(update_fields=["working_title", "newest"])
    Article.objects.update(comments_held=F("comments_held") + 1)
    Article.objects.filter(title="x", comment_count=1).update(source_digest="x")
    make_image()
    Image.objects.update(title="Another")
    assert list(Generation.objects.order_by("subject").values_list()) == before


@pytest.mark.parametrize("columns", [["working_title", "title"], ["title", "working_title"]])
def test_one_public_column_among_them_is_enough(article, columns):
    with pytest.raises(ForgottenChange):
        Article.objects.update(**dict.fromkeys(columns, "x"))


def test_a_public_column_behind_a_subquery_is_seen(article):
    inner = Article.objects.filter(pk=OuterRef("pk")).values("source_digest")[:1]
    with pytest.raises(ForgottenChange):
        Article.objects.update(working_title=Subquery(inner), title=Value("x"))


def test_a_private_column_by_a_filter_on_others_stays_private(article):
    listed = Article.objects.filter(pk__in=Tag.objects.values("items__content_object"), published_at__lte=timezone.now())
    listed.update(comments_held=3)
    assert Article.objects.get().comments_held == 3


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM articles_article",
        "SELECT 1 WHERE 'UPDATE articles_article' = ''",
        'INSERT INTO "jobs_job" ("task") VALUES (1)',
        'UPDATE "articles_revision" SET "note" = 1',
        'UPDATE "articles_article" SET "newest_id" = %s WHERE "articles_article"."title" = %s',
        "",
    ],
)
def test_what_changes_nothing_for_readers(sql):
    assert written_table(sql) is None


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "articles_article" ("newest_id") VALUES (1)',
        'INSERT OR IGNORE INTO "articles_article" ("title") VALUES (1)',
        'REPLACE INTO "articles_article" ("title") VALUES (1)',
        'DELETE FROM "articles_article" WHERE "newest_id" = 1',
        'UPDATE "articles_article" SET "title" = %s',
        "UPDATE articles_article SET newest_id = 1",
        '\n  update "articles_article"\nset "title"=%s',
    ],
)
def test_what_changes_something_for_readers(sql):
    assert written_table(sql) == "articles_article"


def test_paused_it_sees_nothing_and_then_everything_again(article):
    with watcher.paused(), watcher.paused():
        Article.objects.update(title="Flushed")
    with pytest.raises(ForgottenChange):
        Article.objects.update(title="New")


def test_it_is_installed_once_on_a_connection():
    watcher.install(None, connection)
    assert connection.execute_wrappers.count(watcher.see) == 1
