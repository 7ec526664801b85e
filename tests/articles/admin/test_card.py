import io

import pytest
from PIL import Image as Pillow

from articles import revisions, storing
from articles.cards import keeping
from articles.models import Card
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


def address(article) -> str:
    return f"/admin/articles/article/{article.pk}/card/"


def test_it_works(desk):
    """For a draft too, of which nothing is kept."""
    draft = make_draft(title="Not yet")
    answer = desk.get(address(draft))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, no-cache"
    assert Pillow.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert not Card.objects.exists()


@pytest.mark.parametrize("path", ["change", "publish"])
def test_the_pages_of_the_article_show_it(desk, path):
    draft = make_draft()
    page = desk.get(f"/admin/articles/article/{draft.pk}/{path}/").content.decode()
    assert f'src="{address(draft)}"' in page
    assert "How it looks when shared" in page


def test_a_new_article_has_none(desk):
    assert "How it looks when shared" not in desk.get("/admin/articles/article/add/").content.decode()


def test_it_is_of_the_newest_version(desk):
    article = make_article(title="One")
    before = desk.get(address(article))
    assert desk.get(address(article), headers={"If-None-Match": before["ETag"]}).status_code == 304
    revisions.save(article, {**revisions.newest_data(article), "title": "Two"}, by=None)
    after = desk.get(address(article), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_what_it_shows_is_what_readers_get_shared(desk):
    user = make_user(display_name="Ada")
    article = make_article(title="One", bylines=[user.pk], image=make_image().pk)
    keeping.draw_card.call(article.pk)
    assert desk.get(address(article))["ETag"] == f'"{Card.objects.get(article=article).key}"'


def test_it_stands_without_a_picture_whose_file_is_missing(desk):
    image = make_image()
    article = make_draft(image=image.pk)
    assert desk.get(address(article))["Content-Type"] == "image/jpeg"
    storing.drop(image.digest, image.extension)
    assert desk.get(address(article))["Content-Type"] == "image/png"


def test_it_checks_access(client):
    draft = make_draft()
    client.force_login(make_user(permissions=("articles.change_article",)))
    assert client.get(address(draft)).status_code == 403


def test_it_rejects_post(desk):
    assert desk.post(address(make_draft())).status_code == 405
