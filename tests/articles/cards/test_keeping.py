from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from articles import images, publishing, revisions
from articles.cards import keeping
from articles.models import Article, Card
from site_config.jobs.models import Job
from site_config.jobs.runner import run_due
from site_config.pages.models import Generation
from tests.factories import make_article, make_draft, make_image, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten_default():
    keeping.name_of_default.cache_clear()
    yield
    keeping.name_of_default.cache_clear()


def is_stored(name: str) -> bool:
    return default_storage.exists(f"{name[:2]}/{name}")


def image_of(client, article: Article) -> str:
    page = client.get(article.get_absolute_url()).content.decode()
    address = page.split('property="og:image" content="', 1)[1].split('"', 1)[0]
    assert address.startswith("http://testserver/media/")
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="630">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    return address.rpartition("/")[2]


def card_of(article: Article) -> Card:
    return Card.objects.get(article=article)


def retitle(article: Article, **changes) -> None:
    revisions.save(article, {**revisions.newest_data(article), **changes}, by=None)
    publishing.publish(article, by=None)


def test_it_works(client):
    """The site's card until the article's is drawn, and then that."""
    article = make_article(title="One", tags=["Press"])
    default = keeping.name_of_default()
    assert image_of(client, article) == default
    assert is_stored(default)
    before = Generation.objects.get(subject=f"article:{article.pk}").number
    run_due()
    own = image_of(client, article)
    assert own == card_of(article).name != default
    assert is_stored(own)
    assert Generation.objects.get(subject=f"article:{article.pk}").number == before + 1


def test_the_page_asks_for_it_without_a_query_more(client, django_assert_max_num_queries):
    article = make_article()
    run_due()
    image_of(client, article)
    with django_assert_max_num_queries(8):
        image_of(client, article)


def test_what_is_not_another_is_not_drawn_anew(monkeypatch):
    article = make_article(title="One")
    run_due()
    card = card_of(article)
    monkeypatch.setattr(keeping.drawing, "draw", None)
    retitle(article, body="<p>Other words.</p>")
    run_due()
    assert card_of(article) == card
    assert (card_of(article).key, card_of(article).name) == (card.key, card.name)


def names_after(article: Article, act) -> tuple[str, str]:
    """The names of the card before and after."""
    run_due()
    before = card_of(article).name
    act()
    run_due()
    return before, card_of(article).name


class TestWhatMakesItAnother:
    def test_the_title(self):
        article = make_article(title="One")
        before, after = names_after(article, lambda: retitle(article, title="Two"))
        assert before != after

    def test_the_byline(self):
        article, user = make_article(), make_user(display_name="Ada")
        before, after = names_after(article, lambda: retitle(article, bylines=[user.pk]))
        assert before != after

    def test_an_authors_name(self):
        user = make_user(display_name="Ada")
        article = make_article(bylines=[user.pk])

        def rename():
            user.display_name = "Grace"
            user.save()

        before, after = names_after(article, rename)
        assert before != after

    def test_the_lead_image(self):
        article = make_article()
        before, after = names_after(article, lambda: retitle(article, image=make_image().pk))
        assert before.endswith(".png")
        assert after.endswith(".jpg")

    def test_what_matters_in_it(self):
        image = make_image(size=(1600, 400))
        article = make_article(image=image.pk)
        run_due()
        before = card_of(article).key
        images.describe(image, by=None, focal_x=90)
        run_due()
        assert card_of(article).key != before

    def test_the_sites_name(self, settings):
        article = make_article()
        default = keeping.name_of_default()

        def rename():
            settings.SITE_NAME = "The Paper"
            keeping.draw_outdated()

        before, after = names_after(article, rename)
        assert before != after
        assert Card.objects.get(article=None).name != default

    def test_the_design(self, monkeypatch):
        article = make_article()
        run_due()
        before = card_of(article).key
        monkeypatch.setattr(keeping.drawing, "VERSION", 99)
        assert keeping.draw_outdated() == 1
        run_due()
        assert card_of(article).key != before
        assert keeping.draw_outdated() == 0


class TestOldFiles:
    def test_an_older_card_stays_for_a_while(self, frozen):
        article = make_article(title="One")
        before, after = names_after(article, lambda: retitle(article, title="Two"))
        frozen.shift(keeping.GRACE - timedelta(minutes=1))
        run_due()
        assert is_stored(before)
        frozen.shift(timedelta(minutes=2))
        run_due()
        assert not is_stored(before)
        assert is_stored(after)

    def test_not_what_is_a_card_again(self, frozen):
        article = make_article(title="One")
        before, _ = names_after(article, lambda: retitle(article, title="Two"))
        retitle(article, title="One")
        run_due()
        frozen.shift(keeping.GRACE + timedelta(minutes=1))
        run_due()
        assert card_of(article).name == before
        assert is_stored(before)

    def test_of_what_is_withdrawn_no_card_stays(self, client):
        article = make_article(title="One")
        run_due()
        name = card_of(article).name
        publishing.withdraw(article, by=None)
        run_due()
        assert not Card.objects.filter(article=article).exists()
        assert not is_stored(name)
        publishing.restore(article, by=None)
        run_due()
        assert image_of(client, article) == name


def test_a_scheduled_article_has_its_card_before_its_time(client, frozen):
    article = make_article(title="Soon", at=timezone.now() + timedelta(hours=1))
    run_due()
    frozen.shift(timedelta(hours=1))
    assert image_of(client, article) == card_of(article).name


def test_cards_of_another_design_are_drawn_one_by_one(frozen):
    """So that other jobs come in between; the newest article first."""
    articles = [make_article() for _ in range(3)]
    Job.objects.all().delete()
    assert keeping.draw_outdated() == 3
    assert keeping.draw_outdated() == 3
    waiting = list(
        Job.objects.filter(task=keeping.draw_card.module_path).order_by("run_at").values_list("arguments", flat=True)
    )
    assert [one["args"] for one in waiting] == [[article.pk] for article in reversed(articles)]
    run_due()
    assert Card.objects.exclude(article=None).count() == 1
    frozen.shift(2 * keeping.PACE)
    run_due()
    assert Card.objects.exclude(article=None).count() == 3


def test_the_sites_own_is_drawn_once(django_assert_num_queries, monkeypatch):
    keeping.draw_default()
    monkeypatch.setattr(keeping.drawing, "draw", None)
    keeping.draw_default()
    name = Card.objects.get(article=None).name
    with django_assert_num_queries(1):
        assert keeping.name_of_default() == name
    with django_assert_num_queries(0):
        keeping.name_of_default()


def test_looking_takes_few_queries(django_assert_num_queries):
    keeping.draw_default()
    for _ in range(3):
        make_article(bylines=[make_user().pk])
    run_due()
    with django_assert_num_queries(4):
        assert keeping.draw_outdated() == 0


def test_a_job_for_an_article_that_is_gone():
    keeping.draw_card.call(12345)
    draft = make_draft()
    keeping.draw_card.call(draft.pk)
    assert not Card.objects.filter(article=draft).exists()
