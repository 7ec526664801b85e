from django.template import Context, Template
from django.test import RequestFactory

from articles import parts
from articles.models import Article
from articles.richtext.paragraphs import linked


def request():
    return RequestFactory().get("/")


def test_what_waits_is_put_in_its_place():
    asked = request()
    one, two = parts.later(asked, "<b>one</b>"), parts.later(asked, "<i>two</i>")
    page = Template("<p>{{ two }}</p><p>{{ one }}</p>").render(Context({"one": one, "two": two}))
    assert parts.fill_in(asked, page) == "<p><i>two</i></p><p><b>one</b></p>"


def test_a_page_without_any_stays_as_it_is():
    assert parts.fill_in(request(), "<p>x</p>") == "<p>x</p>"


def test_requests_do_not_share_what_waits():
    one, two = request(), request()
    assert parts.later(one, "<b>one</b>") == parts.later(two, "<b>two</b>")
    assert parts.fill_in(two, parts.PLACE.format(0)) == "<b>two</b>"


def test_a_function_is_asked_once_the_rest_is_drawn():
    asked, known = request(), []
    place = parts.later(asked, lambda: f"<b>{len(known)}</b>")
    known.append("drawn")
    assert parts.fill_in(asked, place) == "<b>1</b>"


def test_a_filter_may_give_the_body_otherwise(monkeypatch):
    article = Article(html="<p>Words</p>")
    monkeypatch.setattr(parts, "body_filters", [lambda request, article: None])
    asked = request()
    assert parts.fill_in(asked, parts.body(asked, article)) == linked("<p>Words</p>")
    monkeypatch.setattr(parts, "body_filters", [lambda request, article: article.html.upper(), lambda request, article: None])
    assert parts.fill_in(asked, parts.body(asked, article)) == "<P>WORDS</P>"


def test_a_place_cannot_be_guessed():
    assert len(parts.PLACE) > 32
