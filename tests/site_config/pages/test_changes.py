import re
import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Tag
from site_config import pages
from site_config.pages.changes import announce
from site_config.pages.models import Generation

pytestmark = pytest.mark.django_db
# The SQLite of the tests is one memory for all threads, where nobody waits for a lock: tests/e2e races on files.
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="races are run on PostgreSQL")


def generations() -> dict[str, int]:
    return dict(Generation.objects.values_list("subject", "number"))


def test_it_works():
    with pages.changing("site", "article:7"):
        pass
    with pages.changing("site"):
        pass
    assert generations() == {"site": 2, "article:7": 1}


@pytest.mark.parametrize("subject", ["site", "lists", "article:1", "article:12345"])
def test_subjects(subject):
    with pages.changing(subject):
        pass
    assert generations() == {subject: 1}


@pytest.mark.parametrize(
    "subject", ["", "Site", "site ", "site\n", "article:", "article:x", "article:1\n", "article:-1", "article:٣", "tag:1"]
)
def test_what_is_no_subject_is_refused(subject):
    with pytest.raises(ValueError, match="is no subject"), pages.changing(subject):
        pass
    with pytest.raises(ValueError, match="is no subject"), pages.changing() as change:
        change.mark(subject)
    assert generations() == {}


def test_after_a_refusal_the_next_change_is_announced():
    with pytest.raises(ValueError, match="is no subject"), pages.changing("nothing"):
        pass
    with pages.changing("site"):
        pass
    assert generations() == {"site": 1}


def test_a_subject_that_is_known_late_is_marked_inside():
    with pages.changing("lists") as change:
        change.mark("article:7", "lists")
    assert generations() == {"lists": 1, "article:7": 1}


def test_a_subject_is_raised_once_however_often_it_is_marked():
    with pages.changing("site", "site") as change:
        change.mark("site")
        with pages.changing("site"):
            pass
    assert generations() == {"site": 1}


def test_an_inner_change_adds_to_the_outer_one():
    with pages.changing("site") as outer:
        with pages.changing("article:7") as inner:
            assert inner is outer
        assert generations() == {}
    assert generations() == {"site": 1, "article:7": 1}


def test_generations_are_raised_last_and_sorted():
    with CaptureQueriesContext(connection) as queries, pages.changing("site", "article:9", "article:10", "lists") as change:
        change.mark("site")
        make_watched_row()
    statements = [sql for query in queries if not re.search("SAVEPOINT|BEGIN|COMMIT", sql := query["sql"])]
    assert [re.search(r"'([a-z0-9:]+)', 1", sql)[1] for sql in statements[-4:]] == ["article:10", "article:9", "lists", "site"]
    assert not any("pages_generation" in sql for sql in statements[:-4])


def test_nothing_marked_writes_nothing():
    with CaptureQueriesContext(connection) as queries, pages.changing():
        pass
    assert not [query for query in queries if "pages_generation" in query["sql"]]


def test_otherwise_is_marked_if_rows_were_written_and_nothing_was_named():
    with pages.changing(otherwise="site"):
        make_watched_row()
    assert generations() == {"site": 1}


def test_otherwise_is_not_marked_beside_a_subject():
    with pages.changing(otherwise="site") as change:
        make_watched_row()
        change.mark("article:7")
    assert generations() == {"article:7": 1}


def test_otherwise_is_not_marked_where_nothing_was_written():
    with pages.changing(otherwise="site"):
        Generation.objects.count()
    assert generations() == {}


def make_watched_row():
    return Tag.objects.create(name="A tag", slug="a-tag")


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_it_opens_the_outermost_transaction(self):
        with pages.changing("site"):
            assert connection.in_atomic_block
        assert not connection.in_atomic_block

    def test_a_foreign_transaction_is_refused(self):
        with transaction.atomic():
            with pytest.raises(RuntimeError, match="outermost"), pages.changing("site"):
                pass
        assert generations() == {}

    def test_a_transaction_inside_is_a_savepoint(self):
        with pages.changing("site"), transaction.atomic(), pages.changing("lists"):
            pass
        assert generations() == {"lists": 1, "site": 1}

    def test_an_error_leaves_neither_row_nor_generation(self):
        with pytest.raises(ZeroDivisionError), pages.changing("site"):
            make_watched_row()
            raise ZeroDivisionError
        assert generations() == {}
        assert not Tag.objects.exists()
        with pages.changing("lists"):
            pass
        assert generations() == {"lists": 1}

    def test_an_error_in_an_inner_change_undoes_that_and_no_more(self):
        with pages.changing("site"):
            Tag.objects.create(name="Kept", slug="kept")
            with pytest.raises(ZeroDivisionError), pages.changing("article:7"):
                make_watched_row()
                raise ZeroDivisionError
        assert list(Tag.objects.values_list("name", flat=True)) == ["Kept"]
        assert generations()["site"] == 1

    @postgres_only
    def test_another_connection_sees_row_and_generation_together(self):
        seen: list[tuple[int, dict]] = []

        def look() -> None:
            seen.append((Tag.objects.count(), generations()))

        with pages.changing("site"):
            make_watched_row()
            announce(connection, {"lists"})
            in_thread(look)
        in_thread(look)
        assert seen == [(0, {}), (1, {"lists": 1, "site": 1})]

    @postgres_only
    def test_two_changes_at_once_both_count(self):
        ready = threading.Barrier(2)

        def change() -> None:
            ready.wait()
            for number in range(10):
                with pages.changing("site", f"article:{number}", "lists"):
                    pass

        in_thread(change, change)
        assert generations()["site"] == 20
        assert generations()["article:9"] == 2


def in_thread(*calls) -> None:
    errors: list[BaseException] = []

    def guarded(call) -> None:
        try:
            call()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
