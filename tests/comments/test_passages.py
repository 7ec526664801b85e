"""A comment on a passage: taken, stored, shown, and found again."""

import re

import pytest
from django.db import OperationalError

from articles import publishing, revisions
from comments import moderation, passages, threads, tokens, views
from comments.anchors import Quote
from comments.models import Comment
from tests.comments.making import errors_of, form_in, generation, make_comment, one_comment, queries, send, text_of, typed
from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODY = (
    "<h2>Who pays</h2><p>Neither claim is silly, and <em>neither is free</em> of self-interest.</p>"
    "<p>A model nobody can inspect is a model nobody can trust, or so the letter says.</p><ul><li>One point</li></ul>"
)
TRUST = {"exact": "nobody can inspect is a model nobody can trust", "prefix": "A model ", "suffix": ", or so"}
CLAIM = {"exact": "silly, and neither is free", "prefix": "Neither claim is ", "suffix": " of self-interest."}


def on(article, quote=None, **options) -> Comment:
    """A comment on these words of the article."""
    anchor = passages.take(article, Quote(**(quote or TRUST)))
    return make_comment(article, anchor=anchor, **options)


def page_of(client, article, query: str = "") -> str:
    answer = client.get(article.get_absolute_url() + query)
    assert answer.status_code == 200
    return text_of(answer)


def rewrite(article, body: str) -> None:
    revisions.save(article, {**revisions.newest_data(article), "body": body}, by=None)
    publishing.publish(article, by=None)


@pytest.fixture
def article():
    return make_article(body=BODY)


def test_it_works(client, article):
    answer = send(client, article, about="1", **TRUST)
    assert answer.status_code == 303
    comment = Comment.objects.get()
    assert comment.anchor == {
        "type": "TextQuoteSelector",
        "exact": TRUST["exact"],
        "prefix": "claim is silly, and neither is free of self-interest. A model ",
        "suffix": ", or so the letter says. One point",
    }
    assert comment.passage == TRUST["exact"]
    page = page_of(client, article)
    assert f'A model <mark class="noted" id="p-{comment.pk}">{TRUST["exact"]}</mark><a class="notes"' in page
    assert f'href="#c-{comment.pk}" lang="en" aria-label="1 comment on this passage">1</a>, or so' in page
    said = one_comment(page, comment.pk)
    assert f'<blockquote class="passage" dir="auto"><a href="#p-{comment.pk}">{TRUST["exact"]}</a>' in said
    assert "On a passage in the article" in said


# --- on the way in -------------------------------------------------------------------------------------------------------


def test_a_comment_on_the_whole_article_has_none(client, article):
    assert send(client, article, exact="", prefix="", suffix="", about="1").status_code == 303
    comment = Comment.objects.get()
    assert comment.anchor is None
    assert comment.passage == ""
    assert "passage" not in one_comment(page_of(client, article), comment.pk)


def test_the_form_in_a_kept_page_names_no_passage(client, article):
    form = form_in(page_of(client, article))
    assert 'class="field about" data-passage="600" hidden' in form
    assert 'id="id_about">' in form
    for name in ("exact", "prefix", "suffix"):
        assert f'<input type="hidden" name="{name}" value="">' in form


def test_a_box_that_is_not_ticked_leaves_the_passage_out(client, article):
    send(client, article, **TRUST)
    assert Comment.objects.get().anchor is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"exact": "model  nobody\tcan INSPECT is a model"}, "model nobody can inspect is a model"),
        ({"exact": "odel nobody can inspec", "prefix": "A m", "suffix": "t is"}, "model nobody can inspect"),
        (
            {"exact": "A model no-one can inspect is a model nobody can trust"},
            "A model nobody can inspect is a model nobody can trust",
        ),
        ({"exact": "nobody can inspect is a model\x00 nobody\u0007"}, "nobody can inspect is a model nobody"),
        ({**CLAIM, "exact": "silly, and\nneither is free"}, "silly, and neither is free"),
    ],
)
def test_what_is_stored_are_the_words_of_the_article(client, article, sent, kept):
    assert send(client, article, about="1", **sent).status_code == 303
    assert Comment.objects.get().passage == kept


