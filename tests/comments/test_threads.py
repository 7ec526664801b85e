"""Pages of threads against an oracle that knows nothing of paths: parents, states and the order of arrival."""

import re

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from comments import moderation, render, threads
from comments.models import Comment
from tests.comments.making import make_comment
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

SMALL = 5
ACTS = ["root", "reply", "reply", "reply", "deep", "hold", "remove", "remove", "approve", "reject"]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(threads, "SIZE", SMALL)


class Oracle:
    """The thread of an article, computed from parents and states alone."""

    def __init__(self, article):
        self.rows = list(Comment.objects.filter(article=article).order_by("pk"))
        self.below = {}
        for row in self.rows:
            self.below.setdefault(row.parent_id, []).append(row)

    def shown(self, row) -> bool:
        return row.state == "visible" or (row.state != "held" and any(map(self.shown, self.below.get(row.pk, []))))

    def walk(self, row) -> list[int]:
        own = [row.pk] if self.shown(row) else []
        return own + [pk for reply in self.below.get(row.pk, []) for pk in self.walk(reply)]

    def order(self, sort: str) -> list[int]:
        roots = self.below.get(None, [])
        return [pk for root in (reversed(roots) if sort == "newest" else roots) for pk in self.walk(root)]


def whole(article, sort: str) -> list[int]:
    """The pages of a thread joined by their cursors."""
    found, after = [], None
    for _ in range(200):
        page = threads.page(article, sort=sort, after=after)
        assert len(page.rows) <= threads.SIZE
        found += [row.id for row in page.rows]
        if page.after is None:
            return found
        assert page.rows
        after = str(page.after)
    raise AssertionError("the cursors lead in a ring")


def page_at(address: str, article):
    after = re.search(r"[?&]after=(\d+)", address)
    return threads.page(article, after=after[1] if after else None)


def build(article, acts, editor) -> None:
    made: list[Comment] = []
    for act, choice in acts:
        chosen = made[choice % len(made)] if made else None
        if chosen:
            chosen.refresh_from_db()
        if act == "root" or chosen is None:
            made.append(make_comment(article))
        elif act in {"reply", "deep", "hold"}:
            parent = made[-1] if act == "deep" else chosen
            parent.refresh_from_db()
            if parent.state == "visible":
                made.append(make_comment(article, parent=parent, held=act == "hold"))
        elif chosen.state != {"approve": "visible", "reject": "rejected", "remove": "removed"}[act]:
            getattr(moderation, act)(chosen, by=editor)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), min_size=1, max_size=35))
def test_whatever_happens_a_thread_is_whole_and_in_order(small, acts):
    article, editor = make_article(), make_user(is_superuser=True)
    build(article, acts, editor)
    oracle = Oracle(article)
    for row in oracle.rows:
        assert row.shown is oracle.shown(row)
    counts = Article.objects.values_list("comment_count", "comments_held").get(pk=article.pk)
    assert counts == tuple(sum(row.state == state for row in oracle.rows) for state in ("visible", "held"))
    for sort in ("oldest", "newest"):
        assert whole(article, sort) == oracle.order(sort)
    for row in oracle.rows:
        if row.shown:
            assert row.pk in [found.id for found in page_at(threads.address(row), article).rows]
        if row.state in {"visible", "held"}:
            own = [found.id for found in threads.page(article, own=row).rows]
            assert own.count(row.pk) == 1
            keys = [(found.root_id, found.path) for found in threads.page(article, own=row).rows]
            assert keys == sorted(keys)


@pytest.mark.parametrize("depth", [70, 200])
def test_a_deep_chain_is_whole_and_every_link_is_found(small, depth):
    article = make_article()
    chain = [make_comment(article)]
    while len(chain) < depth:
        chain.append(make_comment(article, parent=chain[-1]))
    make_comment(article)
    expected = [comment.pk for comment in chain]
    assert whole(article, "oldest")[:-1] == whole(article, "newest")[1:] == expected
    for comment in chain:
        assert comment.pk in [row.id for row in page_at(threads.address(comment), article).rows]


