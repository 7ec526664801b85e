import json
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from articles import publishing, revisions
from comments import feeds as of_comments
from comments import moderation, passages
from comments.anchors import Quote
from comments.models import Comment
from site_config import pages
from site_config.lib import feeds
from tests import feed_rules
from tests.comments.making import make_comment, queries
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
THR = "{http://purl.org/syndication/thread/1.0}in-reply-to"
BODY = "<p>Neither claim is <em>silly</em> &amp; neither is free.</p>"
KINDS = {"atom": "", "rss": "rss/", "json": "json/"}


@pytest.fixture
def moderator(db):
    return make_user(permissions=("comments.moderate_comment",))


def read(client, address: str = "/feed/comments/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return feedparser.parse(answer.content)


def names(client, address: str = "/feed/comments/") -> list[str]:
    return [entry.author for entry in read(client, address).entries]


def feed_of(article) -> str:
    return f"/feed/article/{article.pk}/"


def test_it_works(client):
    article = make_article(title="One & two")
    comment = make_comment(article, name="Ines", text="So *it* is < that.")
    for address in ("/feed/comments/", feed_of(article)):
        (entry,) = read(client, address).entries
        assert (entry.title, entry.author) == ("Ines on “One & two”", "Ines")
        assert (entry.link, entry.id) == (
            f"http://testserver/comments/{comment.pk}/",
            f"tag:testserver,2025:comment/{comment.pk}",
        )
        assert entry.content[0].value == "<p>So <em>it</em> is &lt; that.</p>"


def on_a_passage(article, words: str = "silly & neither is free", **options) -> Comment:
    return make_comment(article, anchor=passages.take(article, Quote(words)), **options)


@pytest.mark.parametrize("kind", KINDS)
def test_the_passage_stands_before_the_comment(client, kind):
    article = make_article(body=BODY)
    on_a_passage(article, text="So it is.")
    whole = "<blockquote><p>silly &amp; neither is free</p></blockquote><p>So it is.</p>"
    for place in ("/feed/comments/", feed_of(article)):
        answer = client.get(place + KINDS[kind])
        assert feed_rules.problems(answer.content, f"http://testserver{place}{KINDS[kind]}", kind) == []
        if kind == "json":
            assert json.loads(answer.content)["items"][0]["content_html"] == whole
        else:
            assert feedparser.parse(answer.content).entries[0].content[0].value == whole


def test_a_long_passage_is_shortened(client):
    article = make_article(body=f"<p>{'Many words follow one another. ' * 19}</p>")
    on_a_passage(article, " ".join(["Many words follow one another."] * 19))
    content = read(client).entries[0].content[0].value
    assert "…</p></blockquote><p>Thought" in content
    assert len(content) < 400


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_valid_in_each_format(client, settings, kind):
    settings.COMMENT_MODERATION = "open"
    article = make_article(language="ar", title="]]> <b>&amp; 🦉")
    parent = make_comment(article, name="<i>A</i> & 🦉", text="See https://example.org/?a=1&b=2 or [here](/about/)\n\n> no `x`")
    make_comment(article, parent=parent, name="\u202eB", text="]]> <script>x</script>")
    for place in ("/feed/comments/", feed_of(article)):
        answer = client.get(place + KINDS[kind])
        assert answer.headers["Content-Type"] == f"{feeds.TYPES[kind]}; charset=utf-8"
        assert feed_rules.problems(answer.content, f"http://testserver{place}{KINDS[kind]}", kind) == []
        if kind != "json":
            assert not feedparser.parse(answer.content).bozo
        else:
            assert [item["authors"][0]["name"] for item in json.loads(answer.content)["items"]] == ["\u202eB", "<i>A</i> & 🦉"]


def test_only_what_everybody_sees_is_in_it(client, moderator):
    article = make_article()
    make_comment(article, name="Held", held=True)
    removed = make_comment(article, name="Removed")
    make_comment(article, name="Below", parent=removed)
    moderation.remove(removed, by=moderator)
    for address in ("/feed/comments/", feed_of(article)):
        assert names(client, address) == ["Below"]


def test_an_answer_names_what_it_answers(client, moderator):
    article = make_article()
    root = make_comment(article)
    reply = make_comment(article, parent=root)
    tree = ElementTree.fromstring(client.get(feed_of(article)).content)
    assert [(found.get("ref"), found.get("href")) for found in tree.iter(THR)] == [
        (f"tag:testserver,2025:comment/{root.pk}", f"http://testserver/comments/{root.pk}/"),
        (f"tag:testserver,2025:article/{article.pk}", article.canonical),
    ]
    moderation.remove(root, by=moderator)
    (answered,) = ElementTree.fromstring(client.get(feed_of(article)).content).iter(THR)
    assert answered.get("ref") == f"tag:testserver,2025:article/{article.pk}"
    assert reply.parent_id == root.pk


def test_the_articles_feed_says_where_the_conversation_is(client):
    article = make_article()
    make_comment(article)
    (link,) = [link for link in read(client, "/feed/").entries[0].links if link.rel == "replies"]
    assert (link.href, link["thr:count"]) == (f"http://testserver{feed_of(article)}", "1")
    (item,) = ElementTree.fromstring(client.get("/feed/rss/").content).iter("item")
    assert item.findtext("comments") == f"{article.canonical}#talk"
    assert item.findtext("{http://wellformedweb.org/CommentAPI/}commentRss") == f"http://testserver{feed_of(article)}rss/"
    assert item.findtext("{http://purl.org/rss/1.0/modules/slash/}comments") == "1"


def test_an_article_keeps_its_feed_at_a_new_slug(client):
    article = make_article(slug="old")
    make_comment(article)
    before = read(client, feed_of(article)).entries[0].id
    revisions.save(article, {**revisions.newest_data(article), "slug": "new"}, by=None)
    publishing.publish(article, by=None)
    assert read(client, feed_of(article)).entries[0].id == before


@pytest.mark.parametrize("state", ["off", "page", "unlisted", "withdrawn", "scheduled", "none"])
def test_no_feed_where_there_is_no_conversation_for_all(client, state):
    make = {
        "off": lambda: make_article(comment_policy="off"),
        "page": lambda: make_article(kind="page"),
        "unlisted": lambda: make_article(visibility="unlisted"),
        "withdrawn": lambda: publishing.withdraw(make_article(), by=None),
        "scheduled": lambda: make_article(at=timezone.now() + timedelta(days=1)),
        "none": lambda: None,
    }
    article = make[state]()
    assert client.get(feed_of(article) if article else "/feed/article/99999999999999999999/").status_code == 404
    assert "replies" not in client.get("/feed/").content.decode()


def test_comments_on_what_is_not_listed_are_not_in_the_sites_feed(client):
    make_comment(make_article(visibility="unlisted"))
    assert names(client) == []
    gone = make_article()
    make_comment(gone, name="Ines")
    assert names(client) == ["Ines"]
    publishing.withdraw(gone, by=None)
    assert names(client) == []


def test_a_closed_conversation_is_still_in_it_and_one_that_is_off_is_not(client):
    article = make_article()
    make_comment(article, name="Ines")
    publishing.set_comment_policy(article, "closed", by=None)
    assert names(client) == names(client, feed_of(article)) == ["Ines"]
    publishing.set_comment_policy(article, "off", by=None)
    assert names(client) == []


def test_an_edit_moves_the_entry(client, frozen):
    article = make_article()
    comment = make_comment(article)
    before = read(client).entries[0]
    frozen.shift(timedelta(hours=1))
    with pages.changing(f"article:{article.pk}", "lists"):
        Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now())
    after = read(client).entries[0]
    assert after.updated > before.updated
    assert (after.id, after.published) == (before.id, before.published)


