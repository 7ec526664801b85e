"""Pages of threads against an oracle that knows nothing of paths: parents, states and the order of arrival."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from comments import moderation, placing, render, threads
from comments.models import Comment
from tests.comments.making import make_comment
from tests.comments.sowing import sow
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

SMALL = 6
FOLD = 2
ACTS = ["root", "reply", "reply", "reply", "deep", "hold", "remove", "remove", "approve", "reject", "doubt", "withdraw"]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(threads, "SIZE", SMALL)
    monkeypatch.setattr(placing, "FOLD", FOLD)


class Oracle:
    """The thread of an article, computed from parents and states alone."""

    def __init__(self, article):
        self.rows = list(Comment.objects.filter(article=article).order_by("pk"))
        self.below = {}
        for row in self.rows:
            self.below.setdefault(row.parent_id, []).append(row)

    def shown(self, row) -> bool:
        return row.state == "visible" or any(map(self.shown, self.below.get(row.pk, [])))

    def walk(self, row) -> list[int]:
        own = [row.pk] if self.shown(row) else []
        return own + [pk for reply in self.below.get(row.pk, []) for pk in self.walk(reply)]

    def order(self, sort: str) -> list[int]:
        roots = self.below.get(None, [])
        tucked = {pk for root in roots for pk in self.arrived(root)[FOLD + 1 :]}
        found = [pk for root in (reversed(roots) if sort == "newest" else roots) for pk in self.walk(root)]
        return [pk for pk in found if pk not in tucked]

    def arrived(self, row) -> list[int]:
        return sorted([row.pk, *(pk for reply in self.below.get(row.pk, []) for pk in self.arrived(reply))])


def pages(article, way: str = "later", **asked):
    """From a page to the last one, or back to the first."""
    for _ in range(200):
        page = threads.page(article, **asked)
        assert len(page.rows) <= threads.SIZE
        yield page
        following = getattr(page, way)
        if following is None:
            return
        asked = as_asked(following.query())
    raise AssertionError("the cursors lead in a ring")


def whole(article, sort: str = "oldest", **asked) -> list[int]:
    """The pages of a conversation, or of a thread, joined by their cursors."""
    return [row.id for page in pages(article, sort=sort, **asked) for row in page.rows]


def as_asked(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def page_at(address: str, article):
    return threads.page(article, **as_asked(address))


def ids(page) -> list[int]:
    return [row.id for row in page.rows]


def build(article, acts, editor) -> None:
    made: list[Comment] = []
    states = {"approve": "visible", "reject": "rejected", "remove": "removed", "doubt": "held", "withdraw": "withdrawn"}
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
        elif chosen.state not in {states[act], "withdrawn"}:
            moderation.decide(chosen, act, states[act], by=editor)


some_acts = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), min_size=1, max_size=40)
whatever = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@whatever
@given(acts=some_acts)
def test_whatever_happens_a_conversation_is_whole_and_in_order(small, acts):
    article, editor = make_article(), make_user(is_superuser=True)
    build(article, acts, editor)
    oracle = Oracle(article)
    counts = Article.objects.values_list("comment_count", "comments_held").get(pk=article.pk)
    assert counts == tuple(sum(row.state == state for row in oracle.rows) for state in ("visible", "held"))
    for row in oracle.rows:
        assert row.shown is oracle.shown(row)
    for sort in ("oldest", "newest"):
        assert whole(article, sort) == oracle.order(sort)
        last = list(pages(article, sort=sort))[-1]
        back = list(pages(article, "earlier", **as_asked(last.where.query())))
        assert {pk for page in back for pk in ids(page)} == set(oracle.order(sort))
        assert back[-1].where.after is None
    for root in oracle.below[None]:
        if oracle.shown(root):
            assert whole(article, thread=str(root.pk)) == oracle.walk(root)


@whatever
@given(acts=some_acts)
def test_whatever_happens_every_comment_is_found(small, acts):
    article, editor = make_article(), make_user(is_superuser=True)
    build(article, acts, editor)
    for row in Comment.objects.filter(article=article):
        if row.shown:
            assert row.pk in ids(page_at(threads.address(row), article))
        if row.state in {"visible", "held"}:
            own = threads.page(article, own=row)
            assert ids(own).count(row.pk) == 1
            keys = [(found.root_id, found.path) for found in own.rows]
            assert keys == sorted(keys)


@whatever
@given(acts=some_acts)
def test_whatever_happens_answers_are_counted_and_what_is_left_out_is_told(small, acts):
    article, editor = make_article(), make_user(is_superuser=True)
    build(article, acts, editor)
    oracle = Oracle(article)
    for row in oracle.rows:
        assert row.answers == (len([pk for pk in oracle.walk(row) if pk != row.pk]) if row.parent_id is None else 0)
        assert row.tucked is (row.nth > FOLD)
    for sort in ("oldest", "newest"):
        for page in pages(article, sort=sort):
            left = {root.pk: len(oracle.walk(root)) for root in oracle.below[None] if root.pk in ids(page)}
            for row in page.rows:
                left[row.root_id] -= 1
            assert page.folded == {root: count for root, count in left.items() if count}


def chain_of(article, count: int) -> list[Comment]:
    """Each in answer to the one before it."""
    made = [make_comment(article)]
    while len(made) < count:
        made.append(make_comment(article, parent=made[-1]))
    return made


@pytest.mark.parametrize("depth", [70, 200])
def test_a_deep_chain_is_whole_and_every_link_is_found(small, depth):
    article = make_article()
    chain = [comment.pk for comment in chain_of(article, depth)]
    alone = make_comment(article).pk
    assert whole(article, thread=str(chain[0])) == chain
    assert whole(article) == [*chain[: FOLD + 1], alone]
    assert whole(article, "newest") == [alone, *chain[: FOLD + 1]]
    assert threads.page(article).folded == {chain[0]: depth - FOLD - 1}
    for comment in Comment.objects.filter(article=article):
        assert comment.pk in ids(page_at(threads.address(comment), article))


def test_removing_a_whole_chain_from_below_takes_the_tombstones_away(editor):
    article = make_article()
    chain = chain_of(article, 70)
    for comment in chain[:-1]:
        moderation.remove(comment, by=editor)
    assert Comment.objects.filter(article=article, shown=True).count() == 70
    moderation.remove(chain[-1], by=editor)
    assert whole(article) == []
    with pytest.raises(Http404):
        threads.page(article, thread=str(chain[0].pk))
    moderation.approve(Comment.objects.get(pk=chain[-1].pk), by=editor)
    assert whole(article, thread=str(chain[0].pk)) == [comment.pk for comment in chain]
    assert Comment.objects.get(pk=chain[0].pk).answers == 69


def test_a_long_thread_is_folded_to_its_first_twenty_and_pages_by_a_hundred_on_its_own():
    article = make_article()
    root = make_comment(article)
    made = [root.pk, *(make_comment(article, parent=root).pk for _ in range(229))]
    folded = threads.page(article)
    assert (ids(folded), folded.later, folded.folded) == (made[:21], None, {root.pk: 209})
    first = threads.page(article, thread=str(root.pk))
    assert (ids(first), first.earlier, first.later.after) == (made[:100], None, made[99])
    assert whole(article, thread=str(root.pk)) == made
    for pk in (made[0], made[20], made[21], made[99], made[100], made[150], made[-1]):
        address = threads.address(Comment.objects.get(pk=pk))
        assert address.endswith(f"#c-{pk}")
        assert ("thread=" in address) is (pk > made[20])
        assert pk in ids(page_at(address, article))


def test_a_page_of_the_conversation_ends_with_a_whole_thread():
    article = make_article()
    threads_made = []
    for _ in range(9):
        root = make_comment(article)
        threads_made.append([root.pk, *(make_comment(article, parent=root).pk for _ in range(12))])
    first, second = pages(article)
    assert ids(first) == [pk for thread in threads_made[:7] for pk in thread]
    assert ids(second) == [pk for thread in threads_made[7:] for pk in thread]
    assert first.later.after == threads_made[6][0]
    assert second.earlier.query() == ""


def test_a_page_within_a_thread_begins_with_what_it_answers(small):
    article = make_article()
    chain = chain_of(article, 14)
    first, page, *_ = pages(article, thread=str(chain[0].pk))
    assert page.rows[0].id == chain[SMALL].pk
    nearest = chain[SMALL - render.INDENTS + 1 : SMALL]
    assert [row.id for row in page.above] == [comment.pk for comment in (chain[0], *nearest)]
    assert first.above == []


def test_a_page_stays_right_while_comments_come_and_go(small, editor):
    article = make_article()
    made = [make_comment(article) for _ in range(20)]
    first = threads.page(article)
    for comment in made[:4]:
        moderation.remove(comment, by=editor)
    for _ in range(3):
        make_comment(article, parent=made[5])
    assert ids(page_at(first.later.query(), article))[0] == made[SMALL].pk
    newest = threads.page(article, sort="newest")
    make_comment(article)
    assert ids(page_at(newest.later.query(), article))[0] == made[-SMALL - 1].pk


def test_an_old_cursor_that_names_any_comment_still_leads_on(small):
    article = make_article()
    root = make_comment(article)
    replies = [make_comment(article, parent=root) for _ in range(4)]
    following = make_comment(article)
    for comment in (root, replies[0], replies[-1]):
        assert ids(threads.page(article, after=str(comment.pk))) == [following.pk]


@pytest.mark.parametrize("thread", ["reply", "of another article", "never was", "0", "x", ""])
def test_a_thread_that_is_none_is_not_found(thread):
    article = make_article()
    root = make_comment(article)
    other = make_comment(make_article())
    named = {"reply": make_comment(article, parent=root).pk, "of another article": other.pk, "never was": other.pk + 9}
    with pytest.raises(Http404):
        threads.page(article, thread=str(named.get(thread, thread)))


def test_a_cursor_of_another_thread_is_not_found():
    article = make_article()
    one, two = make_comment(article), make_comment(article)
    with pytest.raises(Http404):
        threads.page(article, thread=str(one.pk), after=str(two.pk))


def test_a_held_reply_is_shown_to_its_writer_on_the_page_of_its_thread(small):
    article = make_article()
    root = make_comment(article)
    for _ in range(9):
        make_comment(article, parent=root)
    own = make_comment(article, parent=root, held=True)
    page = threads.page(article, own=own)
    assert page.where.thread == root.pk
    assert ids(page)[-1] == own.pk
    assert f"?thread={root.pk}" in threads.address(own)
    assert own.pk not in whole(article, thread=str(root.pk))


def test_a_comment_that_waits_again_leaves_its_place_while_it_has_replies(editor):
    """As when readers report it."""
    article = make_article()
    comment = make_comment(article, text="Sharp words.")
    reply = make_comment(article, parent=comment)
    moderation.decide(comment, "doubt", "held", by=editor)
    assert ids(threads.page(article)) == [comment.pk, reply.pk]
    assert "Sharp words" not in render.thread(threads.page(article).rows, can_reply=True)
    moderation.remove(reply, by=editor)
    assert whole(article) == []


def test_picks_page_too(small, editor):
    article = make_article()
    made = [make_comment(article) for _ in range(12)]
    for comment in made[1:]:
        moderation.pick(comment, by=editor)
    moderation.remove(made[3], by=editor)
    moderation.pick(
        make_comment(article, parent=make_comment(article, parent=make_comment(article, parent=made[0]))), by=editor
    )
    made.append(Comment.objects.latest("pk"))
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
    later = threads.page(article, sort=sort).later
    rest = whole(article, sort)[SMALL:]
    moderation.remove(Comment.objects.get(pk=later.after), by=editor)
    assert ids(threads.page(article, sort=sort, after=str(later.after))) == rest[:SMALL]


def test_queries_do_not_grow_with_the_thread(small):
    article = make_article()
    comments = [make_comment(article)]
    root = str(comments[0].pk)

    def cost(act) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    few = cost(lambda: threads.page(article)), cost(lambda: threads.page(article, thread=root))
    while len(comments) < 30:
        comments.append(make_comment(article, parent=comments[-1]))
    for _ in range(30):
        make_comment(article)
    many = cost(lambda: threads.page(article)), cost(lambda: threads.page(article, thread=root))
    assert few == many == (1, 2)
    assert max(cost(lambda one=one: threads.where_is(one)) for one in Comment.objects.filter(article=article)) == 2
    assert cost(lambda: threads.page(article, after=root)) == 3
    assert cost(lambda: threads.page(article, thread=root, after=str(comments[15].pk))) == 5


READS = {
    "oldest": {}, "newest": {"sort": "newest"}, "picks": {"sort": "picks"}, "a later page": {"after": "root"},
    "a later page of the newest": {"sort": "newest", "after": "root"}, "a thread": {"thread": "root"},
    "within a thread": {"thread": "root", "after": "reply"},
}  # fmt: skip


@pytest.mark.parametrize("asked", READS.values(), ids=READS)
def test_a_page_read_is_an_index_range(asked):
    """No page of a thread sorts or scans the table, and none reads more than it shows."""
    article, long = make_article(), make_article()
    sow(article, [None if number % 30 == 0 else number - 1 - number % 3 % (number % 30) for number in range(3000)])
    one_thread = sow(long, [None, *(number // 2 for number in range(2999))])
    within = "thread" in asked
    root = one_thread[0] if within else Comment.objects.filter(article=article, parent=None)[10].pk
    named = {"root": str(root), "reply": str(one_thread[1500])}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        threads.page(long if within else article, **{name: named.get(value, value) for name, value in asked.items()})
    for query in captured:
        assert_indexed(query["sql"])


def assert_indexed(sql: str) -> None:
    explain, scan, sort = {
        "sqlite": ("EXPLAIN QUERY PLAN", "SCAN", "TEMP B-TREE"),
        "postgresql": ("EXPLAIN", "Seq Scan on comments_comment", "Sort"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert scan not in plan, plan
    assert sort not in plan or '"nth" IN' in sql, plan  # the few that stand above a page may be sorted


def test_rows_have_the_columns_of_the_frame():
    article = make_article()
    comment = make_comment(article)
    row = threads.page(article).rows[0]
    assert isinstance(row, render.Row)
    assert (row.id, row.path, row.state, row.html) == (comment.pk, b"", "visible", comment.html)
