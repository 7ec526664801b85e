import pytest

from comments import joining, moderation, threads
from site_config.lib.feeds import ATOM
from tests.comments.making import make_comment, queries
from tests.factories import make_article, make_user
from tests.schemaorg import blocks_of, problems

pytestmark = pytest.mark.django_db


def told(client, article, query: str = "") -> dict:
    return blocks_of(client.get(article.get_absolute_url() + query).content.decode())[0]


def test_the_first_page_of_comments_is_told_by_the_vocabulary(client, settings):
    settings.COMMENT_MODERATION = "open"
    article = make_article()
    root = make_comment(article, name='In "es" </script>', text="So *it* is\u2028 & that.\n\n- one\n- two")
    reply = make_comment(article, parent=root, text="Yes.")
    found = told(client, article)
    assert problems(found) == []
    assert found["commentCount"] == found["interactionStatistic"]["userInteractionCount"] == 2
    assert found["comment"] == [
        {
            "@type": "Comment",
            "@id": f"http://testserver/comments/{root.pk}/",
            "text": "So it is & that.\none\ntwo",
            "dateCreated": root.created_at.isoformat(),
            "author": {"@type": "Person", "name": 'In "es" </script>'},
        },
        {
            "@type": "Comment",
            "@id": f"http://testserver/comments/{reply.pk}/",
            "text": "Yes.",
            "dateCreated": reply.created_at.isoformat(),
            "author": {"@type": "Person", "name": reply.name},
            "parentItem": {"@type": "Comment", "@id": f"http://testserver/comments/{root.pk}/"},
        },
    ]


def test_only_what_everybody_sees_is_told(client):
    article = make_article()
    make_comment(article, name="Held", held=True)
    removed = make_comment(article, name="Removed", text="Unsaid.")
    make_comment(article, parent=removed)
    moderation.remove(removed, by=make_user(permissions=("comments.moderate_comment",)))
    page = client.get(article.get_absolute_url()).content.decode()
    assert len(blocks_of(page)[0]["comment"]) == 1
    assert "Unsaid." not in page


def test_an_article_without_comments_tells_their_number(client):
    found = told(client, make_article())
    assert (found["commentCount"], "comment" in found) == (0, False)
    assert problems(found) == []


@pytest.mark.parametrize("fields", [{"comment_policy": "off"}, {"kind": "page"}])
def test_where_there_is_no_conversation_nothing_is_told(client, fields):
    assert "commentCount" not in told(client, make_article(**fields))


def test_other_orders_tell_nothing(client):
    article = make_article()
    make_comment(article)
    assert "comment" not in told(client, article, "?sort=newest")


def test_it_takes_no_query(client):
    article = make_article()
    make_comment(article)
    before = queries(client, article.get_absolute_url())
    for _ in range(3):
        make_comment(article)
    assert queries(client, article.get_absolute_url()) == before <= 7
    article.refresh_from_db()
    rows = threads.page(article).rows
    assert joining.facts(article, rows).count('"@type":"Comment"') == 4


def test_the_page_names_the_feed_of_its_comments(client):
    article = make_article()
    address = f"http://testserver/feed/article/{article.pk}/"
    answer = client.get(article.get_absolute_url())
    assert joining.feed_address(article, ATOM) == address
    assert f'type="application/atom+xml" title="Comments on “{article.title}”" href="{address}"' in answer.content.decode()
    assert f'<{address}>; rel="alternate"; type="application/atom+xml"' in answer.headers["Link"]
    assert client.get(make_article(comment_policy="off").get_absolute_url()).content.decode().count("Comments on") == 0


def test_the_page_was_changed_by_the_last_comment(client, frozen):
    article = make_article()
    frozen.shift(3600)
    make_comment(article)
    assert client.get(article.get_absolute_url()).headers["Last-Modified"] == "Sat, 15 Feb 2025 13:00:00 GMT"
