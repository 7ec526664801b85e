from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import corrections, publishing, revisions
from articles.corrections import BadCorrection
from articles.models import Article, Correction
from articles.publishing import NotReady, WrongState
from articles.revisions import StaleRevision
from site_config.audit.models import Entry
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def reworked(article: Article, **changes) -> Article:
    revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)
    return Article.objects.get(pk=article.pk)


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_it_works(frozen, editor):
    article = reworked(make_article(body="<p>It was 2024.</p>"), body="<p>It was 2025.</p>")
    frozen.shift(timedelta(days=1))
    correction = corrections.correct(article, " It was 2025, not 2024. ", by=editor, show_changes=True)
    article = again(article)
    assert (article.correction_count, article.revised_at, article.has_unpublished_changes) == (1, timezone.now(), False)
    assert article.plain_text == "It was 2025."
    correction = again(correction)
    assert (correction.text, correction.made_at, correction.made_by) == ("It was 2025, not 2024.", timezone.now(), editor)
    assert (correction.before.data["body"], correction.after) == ("<p>It was 2024.</p>", article.published)
    assert correction.changes == [["Text", [[["same", "It was "], ["gone", "2024"], ["new", "2025"], ["same", "."]]]]]


def test_it_checks_access():
    article = make_article()
    with pytest.raises(PermissionDenied):
        corrections.correct(article, "x", by=make_user(permissions=("articles.change_article", "articles.add_correction")))
    may = make_user(permissions=("articles.publish_article",))
    correction = corrections.correct(article, "One.", by=may)
    for act in (lambda by: corrections.reword(correction, "Two.", by=by, show_changes=False), None):
        act = act or (lambda by: corrections.take_back(correction, by=by))
        with pytest.raises(PermissionDenied):
            act(make_user(permissions=("articles.change_correction", "articles.delete_correction")))
        act(may)
    assert again(article).correction_count == 0


def test_the_changed_words_are_shown_only_where_an_editor_says_so():
    article = reworked(make_article(title="One"), title="Two")
    assert corrections.correct(article, "Two.", by=None).changes == []


def test_what_was_published_before_can_be_corrected(frozen):
    article = make_article(title="One")
    for title in ("Two", "Three"):
        frozen.shift(60)
        article = publishing.publish(reworked(article, title=title), by=None)
    correction = corrections.correct(article, "It is three.", by=None, show_changes=True)
    assert (correction.before.data["title"], correction.after.data["title"]) == ("Two", "Three")
    assert [label for label, _ in correction.changes] == ["Title"]


def test_a_second_correction_of_the_same_change_finds_it_again():
    article = publishing.publish(reworked(make_article(title="One"), title="Two"), by=None)
    corrections.correct(article, "First.", by=None)
    assert corrections.correct(article, "Second.", by=None).before.data["title"] == "One"
    assert again(article).correction_count == 2


def test_without_an_earlier_version_there_are_no_words():
    correction = corrections.correct(make_article(), "So.", by=None, show_changes=True)
    assert (correction.before, correction.after, correction.changes) == (None, None, [])


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_what_nobody_can_read_is_not_corrected(state):
    article = make_draft() if state == "draft" else make_article(at=timezone.now() + timedelta(days=state == "scheduled"))
    article = publishing.withdraw(article, by=None) if state == "withdrawn" else article
    with pytest.raises(WrongState, match="not public"):
        corrections.correct(article, "x", by=None)


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "\x07", "x" * 2001])
def test_a_sentence_that_says_nothing_or_too_much_is_refused(text):
    article = reworked(make_article(title="One"), title="Two")
    with pytest.raises(BadCorrection, match=r"^(Write|Shorten)"):
        corrections.correct(article, text, by=None)
    assert again(article).title == "One"


def test_too_many_changed_words_are_refused_and_nothing_is_published():
    article = reworked(make_article(body="<p>a</p>"), body=f"<p>{'b' * 5000}</p>")
    with pytest.raises(BadCorrection, match="Leave them out"):
        corrections.correct(article, "So.", by=None, show_changes=True)
    assert again(article).plain_text == "a"


def test_a_version_that_is_not_ready_takes_the_correction_back_with_it():
    article = reworked(make_article(), body="")
    with pytest.raises(NotReady):
        corrections.correct(article, "So.", by=None)
    assert not Correction.objects.exists()


def test_a_version_that_the_editor_was_not_shown_is_not_published():
    article = make_article()
    seen = article.newest_id
    with pytest.raises(StaleRevision):
        corrections.correct(reworked(article, title="New"), "So.", by=None, seen=seen)
    assert not Correction.objects.exists()


