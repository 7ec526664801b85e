import pytest

from articles.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db
HUGE = 99999999999999999999999


def test_numbers_that_no_column_holds_are_equal_to_none():
    article = make_article()
    assert list(Article.objects.filter(pk__in=[HUGE, article.pk, -HUGE])) == [article]
    assert not Article.objects.filter(pk__in=[HUGE]).exists()
    assert list(Article.objects.exclude(pk__in=[HUGE])) == [article]


def test_rows_of_another_query_and_words_are_as_they_were():
    article = make_article()
    assert list(Article.objects.filter(pk__in=Article.objects.values("pk"))) == [article]
    with pytest.raises(ValueError, match="expected a number"):
        list(Article.objects.filter(pk__in=["x"]))


@pytest.mark.parametrize("path", ["articles/article", "articles/image", "comments/comment", "articles/tag"])
def test_an_act_on_rows_that_cannot_be_is_an_act_on_none(desk, path):
    answer = desk.post(f"/admin/{path}/", {"action": "delete_selected", "_selected_action": [str(HUGE)]})
    assert answer.status_code in {200, 302, 404}