@pytest.mark.parametrize("of", ["site", "article"])
def test_older_comments_are_in_the_next_part(client, of, monkeypatch, frozen):
    monkeypatch.setattr(of_comments, "LONGEST", 2)
    article, seen = make_article(), []
    for number in range(5):
        make_comment(article, name=f"N{number}")
        frozen.shift(timedelta(minutes=1))
    place = "/feed/comments/" if of == "site" else feed_of(article)
    while place:
        content = client.get(place).content
        assert feed_rules.problems(content, f"http://testserver{place}", "atom") == []
        parsed = feedparser.parse(content)
        seen += [entry.author for entry in parsed.entries]
        place = next((link.href.removeprefix("http://testserver") for link in parsed.feed.links if link.rel == "next"), None)
    assert seen == [f"N{number}" for number in range(4, -1, -1)]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "١"])
@pytest.mark.parametrize("of", ["site", "article"])
def test_odd_cursors_are_not_found(client, cursor, of):
    place = "/feed/comments/" if of == "site" else feed_of(make_article())
    assert client.get(place, {"before": cursor}).status_code == 404


@pytest.mark.parametrize("of", ["site", "article"])
def test_queries_do_not_grow(client, of):
    article = make_article(body=BODY)
    root = make_comment(article)
    place = "/feed/comments/" if of == "site" else feed_of(article)
    one = queries(client, place)
    for _ in range(3):
        on_a_passage(article if of == "article" else make_article(body=BODY))
        make_comment(article, parent=root)
    assert queries(client, place) == one <= 3


def test_a_new_comment_is_in_both_at_once(client):
    article = make_article()
    assert names(client) == names(client, feed_of(article)) == []
    make_comment(article, name="Ines")
    assert names(client) == names(client, feed_of(article)) == ["Ines"]


def test_a_reader_that_has_it_gets_304(client):
    article = make_article()
    make_comment(article)
    tag = client.get(feed_of(article)).headers["ETag"]
    assert client.get(feed_of(article), headers={"if-none-match": tag}).status_code == 304
