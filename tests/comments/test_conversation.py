import re
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import publishing
from comments import moderation, placing, threads, tokens
from comments.templatetags.conversation import blank_form, drawn_form
from tests.comments.making import form_in, ids_in, make_comment, one_comment, queries, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def page_of(client, article, query: str = "") -> str:
    answer = client.get(article.get_absolute_url() + query)
    assert answer.status_code == 200
    return text_of(answer)


def test_it_works(client):
    article = make_article()
    comment = make_comment(article, name="Ines")
    page = page_of(client, article)
    assert '<section class="sheet talk" id="talk" aria-labelledby="talk-title">' in page
    assert "The conversation <small>1 comment</small>" in page
    assert ids_in(page) == [comment.pk]
    assert 'Reply<span class="vh"> to Ines</span>' in one_comment(page, comment.pk)


def test_before_the_first_comment_it_says_what_will_be_there(client):
    page = page_of(client, make_article())
    assert "Nobody has written yet" in page
    assert "no comments yet" in page
    assert 'aria-label="Sort comments"' not in page


@pytest.mark.parametrize("sort", ["newest", "picks"])
def test_sorted_anyhow_nothing_is_no_end_of_anything(client, sort):
    article = make_article()
    page = page_of(client, article, f"?sort={sort}")
    assert "Nobody has written yet" in page
    publishing.set_comment_policy(article, "closed", by=None)
    page = page_of(client, article, f"?sort={sort}")
    for words in ("Nobody has written yet", "No picks yet", "No more comments"):
        assert words not in page


@pytest.mark.parametrize("kind", ["off", "page"])
def test_where_comments_are_off_there_is_nothing(client, kind):
    article = make_article(comment_policy="off") if kind == "off" else make_article(kind="page")
    page = page_of(client, article)
    assert 'id="talk"' not in page
    assert "talk.js" not in page


# --- before writing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("open", None),
        ("links", "A first comment with a link is read before it appears."),
        ("first", "A first comment is read before it appears."),
        ("all", "Every comment is read before it appears."),
    ],
)
def test_the_rules_say_what_is_held(client, settings, mode, words):
    settings.COMMENT_MODERATION = mode
    page = page_of(client, make_article())
    assert (words in page) if words else ("read before it appears" not in page)


def test_a_conversation_that_closes_says_when_and_closes_by_itself(client, settings, frozen):
    settings.COMMENT_CLOSE_DAYS = 10
    article = make_article()
    make_comment(article)
    page = page_of(client, article)
    assert "Comments close on 25 February 2025." in page
    assert "<textarea" in page
    frozen.shift(timedelta(days=10))
    page = page_of(client, article)
    assert "The conversation closed on 25 February 2025." in page
    assert "<textarea" not in page
    assert "/reply/" not in page
    assert len(ids_in(page)) == 1


@pytest.mark.parametrize("how", ["article", "everywhere"])
def test_a_closed_conversation_can_be_read(client, settings, how):
    article = make_article()
    comment = make_comment(article)
    if how == "article":
        publishing.set_comment_policy(article, "closed", by=None)
    else:
        settings.COMMENTS_OPEN = False
    page = page_of(client, article)
    assert "closed" in page
    assert ids_in(page) == [comment.pk]
    assert "<form" not in page.partition('id="talk"')[2]
    assert "/reply/" not in page


def test_a_closed_conversation_in_which_nothing_was_said_has_no_rules_for_writing(client):
    article = make_article()
    assert "Before you write" in page_of(client, article)
    publishing.set_comment_policy(article, "closed", by=None)
    page = page_of(client, article)
    assert "closed" in page
    assert "Before you write" not in page
    assert "What has been said can still be read." not in page


# --- the form in a kept page ----------------------------------------------------------------------------------------------


def test_the_form_is_the_same_for_every_reader_and_carries_nothing_of_them(client):
    article = make_article()
    one, two = page_of(client, article), page_of(client, article, "?utm_source=x")
    assert form_in(one) == form_in(two)
    form = form_in(one)
    assert f'action="/comments/on/{article.pk}/"' in form
    assert tokens.form_token(article.pk, None) in form
    assert "csrfmiddlewaretoken" not in form
    assert "__" not in form.replace(tokens.form_token(article.pk, None), "")


def test_the_forms_of_two_articles_differ_in_address_and_token_alone(client):
    one, two = make_article(), make_article()
    first, second = form_in(page_of(client, one)), form_in(page_of(client, two))
    moved = first.replace(f"/on/{one.pk}/", f"/on/{two.pk}/")
    assert moved.replace(tokens.form_token(one.pk, None), tokens.form_token(two.pk, None)) == second