@pytest.mark.parametrize(
    ("exact", "sentence"),
    [
        ("Words that stand nowhere in the article at all", "not in the article any more"),
        ("x" * 601, "has 601 characters, and 600 is the most"),
        ("…—…", "Choose at least one word"),
    ],
)
def test_what_cannot_be_found_is_said_and_nothing_is_lost(client, article, exact, sentence):
    answer = send(client, article, about="1", exact=exact, text="I thought long about this.")
    assert answer.status_code in {400, 409}
    assert sentence in " ".join(errors_of(answer))
    assert typed(answer) == "I thought long about this."
    assert exact in form_in(text_of(answer))
    assert not Comment.objects.exists()


def test_the_form_goes_on_with_the_passage_through_preview_and_errors(client, article):
    for fields in ({"preview": "1"}, {"text": ""}, {"token": "other"}):
        form = form_in(text_of(send(client, article, about="1", **TRUST, **fields)))
        assert f'<blockquote class="passage" dir="auto">{TRUST["exact"]}</blockquote>' in form
        assert f'<input type="hidden" name="exact" value="{TRUST["exact"]}">' in form
        assert 'id="id_about" checked>' in form
        assert 'class="field about" data-passage="600">' in form


def test_with_the_database_away_the_passage_comes_back_with_the_text(client, article, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(views, "post_comment", fail)
    answer = send(client, article, about="1", **TRUST)
    assert answer.status_code == 503
    assert f'<input type="hidden" name="exact" value="{TRUST["exact"]}"' in text_of(answer)
    assert 'class="field about" data-passage="600">' in text_of(answer)


def test_hostile_words_stay_words(client, article):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = text_of(send(client, article, about="1", exact=evil, prefix=evil, suffix=evil))
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_same_words_on_two_passages_are_two_comments_and_sent_again_one(client, article):
    said = {"name": "Ines", "text": "Is that so?", "network": "192.0.2.1", "about": "1"}
    for quote in (TRUST, CLAIM, TRUST):
        assert send(client, article, **said, **quote).status_code == 303
    assert Comment.objects.count() == 2


def test_a_reply_has_no_passage(client, article):
    parent = on(article)
    assert send(client, parent, about="1", **TRUST).status_code == 303
    assert Comment.objects.get(parent=parent).anchor is None
    page = text_of(client.get(f"/comments/{parent.pk}/reply/"))
    assert "data-passage" not in page
    assert f'<blockquote class="passage" dir="auto">{TRUST["exact"]}</blockquote>' in page


# --- without script ------------------------------------------------------------------------------------------------------


def test_paragraphs_can_be_chosen(client, article):
    assert f'href="/comments/on/{article.pk}/passages/"' in page_of(client, article)
    page = text_of(client.get(f"/comments/on/{article.pk}/passages/"))
    links = re.findall(r'href="(/comments/on/\d+/\?passage=[^"]+)"', page)
    assert len(links) == 3
    form = form_in(text_of(client.get(links[1])))
    assert "A model nobody can inspect is a model nobody can trust, or so the letter says.</blockquote>" in form
    assert 'data-passage="600" hidden' not in form


def test_a_paragraph_is_found_at_another_place_and_missed_where_it_is_gone(client, article):
    name, quote = passages.choices(article)[1]
    rewrite(article, f"<p>Before it.</p>{BODY}")
    assert passages.chosen(article, name) == passages.choices(article)[2][1]
    assert passages.chosen(article, name).exact == quote.exact
    rewrite(article, "<p>Something else.</p>")
    for odd in (name, "", "1", "x-", "-", "9" * 5000):
        assert passages.chosen(article, odd) is None
        page = text_of(client.get(f"/comments/on/{article.pk}/", {"passage": odd}))
        assert "not in the article any more, or was rewritten" in page
        assert "<textarea" in page


@pytest.mark.parametrize("state", ["closed", "off", "withdrawn", "none"])
def test_where_nobody_can_comment_nothing_can_be_chosen(client, article, state):
    if state == "withdrawn":
        publishing.withdraw(article, by=None)
    elif state != "none":
        publishing.set_comment_policy(article, state, by=None)
    answer = client.get(f"/comments/on/{article.pk if state != 'none' else 2**70}/passages/")
    assert answer.status_code == {"closed": 200, "off": 404, "withdrawn": 410, "none": 404}[state]
    assert "?passage=" not in text_of(answer)


def test_an_article_without_paragraphs_says_so(client):
    article = make_article(body="<h2>Only a heading</h2>")
    assert "has no paragraphs to choose from" in text_of(client.get(f"/comments/on/{article.pk}/passages/"))


# --- on the page ---------------------------------------------------------------------------------------------------------


def test_only_what_readers_see_is_marked(client, article, editor):
    held, comment = on(article, held=True), on(article, CLAIM)
    page = page_of(client, article)
    assert f'id="p-{comment.pk}"' in page
    assert f'id="p-{held.pk}"' not in page
    moderation.remove(comment, by=editor)
    assert "noted" not in page_of(client, article)
    moderation.approve(held, by=editor)
    assert f'id="p-{held.pk}"' in page_of(client, article)


def test_the_writer_of_a_held_comment_sees_its_passage_marked(client, article):
    held = on(article, held=True)
    page = page_of(client, article, f"?c={tokens.own_token(held.pk)}")
    assert f'id="p-{held.pk}"' in page
    assert f'<a href="#p-{held.pk}">' in one_comment(page, held.pk)


def test_from_another_page_of_the_thread_the_mark_is_there_too(client, article, monkeypatch):
    monkeypatch.setattr(threads, "SIZE", 2)
    first = on(article)
    for _ in range(3):
        make_comment(article)
    last = on(article, CLAIM)
    page = text_of(client.get(threads.address(last).partition("#")[0]))
    assert f'<a href="#p-{last.pk}">' in one_comment(page, last.pk)
    assert f'id="p-{last.pk}"' in page
    assert f'<a class="notes" href="/comments/{first.pk}/" rel="nofollow"' in page
    assert f'<a class="notes" href="#c-{last.pk}"' in page


def test_where_comments_are_off_nothing_is_marked(client, article):
    on(article)
    publishing.set_comment_policy(article, "off", by=None)
    assert "noted" not in page_of(client, article)
    publishing.set_comment_policy(article, "closed", by=None)
    assert "noted" in page_of(client, article)


def test_marks_cost_one_query_and_none_where_nobody_has_commented(client):
    silent, one, many = make_article(body=BODY), make_article(body=BODY), make_article(body=BODY)
    make_comment(one)
    for number in range(9):
        on(many, CLAIM if number % 2 else TRUST)
    page_of(client, silent)
    without = queries(client, f"{silent.get_absolute_url()}?a=1")
    assert queries(client, f"{one.get_absolute_url()}?a=1") == without + 1
    assert queries(client, f"{many.get_absolute_url()}?a=1") == without + 1


def test_a_heading_cannot_have_the_id_of_a_passage(client):
    article = make_article(body=f"<h2>P 1</h2>{BODY}")
    assert 'id="section-p-1"' in page_of(client, article)


# --- after an edit -------------------------------------------------------------------------------------------------------


def test_the_passage_is_found_again_or_said_to_be_of_an_earlier_version(client, article):
    comment = on(article)
    before = generation(f"article:{article.pk}")
    rewrite(article, BODY.replace("nobody can trust", "nobody should trust"))
    assert generation(f"article:{article.pk}") > before
    page = page_of(client, article)
    assert f'<mark class="noted" id="p-{comment.pk}">nobody can inspect is a model nobody should trust</mark>' in page
    rewrite(article, "<p>Something else.</p>")
    page = page_of(client, article)
    assert "noted" not in page
    said = one_comment(page, comment.pk)
    assert f'<blockquote class="passage" dir="auto">{TRUST["exact"]} <small lang="en">On an earlier version' in said
    rewrite(article, BODY)
    page = page_of(client, article)
    assert f'<a href="#p-{comment.pk}">{TRUST["exact"]}</a>' in one_comment(page, comment.pk)
    assert f'<mark class="noted" id="p-{comment.pk}">{TRUST["exact"]}</mark>' in page