def test_removing_a_whole_chain_from_below_takes_the_tombstones_away(editor):
    article = make_article()
    chain = [make_comment(article)]
    while len(chain) < 70:
        chain.append(make_comment(article, parent=chain[-1]))
    for comment in chain[:-1]:
        moderation.remove(comment, by=editor)
    assert Comment.objects.filter(article=article, shown=True).count() == 70
    moderation.remove(chain[-1], by=editor)
    assert whole(article, "oldest") == []
    moderation.approve(Comment.objects.get(pk=chain[-1].pk), by=editor)
    assert whole(article, "oldest") == [comment.pk for comment in chain]


def test_a_thread_of_ordinary_size_pages_by_a_hundred():
    article = make_article()
    root = make_comment(article)
    made = [root.pk, *(make_comment(article, parent=root).pk for _ in range(229))]
    assert [len(threads.page(article).rows), threads.page(article).after] == [100, made[99]]
    assert whole(article, "oldest") == whole(article, "newest") == made
    for pk in (made[0], made[99], made[100], made[150], made[-1]):
        address = threads.address(Comment.objects.get(pk=pk))
        assert address.endswith(f"#c-{pk}")
        assert pk in [row.id for row in page_at(address, article).rows]


def test_picks_page_too(small, editor):
    article = make_article()
    made = [make_comment(article) for _ in range(12)]
    for comment in made[1:]:
        moderation.pick(comment, by=editor)
    moderation.remove(made[3], by=editor)
    assert whole(article, "picks") == [comment.pk for comment in made[1:] if comment != made[3]]


def test_other_articles_are_not_mixed_in():
    one, two = make_article(), make_article()
    comment = make_comment(one)
    make_comment(two)
    assert whole(one, "oldest") == [comment.pk]
    with pytest.raises(Http404):
        threads.page(two, after=str(comment.pk))


@pytest.mark.parametrize("after", ["0", "1000000000", "x", "-1", "1.0", "١", "", " 1", "9" * 18, "9" * 40, "0x1"])
def test_a_cursor_that_never_was_is_not_found(after):
    article = make_article()
    make_comment(article)
    with pytest.raises(Http404):
        threads.page(article, after=after)


@pytest.mark.parametrize("sort", ["", "best", "OLDEST", "oldest ", "-pk"])
def test_a_sort_that_does_not_exist_is_not_found(sort):
    with pytest.raises(Http404):
        threads.page(make_article(), sort=sort)


@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_the_cursor_of_a_comment_that_was_removed_still_leads_on(small, editor, sort):
    article = make_article()
    for _ in range(12):
        make_comment(article)
    first = threads.page(article, sort=sort)
    rest = whole(article, sort)[SMALL:]
    moderation.remove(Comment.objects.get(pk=first.after), by=editor)
    following = threads.page(article, sort=sort, after=str(first.after))
    assert [row.id for row in following.rows] == rest[:SMALL]


def test_queries_do_not_grow_with_the_thread(small):
    article = make_article()
    comments = [make_comment(article)]

    def cost(act) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    few = cost(lambda: threads.page(article)), cost(lambda: threads.address(comments[0]))
    while len(comments) < 30:
        comments.append(make_comment(article, parent=comments[-1]))
    many = cost(lambda: threads.page(article)), cost(lambda: threads.address(comments[-1]))
    assert (few[0], many[0]) == (1, 1)
    assert many[1] <= 4
    assert cost(lambda: threads.page(article, after=str(comments[15].pk))) <= 3


def test_a_page_read_is_an_index_range(small):
    """No page of a thread sorts or scans the table."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan of a small table says nothing on PostgreSQL")
    article = make_article()
    make_comment(article)
    for sort in ("oldest", "newest"):
        with CaptureQueriesContext(connection) as captured:
            threads.page(article, sort=sort)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + captured[0]["sql"])
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "USING INDEX comments_" in plan
        assert "TEMP B-TREE" not in plan


def test_rows_have_the_columns_of_the_frame():
    article = make_article()
    comment = make_comment(article)
    row = threads.page(article).rows[0]
    assert isinstance(row, render.Row)
    assert (row.id, row.path, row.state, row.html) == (comment.pk, b"", "visible", comment.html)
