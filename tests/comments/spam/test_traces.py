import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comments import markup, moderation
from comments.models import Comment, Trace
from comments.spam import traces
from site_config import pages
from tests.comments.making import make_comment
from tests.factories import make_article

TEXT = "I earn so much more every week since I found this wonderful little company of honest people near my home."


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://deals.example/x", "deals.example"),
        ("http://WWW.Shop.Deals.example:8080/?q#f", "deals.example"),
        ("www.deals.example", "deals.example"),
        ("https://news.bbc.co.uk/1", "bbc.co.uk"),
        ("https://user:word@deals.example./", "deals.example"),
        ("https://192.0.2.7/x", "192.0.2.7"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://localhost/", "localhost"),
        ("https://[::1/", ""),
        ("https://", ""),
        ("https://" + "ü" * 300 + ".example", ""),
    ],
)
def test_the_site_of_an_address(address, site):
    assert traces.site_of(address) == site


def test_the_sites_of_a_text_each_once_and_not_our_own(settings):
    settings.SITE_URL = "https://paper.example"
    text = "See [this](https://a.example/1), https://www.a.example/2 and https://paper.example/ or www.b.example."
    assert traces.foreign_hosts(text) == ["a.example", "b.example"]


def test_a_text_leaves_as_many_numbers_as_bands_whatever_its_length():
    for text in (TEXT, TEXT[:40], TEXT * 30, "这是一个关于人工智能的评论谢谢大家的支持和理解我们会继续努力", "x" * 4000):
        assert len(traces.bands(text)) == traces.BANDS


@pytest.mark.parametrize("text", ["", "I agree with this.", "https://a.example/" + "long" * 50, "!!! ... ???" * 20])
def test_a_text_of_few_words_leaves_none(text):
    assert traces.bands(text) == []


def test_marks_capitals_spacing_and_addresses_change_nothing():
    assert traces.bands(TEXT) == traces.bands(f"  {TEXT.upper().replace(' ', '  ')} !!! https://x.example/9 ")


def share_found(changed: int, tries: int = 200) -> float:
    """How many of the texts of 40 words are found again after so many words of them were exchanged."""
    dice, found = random.Random(7), 0
    for _ in range(tries):
        words = [f"w{dice.randrange(10**6)}" for _ in range(40)]
        other = list(words)
        for at in dice.sample(range(40), changed):
            other[at] = f"x{dice.randrange(10**6)}"
        found += bool(set(traces.bands(" ".join(words))) & set(traces.bands(" ".join(other))))
    return found / tries


def test_texts_that_are_nearly_the_same_are_found_and_others_are_not():
    assert share_found(0) == 1
    assert share_found(1) > 0.95
    assert share_found(3) > 0.75
    assert share_found(30) < 0.05


@given(st.text(max_size=300))
def test_any_text_is_taken(text):
    tidied = markup.tidy(text)
    assert all(-(2**63) <= number < 2**63 for _, number in traces.traces(tidied))


@pytest.mark.django_db
class TestRows:
    def test_posting_leaves_them_in_one_query(self):
        with CaptureQueriesContext(connection) as captured:
            comment = make_comment(make_article(), text=f"{TEXT} https://a.example/")
        inserts = [query["sql"] for query in captured if query["sql"].startswith('INSERT INTO "comments_trace"')]
        assert len(inserts) == 1
        kinds = list(comment.traces.order_by("pk").values_list("kind", flat=True))
        assert kinds == [Trace.Kind.LINK] + [Trace.Kind.TEXT] * traces.BANDS

    def test_a_short_text_without_links_leaves_nothing(self):
        assert not make_comment(make_article(), text="Well said.").traces.exists()

    def test_an_exchanged_text_exchanges_them_and_no_text_leaves_none(self):
        comment = make_comment(make_article(), text=f"{TEXT} https://a.example/")
        comment.source = "See https://b.example/"
        traces.rewrite(comment)
        assert list(comment.traces.values_list("value", flat=True)) == [traces.number_of("b.example")]
        comment.source = ""
        traces.rewrite(comment)
        assert not comment.traces.exists()

    def test_comments_that_share_a_link_or_nearly_a_text(self, editor):
        one = make_comment(make_article(), text=f"{TEXT} https://a.example/")
        link = make_comment(make_article(), text="Look at http://www.a.example/other")
        text = make_comment(make_article(), text=TEXT.replace("week", "day"))
        moderation.remove(text, by=editor)
        make_comment(make_article(), text="Nothing of all that is in these words, which are others.")
        found = traces.sharers(traces.traces(one.source), since=one.created_at)
        by_kind = {kind: {sharer.pk for sharer in found if sharer.kind == kind} for kind in (Trace.Kind.LINK, Trace.Kind.TEXT)}
        assert by_kind == {Trace.Kind.LINK: {one.pk, link.pk}, Trace.Kind.TEXT: {one.pk, text.pk}}
        assert {sharer.state for sharer in found if sharer.pk == text.pk} == {"removed"}

    def test_finding_them_costs_one_query_by_index(self):
        one, other = make_comment(make_article(), text=TEXT), make_comment(make_article(), text=TEXT)
        values = list(one.traces.values_list("kind", "value"))
        with CaptureQueriesContext(connection) as captured:
            assert {sharer.pk for sharer in traces.sharers(values, since=one.created_at)} == {one.pk, other.pk}
        assert len(captured) == 1
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                flat = [part for kind, value in values for part in (kind, value, 20)]
                sql = traces.SHARERS.format(" UNION ALL ".join([traces.NEWEST] * len(values)))
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", ["2025-01-01", *flat])
                plan = "\n".join(row[3] for row in cursor.fetchall())
            assert "SCAN comments" not in plan
            assert "TEMP B-TREE" not in plan

    def test_only_the_newest_sharers_are_looked_at(self):
        first = make_comment(make_article(), text="https://a.example/ once")
        for number in range(25):
            Trace.objects.create(comment=make_comment(make_article()), kind=1, value=traces.number_of("a.example"))
        found = traces.sharers([(1, traces.number_of("a.example"))], since=first.created_at)
        assert len(found) == traces.MOST_ALIKE
        assert first.pk not in {one.pk for one in found}

    def test_they_go_with_their_comment(self):
        article = make_article()
        comment = make_comment(article, text=TEXT)
        with pages.changing(f"article:{article.pk}", "lists"):
            Comment.objects.filter(pk=comment.pk).update(root=None)
            Comment.objects.filter(pk=comment.pk).delete()
        assert not Trace.objects.exists()
