from datetime import timedelta

import pytest
from django.utils import timezone

from articles import featuring
from articles.models import Article
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def address(article: Article, view: str = "feature") -> str:
    return f"/admin/articles/article/{article.pk}/{view}/"


def test_it_works(desk):
    old, new = make_article(title="Old"), make_article(title="New")
    assert address(old) in desk.get(address(old, "change")).content.decode()
    assert "“New” is there now" in desk.get(address(old)).content.decode()
    assert featuring.front_page()[0] == new
    assert "Featured." in desk.post(address(old), follow=True).content.decode()
    assert featuring.front_page()[0] == old
    assert address(old, "unfeature") in desk.get(address(old, "change")).content.decode()
    desk.post(address(old, "unfeature"))
    assert featuring.front_page()[0] == new


@pytest.mark.parametrize("view", ["feature", "unfeature"])
def test_it_checks_access(client, view):
    article = featuring.feature(make_article(), by=None)
    for permission, status in {"articles.change_any_article": 403, "articles.publish_article": 302}.items():
        user = make_user(permissions=("articles.change_article", permission))
        client.force_login(user)
        assert client.post(address(article, view)).status_code == status


def test_a_scheduled_one_is_featured_ahead(desk):
    article = make_article(at=timezone.now() + timedelta(days=1))
    assert "from its minute on" in desk.get(address(article)).content.decode()
    desk.post(address(article))
    assert Article.objects.get().featured_at


def test_what_cannot_be_featured_is_explained_and_not_offered(desk):
    draft = make_draft()
    assert address(draft) not in desk.get(address(draft, "change")).content.decode()
    assert "is not public" in desk.post(address(draft), follow=True).content.decode()