def test_what_was_done_is_logged(editor):
    article = make_article()
    correction = corrections.correct(article, "One.", by=editor)
    corrections.reword(correction, "Two.", by=editor, show_changes=False)
    corrections.take_back(correction, by=editor)
    acts = Entry.objects.filter(object_id=str(article.pk), actor=editor).order_by("pk")
    assert [act.verb for act in acts] == ["published", "corrected", "correction reworded", "correction taken back"]
    assert "One." not in str(list(acts.values()))


def test_the_words_can_be_shown_and_hidden_later():
    article = reworked(make_article(title="One"), title="Two")
    correction = corrections.correct(article, "So.", by=None)
    assert corrections.reword(correction, "So.", by=None, show_changes=True).changes
    assert again(corrections.reword(correction, "Thus.", by=None, show_changes=False)).changes == []


def test_pages_change_at_once():
    article = make_article()
    correction = corrections.correct(article, "One.", by=None)
    for act in (
        lambda: corrections.reword(correction, "Two.", by=None, show_changes=False),
        lambda: corrections.take_back(correction, by=None),
    ):
        before = dict(Generation.objects.values_list("subject", "number"))
        act()
        after = dict(Generation.objects.values_list("subject", "number"))
        assert {one for one in after if after[one] != before.get(one)} == {"lists", f"article:{article.pk}"}


def test_a_source_is_read_twice_without_doubling(frozen):
    article, when = make_article(at=datetime(2025, 2, 1, tzinfo=UTC)), datetime(2025, 2, 3, 9, tzinfo=UTC)
    own = corrections.correct(article, "By the desk.", by=None)
    for text in ("One.", "Two."):
        corrections.put(article, [(when, text)])
    assert list(article.corrections.values_list("text", flat=True)) == ["By the desk.", "Two."]
    assert (again(article).correction_count, again(article).revised_at) == (2, own.made_at)


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_readers_see_it_on_the_article_and_on_the_page_of_all(client, frozen):
    article = reworked(make_article(title="One <i>", slug="one"), summary="So it <b>was</b>.")
    frozen.shift(timedelta(days=1))
    corrections.correct(article, "It <was> so.\n\nAnd so.", by=None, show_changes=True)
    for address in ("/one/", "/corrections/"):
        text = page(client, address)
        assert "<p>It &lt;was&gt; so.</p>\n<p>And so.</p>" in text
        assert '<time datetime="2025-02-16">16 February 2025</time>' in text
        assert '<span class="vh" lang="en">removed: </span>A summary' in text
    assert '<a href="#corrections">1 correction</a>' in page(client, "/one/")
    assert '<a href="/one/#corrections">One &lt;i&gt;</a>' in page(client, "/corrections/")


def test_the_page_of_all_names_what_anybody_may_find(client):
    for changes in ({}, {"visibility": "unlisted"}, {}):
        corrections.correct(make_article(**changes), "So.", by=None)
    publishing.withdraw(Article.objects.last(), by=None)
    assert page(client, "/corrections/").count("<h2><a") == 1


def test_it_goes_on_page_by_page(client, frozen):
    article = make_article()
    for number in range(30):
        corrections.put(article, [(timezone.now() - timedelta(days=number), f"No. {number}.")])
    first = page(client, "/corrections/")
    cursor = first.split('href="?before=')[1].split('"')[0]
    second = page(client, f"/corrections/?before={cursor}")
    shown = [text.count("<h2><a") for text in (first, second)]
    assert sum(shown) == 30 - max(0, 30 - 2 * shown[0])
    assert "No. 0." in first
    assert "No. 0." not in second
    assert client.get("/corrections/", {"before": "x"}).status_code == 404


def test_nothing_corrected_is_a_page_too(client):
    assert "Nothing has been corrected yet" in page(client, "/corrections/")


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_article_without_corrections_costs_no_query_for_them(client):
    article = make_article(tags=["AI"], bylines=[make_user().pk])
    address = article.get_absolute_url()
    without = queries(client, address)
    for _ in range(3):
        corrections.correct(article, "So.", by=None)
    assert queries(client, address) == without + 1 <= 6


def test_queries_do_not_grow(client):
    corrections.correct(make_article(), "So.", by=None)
    one = queries(client, "/corrections/")
    for _ in range(3):
        corrections.correct(make_article(), "So.", by=None)
    assert queries(client, "/corrections/") == one <= 3
