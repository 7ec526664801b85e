from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import render
from comments.models import Comment
from comments.render import Own, Row

WHEN = datetime(2025, 2, 12, 23, 14, tzinfo=UTC)


def row(pk: int = 1, *path: int, **changes) -> Row:
    known = {
        "id": pk, "parent_id": None, "root_id": 1, "path": b"".join(nth.to_bytes(4, "big") for nth in path), "state": "visible",
        "pick": False, "name": f"Name{pk}", "twin": 1, "user_id": None, "html": f"<p>Text {pk}</p>", "anchor": None,
        "edited": "", "created_at": WHEN, "parent__name": None, "parent__state": None,
    }  # fmt: skip
    return Row(**{**known, **changes})


def drawn(*rows, can_reply: bool = True, own=None) -> str:
    return str(render.thread(rows, can_reply=can_reply, own=own))


class Checker(HTMLParser):
    """Insists on balanced elements, lists that hold items only, and ids that are given once."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = ["ol"], []

    def handle_starttag(self, tag, attrs):
        assert (self.open[-1] == "ol") == (tag == "li")
        self.ids += [value for name, value in attrs if name == "id"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def check(html: str) -> None:
    checker = Checker()
    checker.feed(html)
    assert checker.open == ["ol"]
    assert len(checker.ids) == len(set(checker.ids))


def test_it_works():
    html = drawn(row(7, name="Ines & Co"))
    check(html)
    for part in (
        '<article class="comment" id="c-7" aria-labelledby="n-7">',
        '<h3 id="n-7" dir="auto">Ines &amp; Co</h3>',
        '<time datetime="2025-02-12T23:14+00:00">12 February 2025, 23:14</time>',
        '<div class="said" dir="auto"><p>Text 7</p></div>',
        'href="/comments/7/reply/"',
        'href="/comments/7/"',
        "to the comment by Ines &amp; Co",
    ):
        assert part in html


def test_the_time_is_the_sites():
    with timezone.override("Asia/Tokyo"):
        assert "13 February 2025, 08:14" in drawn(row())


def test_nothing_is_drawn_of_no_rows():
    assert drawn() == ""


def test_replies_are_indented_and_headings_follow_down_to_six():
    html = drawn(*(row(n, *range(1, n), parent_id=n - 1 or None, parent__name=f"Name{n - 1}") for n in range(1, 7)))
    check(html)
    assert [html.count(f"<h{level} ") for level in (3, 4, 5, 6)] == [1, 1, 1, 3]
    assert html.count('<ol class="replies">') == 5


def test_past_the_last_indent_a_reply_says_to_whom():
    rows = [
        row(n, *range(1, n), parent_id=n - 1 or None, parent__name=f"Name{n - 1}", parent__state="visible") for n in range(1, 7)
    ]
    html = drawn(*rows)
    for above in (4, 5):
        assert f'to <a href="#c-{above}" dir="auto">Name{above}</a>' in html
    for above in (1, 2, 3):
        assert f'to <a href="#c-{above}"' not in html


def test_a_page_that_begins_within_a_thread_says_to_whom():
    html = drawn(row(9, 1, 2, parent_id=8, parent__name="Omar", parent__state="visible"))
    check(html)
    assert "Omar</a>" in html
    assert 'href="#c-8"' not in html


GONE = {
    "removed": ("Removed comment", "A moderator removed this.", "a removed comment"),
    "rejected": ("Removed comment", "A moderator removed this.", "a removed comment"),
    "withdrawn": ("Withdrawn comment", "Its writer took this back.", "a withdrawn comment"),
    "held": ("Comment under review", "A moderator is reading this again.", "a comment under review"),
}


@pytest.mark.parametrize("state", GONE)
def test_a_tombstone_keeps_nothing_of_the_writer(state):
    html = drawn(row(1, state=state, name="Troll", html="<p>Bile</p>", user_id=4, pick=True))
    check(html)
    assert GONE[state][0] in html
    assert GONE[state][1] in html
    for words in ("Troll", "Bile", "badge", "pick", "reply/"):
        assert words not in html


def test_there_is_a_tombstone_for_every_state_but_visible():
    assert set(render.TOMBSTONES) == set(render.UNNAMED) == set(Comment.State.values) - {"visible"}


def test_what_its_writer_took_back_is_shown_to_nobody():
    assert "Text 1" not in drawn(row(1, state="withdrawn"), own=Own(1, "Taken back"))


@pytest.mark.parametrize("state", ["removed", "rejected"])
def test_what_a_moderator_turned_down_is_shown_to_its_writer_alone(state):
    assert "Text 1" in drawn(row(1, state=state), own=Own(1, "Turned down"))
    assert "Text 1" not in drawn(row(1, state=state))


@pytest.mark.parametrize("state", GONE)
def test_replies_do_not_name_the_writer_of_a_tombstone(state):
    html = drawn(row(9, 1, 2, parent_id=8, parent__name="Troll", parent__state=state))
    assert "Troll" not in html
    assert GONE[state][2] in html


def test_a_folded_thread_ends_with_a_link_to_the_rest():
    rows = [row(1, name="Ines & Co"), row(2, 1), row(3, 1, 2), row(4, 3), row(5, root_id=5), row(6, root_id=6, state="removed")]
    html = str(render.thread(rows, can_reply=True, folded={1: 12, 6: 1}))
    check(html)
    words = '<p class="fold"><a href="?thread={}#talk">{}<span class="vh"> in {}</span></a></p></li>'
    assert (
        html.index('id="c-4"')
        < html.index(words.format(1, "12 more replies", "the thread of Ines &amp; Co"))
        < html.index("c-5")
    )
    assert html.endswith(words.format(6, "1 more reply", "this thread"))
    assert html.count("more repl") == 2


def test_badge_and_pick_are_words():
    html = drawn(row(1, user_id=3, pick=True))
    assert '<span class="badge">Staff</span>' in html
    assert '<p class="pick-mark">Editor’s pick</p>' in html
    assert '<article class="comment pick"' in html
    assert "badge" not in drawn(row(1))


def test_where_nobody_can_reply_nobody_is_asked_to():
    assert "/reply/" not in drawn(row(), can_reply=False)


def test_a_held_comment_can_be_neither_answered_nor_linked():
    html = drawn(row(1, state="held"), own=Own(1, render.status_of("held", [])))
    assert '<article class="comment held"' in html
    assert "/comments/1/" not in html


def test_the_writer_is_told_and_only_at_their_own_comment():
    html = drawn(row(1), row(2, root_id=2), own=Own(2, render.status_of("visible", [])))
    assert html.count('role="status"') == 1
    assert html.index("Everybody can see it") > html.index('id="c-2"')


def test_the_writer_of_a_held_comment_is_told_why():
    status = render.status_of("held", [{"code": "first-link", "text": "First comment with a link", "weight": 4.0}])
    assert "Waiting for review" in status
    assert "Only you can see it" in status
    assert "it is your first comment with a link." in status


def test_the_writer_is_told_nothing_by_which_to_come_closer():
    found = [
        {"code": "words", "text": "Words, as learned: “casino”", "weight": 2.4},
        {"code": "honeypot", "text": "A field that people cannot see was filled in", "weight": 4.0},
        {"code": "trusted", "text": "A moderator has approved this writer before", "weight": -1.0},
    ]
    status = render.status_of("held", found)
    assert status.count("a person should look at it first") == 1
    assert not any(word in status for word in ("casino", "field", "approved", "2.4"))


def test_a_comment_that_readers_reported_gives_its_writer_no_reason():
    assert "before it appears." in render.status_of("held", [{"code": "links", "text": "2 links", "weight": 0.4}])


def test_reasons_of_comments_from_before_signals_had_weights_are_told_too():
    assert "your first comment with a link" in render.status_of("held", [{"code": "first-link", "text": "<b>"}])


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '" onmouseover="x', "' x='", "</h3><b>", "&lt;b&gt;"])
def test_names_are_escaped_everywhere(name):
    html = drawn(row(1, name=name), row(2, 1, 2, parent_id=9, parent__name=name, parent__state="visible"))
    check(html)
    assert "<script" not in html
    assert "<b>" not in html
    assert 'onmouseover="' not in html


@pytest.mark.parametrize(
    ("anchor", "shown"),
    [
        (None, ""),
        ({}, ""),
        (
            {"exact": "a <b> & c"},
            '<blockquote class="passage" dir="auto">a &lt;b&gt; &amp; c <small lang="en">On an earlier version of the article'
            "</small></blockquote>",
        ),
        (
            {"exact": "a <b>", "mark": "p-7"},
            '<blockquote class="passage" dir="auto"><a href="#p-7">a &lt;b&gt;</a> <small lang="en">On a passage in the article'
            "</small></blockquote>",
        ),
    ],
)
def test_a_comment_quotes_its_passage(anchor, shown):
    assert render.passage(anchor) == shown
    assert f"</header>{shown}<div" in drawn(row(1, anchor=anchor))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=30))
def test_any_order_of_depths_gives_whole_html(depths):
    rows = [row(pk, *range(1, depth + 1), root_id=pk - depth) for pk, depth in enumerate(depths, 1)]
    check(drawn(*rows))
    check(str(render.thread(rows, can_reply=True, folded={row.root_id: 3 for row in rows})))
