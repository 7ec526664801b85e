import pytest

from articles.models import Article, Image
from articles.richtext import alternatives, article_ids, image_ids
from articles.richtext.references import is_number


def test_images_and_articles_of_a_body():
    body = '<p><img data-image="3"><img alt="" data-image="12"><a data-article="7">a</a><a href="/x/">b</a></p>'
    assert image_ids(body) == {3, 12}
    assert article_ids(body) == {7}


@pytest.mark.parametrize("number", ["0", "7", "9" * 18])
def test_numbers(number):
    assert is_number(number)


@pytest.mark.parametrize("number", [None, "", "-1", "+1", "1.0", "²", "٣", " 1", "1\n", "9" * 19])
def test_what_is_no_number(number):
    assert not is_number(number)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 100])
def test_a_text_that_looks_like_a_reference_breaks_no_database(number):
    """`data-image="…"` may stand in the words of an article about this site."""
    body = f'<p>data-image="{number}" data-article="{number}"</p>'
    assert Image.objects.pictures(image_ids(body)) == {}
    assert not Article.objects.filter(pk__in=article_ids(body)).exists()


def test_the_texts_that_stand_for_an_image():
    body = '<figure><img alt="A &amp; b" data-image="7"></figure><figure><img alt="" data-image="7"></figure><figure><img alt="c" data-image="77"></figure>'
    assert alternatives(body, 7) == ["A & b"]
    assert alternatives(body, 8) == []
