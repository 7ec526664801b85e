import pytest
from django.utils import timezone

from site_config import pages
from site_config.audit.log import record
from site_config.audit.models import Entry
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


def test_it_works(frozen):
    article, editor = make_draft(title="One"), make_user(display_name="Ann")
    entry = record("published", article, by=editor, revision=7)
    assert Entry.objects.get(pk=entry.pk) == entry
    assert (entry.at, entry.actor, entry.actor_name, entry.verb) == (timezone.now(), editor, "Ann", "published")
    assert (entry.object_type, entry.object_id, entry.object_name) == ("articles.article", str(article.pk), "One")
    assert entry.details == {"revision": 7}
    assert str(entry) == "Ann: published One"


def test_the_site_itself_has_no_name():
    entry = record("published", make_draft(title="One"), by=None)
    assert (entry.actor, entry.actor_name, str(entry)) == (None, "", "the site: published One")


def test_it_costs_one_query(django_assert_num_queries):
    article, editor = make_draft(), make_user()
    with django_assert_num_queries(1):
        record("seen", article, by=editor)


def test_a_long_name_is_cut():
    draft = make_draft()
    draft.working_title = "x" * 300
    assert len(record("seen", draft, by=None).object_name) == 200


def test_the_name_of_who_did_it_outlives_the_account():
    editor = make_user(display_name="Ann")
    entry = record("published", make_draft(), by=editor)
    with pages.changing("site"):
        editor.delete()
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (None, "Ann")


def test_the_newest_comes_first():
    draft = make_draft()
    first, second = record("one", draft, by=None), record("two", draft, by=None)
    assert list(Entry.objects.filter(verb__in=["one", "two"])) == [second, first]


def test_details_that_are_no_json_are_refused():
    with pytest.raises(TypeError):
        record("seen", make_draft(), by=None, what=object())