def test_the_form_is_drawn_once(client):
    drawn_form.cache_clear()
    blank_form.cache_clear()
    for _ in range(3):
        page_of(client, make_article())
    assert drawn_form.cache_info().misses == 1


def test_every_field_has_a_label_and_its_hint(client):
    form = form_in(page_of(client, make_article()))
    for field in ("name", "text", "email", "website"):
        assert f'<label for="id_{field}">' in form
    assert 'aria-describedby="id_text_helptext"' in form
    assert 'id="id_text_helptext"' in form
    assert 'maxlength="4000"' in form
    assert re.search(r'<div class="vh" aria-hidden="true">.*tabindex="-1"', form)


def test_staff_see_who_they_write_as(client):
    client.force_login(make_user(display_name="Technology desk"))
    page = page_of(client, make_article())
    assert "You write as <strong>Technology desk</strong>" in page
    assert 'name="name"' not in page
    assert "csrfmiddlewaretoken" in form_in(page.partition('id="talk"')[2])


# --- orders and pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(threads, "SIZE", 2)
    monkeypatch.setattr(placing, "FOLD", 0)


def test_the_orders(client, editor):
    article = make_article()
    one, two, three = [make_comment(article) for _ in range(3)]
    moderation.pick(two, by=editor)
    assert ids_in(page_of(client, article)) == [one.pk, two.pk, three.pk]
    assert ids_in(page_of(client, article, "?sort=oldest")) == [one.pk, two.pk, three.pk]
    assert ids_in(page_of(client, article, "?sort=newest")) == [three.pk, two.pk, one.pk]
    picks = page_of(client, article, "?sort=picks")
    assert ids_in(picks) == [two.pk]
    assert 'aria-current="true">Editor’s picks' in picks
    assert "Editor’s pick</p>" in one_comment(picks, two.pk)


def test_without_picks_it_says_so(client):
    article = make_article()
    make_comment(article)
    assert "No picks yet" in page_of(client, article, "?sort=picks")


@pytest.mark.parametrize("sort", ["oldest", "newest", "picks"])
def test_the_links_lead_through_every_page(client, editor, small, sort):
    article = make_article()
    made = [make_comment(article) for _ in range(5)]
    for comment in made:
        moderation.pick(comment, by=editor)
    query, found = f"?sort={sort}", []
    for _ in range(3):
        page = page_of(client, article, query)
        found += ids_in(page)
        link = re.search(r'<a href="(\?[^"]+)#talk" rel="next">', page)
        query = link[1].replace("&amp;", "&") if link else ""
    assert query == ""
    assert found == [comment.pk for comment in (made[::-1] if sort == "newest" else made)]
    assert {"oldest": "← First comments", "newest": "← Newest comments", "picks": "← First picks"}[sort] in page


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=", "?after=1000000000", "?after=-1", "?sort=best", "?sort=", "?after=1%00"]
)
def test_odd_addresses_are_not_found(client, query):
    article = make_article()
    make_comment(article)
    assert client.get(article.get_absolute_url() + query).status_code in {400, 404}


def test_a_cursor_of_another_article_is_not_found(client):
    other = make_comment(make_article())
    assert client.get(f"{make_article().get_absolute_url()}?after={other.pk}").status_code == 404


def test_a_permalink_lands_on_its_comment_on_a_later_page(client, small):
    article = make_article()
    made = [make_comment(article) for _ in range(5)]
    made.append(make_comment(article, parent=made[3]))
    for comment in made:
        where = client.get(f"/comments/{comment.pk}/").headers["Location"]
        path, _, place = where.partition("#")
        assert f'id="{place}"' in text_of(client.get(path))


def test_a_page_costs_the_same_with_one_comment_and_with_a_hundred(client):
    one, many = make_article(), make_article()
    make_comment(one)
    last = make_comment(many)
    for number in range(99):
        last = make_comment(many, parent=last if number % 3 else None)
    page_of(client, one)
    assert queries(client, f"{one.get_absolute_url()}?a=1") == queries(client, f"{many.get_absolute_url()}?a=2")


def test_times_are_absolute_and_the_sites(client, frozen, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.deactivate()
    article = make_article()
    comment = make_comment(article)
    words = '<time datetime="2025-02-15T13:00+01:00">15 February 2025, 13:00</time>'
    assert words in one_comment(page_of(client, article), comment.pk)


def test_what_readers_write_is_escaped_everywhere(client, editor):
    article = make_article()
    evil = '<script>alert("x")</script>&'
    root = make_comment(article, name=evil[:60], text=evil)
    last = root
    for _ in range(6):
        last = make_comment(article, parent=last, name=evil[:60], text=f"{evil} again {last.pk}")
    moderation.pick(root, by=editor)
    for page in (page_of(client, article), text_of(client.get(f"/comments/{last.pk}/reply/"))):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
